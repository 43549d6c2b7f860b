"""Files made to cost time or memory, and what is kept of ordinary ones."""

import io
import struct
import subprocess
import sys
import time
import zlib
from collections.abc import Sequence
from pathlib import Path

import pytest
from PIL import Image, ImageFile, features

from alexnet_viz.errors import ImageError
from alexnet_viz.images.decoding import read_image
from alexnet_viz.images.first_picture import MAX_PARTS, MAX_SCANS, first_picture
from tests.support.pictures import GREY, LONG, RATIONAL, RGB, SHORT, png, png_chunk, saved, tiff

NARROW = "\N{NARROW NO-BREAK SPACE}"


def refused_in_words(data: bytes, words: str) -> None:
    """Expect a refusal within a second of this thread; many a file here took Pillow alone many seconds or gigabytes."""
    started = time.thread_time()
    with pytest.raises(ImageError, match=words):
        read_image(data, name="trap")
    assert time.thread_time() - started < 1


def huge_header(format_name: str, width: int, height: int) -> bytes:
    """Return a small file whose header promises so many pixels."""
    data = bytearray(saved(Image.new("RGB", (16, 16)), format_name))
    if format_name == "PNG":
        return png((width, height), 8, RGB, b"\0" * 1000)
    if format_name == "JPEG":
        place = data.index(b"\xff\xc0") + 5
        data[place : place + 4] = struct.pack(">HH", height, width)
    elif format_name == "GIF":
        data[6:10] = struct.pack("<HH", width, height)
    elif format_name == "BMP":
        data[18:26] = struct.pack("<ii", width, -height)
    elif format_name == "AVIF":
        place = data.index(b"ispe") + 8
        data[place : place + 8] = struct.pack(">II", width, height)
    elif format_name == "TIFF":
        return tiff(bytes(100), {256: (LONG, [width]), 257: (LONG, [height])})
    return bytes(data)


FORMATS = ["PNG", "JPEG", "GIF", "BMP", "TIFF"] + (["AVIF"] if features.check("avif") else [])


@pytest.mark.parametrize("format_name", FORMATS)
def test_thirty_thousand_pixels_square_are_refused_before_decoding(
    format_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def decode(*_: object) -> None:
        raise AssertionError("a pixel was decoded")

    monkeypatch.setattr(ImageFile.ImageFile, "load", decode)
    limit = 120 if format_name == "JPEG" else 40  # a JPEG can be read at half its size
    words = f"^trap is 30{NARROW}000 × 30{NARROW}000 pixels; the limit is {limit} million. Shrink it and upload again.$"
    refused_in_words(huge_header(format_name, 30_000, 30_000), words)


@pytest.mark.parametrize("extended", [True, False])
def test_a_huge_webp_is_refused_before_its_canvas_is_made(extended: bool) -> None:
    options = {"save_all": True, "append_images": [Image.new("RGB", (16, 16), "red")]} if extended else {}
    data = bytearray(saved(Image.new("RGB", (16, 16)), "WEBP", lossless=True, **options))
    if extended:
        data[24:30] = struct.pack("<I", 15_999)[:3] * 2
    else:
        data[21:25] = struct.pack("<I", 15_999 | 15_999 << 14)
    refused_in_words(bytes(data), f"^trap is 16{NARROW}000 × 16{NARROW}000 pixels")


def test_the_example_of_the_design() -> None:
    with pytest.raises(ImageError) as caught:
        read_image(huge_header("PNG", 19_000, 12_000), name="cat.png")
    spoken = str(caught.value).replace(NARROW, " ")
    assert spoken == "cat.png is 19 000 × 12 000 pixels; the limit is 40 million. Shrink it and upload again."


MEASURED_IN_A_PROCESS = """
import resource, sys, time
from alexnet_viz.images.decoding import read_image
from alexnet_viz.errors import ImageError

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024**2 if sys.platform == "darwin" else 1024)

read_image(sys.argv[1])
before, started = peak(), time.perf_counter()
try:
    read_image(sys.argv[2])
except ImageError as error:
    print(peak() - before, time.perf_counter() - started, error)
"""


@pytest.mark.slow
def test_a_whole_bomb_costs_neither_memory_nor_time(tmp_path: Path) -> None:
    """The real thing: 112 MB of black pixels in 0.1 MB; a process of its own states what reading it costs."""
    packer = zlib.compressobj(9)
    row = b"\0" * (1 + 30_000 // 8)
    packed = b"".join(packer.compress(row * 1000) for _ in range(30)) + packer.flush()
    files = {
        "small.png": png((1, 1), 8, RGB, b"\0\0\0\0"),
        "bomb.png": png((30_000, 30_000), 1, GREY, b"", (b"IDAT", packed)),
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    assert len(files["bomb.png"]) < 200_000
    arguments = [sys.executable, "-c", MEASURED_IN_A_PROCESS, *(str(tmp_path / name) for name in files)]
    done = subprocess.run(arguments, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True)
    megabytes, seconds, message = done.stdout.split(" ", 2)
    assert float(megabytes) < 50
    assert float(seconds) < 0.2
    assert message.startswith(f"bomb.png is 30{NARROW}000 × 30{NARROW}000 pixels;")


def progressive_jpeg(extra_scans: int) -> bytes:
    """Return a JPEG whose last scan is repeated."""
    data = saved(Image.new("L", (64, 64), 90), "JPEG", progressive=True)
    tables, end = data.rindex(b"\xff\xc4"), len(data) - 2
    return data[:end] + data[tables:end] * extra_scans + data[end:]


def test_a_jpeg_of_a_thousand_scans_is_refused() -> None:
    # 0.2 MB of them took 47 s at 40 megapixels.
    assert read_image(progressive_jpeg(MAX_SCANS - 10)).size == (64, 64)
    refused_in_words(progressive_jpeg(1000), "^trap is a JPEG of far more parts than a photo needs")


def test_long_fill_between_jpeg_segments_is_passed_over_once() -> None:
    # A pattern that begins anew at every byte took minutes.
    sound = saved(Image.new("RGB", (16, 16)), "JPEG")
    assert read_image(sound[:2] + b"\xff" * 1_000_000 + sound[2:]).size == (16, 16)
    refused_in_words(sound[:2] + b"\xff" * 1_000_000, "^trap is damaged|^trap is cut short")


def test_of_exif_in_many_segments_only_the_first_is_read() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    data = saved(Image.new("RGB", (2, 1)), "JPEG", exif=exif)
    segment = b"\xff\xe1" + struct.pack(">H", 60_008) + b"Exif\0\0" + bytes(60_000)
    place = data.index(b"\xff\xdb")
    found = first_picture(data[:place] + segment * 100 + data[place:])
    assert found is not None
    assert len(found.data) < 1000
    assert read_image(found.data).size == (1, 2)


def test_endless_exif_of_a_png_is_not_read() -> None:
    # An orientation of a million numbers; the picture stays as it is stored.
    count = 1_000_000
    exif = b"II*\0" + struct.pack("<IHHHII", 8, 1, 0x0112, SHORT, count, 26) + bytes(4) + b"\6\0" * count
    assert read_image(png((2, 1), 8, RGB, b"\0" + bytes(6), (b"eXIf", exif))).size == (2, 1)


GREY_4_BY_4: dict[int, tuple[int, Sequence[int]]] = {256: (LONG, [4]), 257: (LONG, [4])}


@pytest.mark.parametrize("tags", [
    {273: (LONG, [8] * 3_000_000), 278: (LONG, [1]), 257: (LONG, [3_000_000]), 256: (LONG, [1])},  # 28 s, 0.9 GB
    {279: (LONG, [16] * 1_000_000)},
    {258: (SHORT, [8] * 1_000_000)},  # bits per sample
    {259: (SHORT, [8]), 322: (LONG, [32768]), 323: (LONG, [32768]), 324: (LONG, [8]), 325: (LONG, [16])},  # 0.8 GB
])  # fmt: skip
def test_absurd_tiffs_are_refused(tags: dict[int, tuple[int, Sequence[int]]]) -> None:
    refused_in_words(tiff(bytes(16), GREY_4_BY_4 | tags), "^trap is a TIFF of far more parts|million|along a side")


def test_tags_that_the_picture_does_not_need_are_not_read() -> None:
    # A million fractions as the resolution, and as many in a private tag: 11 s for three million.
    fractions = (RATIONAL, [3, 7] * 1_000_000)
    data = tiff(bytes(range(0, 160, 10)), GREY_4_BY_4 | {282: fractions, 40_000: fractions})
    started = time.thread_time()
    assert read_image(data).getpixel((3, 3)) == (150, 150, 150)
    assert time.thread_time() - started < 1


def test_a_tiff_with_too_few_strips_is_refused() -> None:
    # Two rows a strip, and one strip for four rows.
    refused_in_words(tiff(bytes(16), GREY_4_BY_4 | {278: (LONG, [2])}), "^trap is damaged")


@pytest.mark.parametrize("big", [False, True])
def test_a_tiff_directory_cut_short(big: bool) -> None:
    data = saved(Image.new("RGB", (9, 9)), "TIFF", big_tiff=big)
    for length in (9, 12, 20, 60):
        refused_in_words(data[:length], "^trap is cut short")


def test_a_png_of_endless_chunks_is_refused() -> None:
    # 7.5 s for two million.
    sound = png((1, 1), 8, RGB, b"\0\1\2\3")
    refused_in_words(sound[:33] + png_chunk(b"abCd", b"") * (MAX_PARTS + 1) + sound[33:], "^trap is a PNG of far more")


@pytest.mark.parametrize("chunk", [
    (b"tEXt", b"a\0" + b"b" * 5_000_000),
    (b"tEXt", b"transparency\0surprise"),  # Pillow files texts under the names of its own facts
    (b"zTXt", b"a\0\0" + zlib.compress(bytes(5_000_000))),  # Pillow refuses the picture
    (b"iTXt", b"a\0\1\0\0\0" + zlib.compress(bytes(5_000_000))),
    (b"iCCP", b"a\0\0" + zlib.compress(bytes(5_000_000))),
    (b"iCCP", b"a\0\0garbage"),
    (b"iCCP", b"a\0\7" + zlib.compress(b"another method")),
    (b"iCCP", b""),
    (b"acTL", b"short"),
    (b"gAMA", b""),
])  # fmt: skip
def test_a_png_is_read_in_spite_of_its_other_chunks(chunk: tuple[bytes, bytes]) -> None:
    assert read_image(png((1, 1), 8, RGB, b"\0\1\2\3", chunk)).getpixel((0, 0)) == (1, 2, 3)


def test_a_png_with_a_wrong_checksum() -> None:
    sound = png((1, 1), 8, RGB, b"\0\1\2\3", (b"tRNS", bytes((0, 1, 0, 2, 0, 3))))
    for kind in (b"IHDR", b"IDAT"):  # damage to pixels must not pass for pixels
        place = sound.index(kind) + 4
        broken = sound[:place] + bytes((sound[place] ^ 1,)) + sound[place + 1 :]
        refused_in_words(broken, "^trap is damaged, or a kind of PNG the app cannot read")
    place = sound.index(b"tRNS") + 4
    without_transparency = sound[:place] + b"\1" + sound[place + 1 :]
    assert read_image(without_transparency).getpixel((0, 0)) == (1, 2, 3)


def gif(*blocks: bytes, size: tuple[int, int] = (1, 1)) -> bytes:
    """Return a GIF with a screen of `size`, two colours (red, blue), the blocks, and one pixel of colour 1."""
    screen = b"GIF89a" + struct.pack("<HHBBB", *size, 0x80, 0, 0) + bytes((255, 0, 0, 0, 0, 255))
    frame = b"," + struct.pack("<HHHHB", 0, 0, *size, 0) + b"\x02\x02\x4c\x01\0"
    return screen + b"".join(blocks) + frame + b";"


def test_a_gif_of_comments() -> None:
    assert read_image(gif(b"\x21\xfe\x05hello\0", b"\0")).getpixel((0, 0)) == (0, 0, 255)
    refused_in_words(gif(b"\x21\xfe\x01a\0" * (MAX_PARTS + 1)), "^trap is a GIF of far more parts")
    refused_in_words(gif(b"\x21\xfe" + b"\x01a" * (MAX_PARTS + 1) + b"\0"), "^trap is a GIF of far more parts")


def test_a_gif_keeps_its_transparency_and_drops_its_disposal() -> None:
    control = b"\x21\xf9\x04\x09\0\0\x01\0"  # clear to the background afterwards; colour 1 is transparent
    assert read_image(gif(control)).getpixel((0, 0)) == (255, 255, 255)
    found = first_picture(gif(control))
    assert found is not None
    assert b"\x21\xf9\x04\x01\0\0\x01\0" in found.data


def test_a_gif_frame_beyond_the_screen_counts() -> None:
    data = bytearray(gif())
    place = data.index(b",")
    data[place + 1 : place + 9] = struct.pack("<HHHH", 9000, 9000, 1000, 1000)
    refused_in_words(bytes(data), f"^trap is 10{NARROW}000 × 10{NARROW}000 pixels")


def test_a_gif_without_a_picture() -> None:
    refused_in_words(b"GIF89a" + bytes(7) + b";", "^trap is a GIF without a picture")


def test_a_photo_with_a_film_behind_it() -> None:
    """Phones append previews and films; what follows the picture is neither read nor searched."""
    photo = saved(Image.new("RGB", (16, 16), "red"), "JPEG", comment=b"words", exif=bytes(6) + b"MPF")
    found = first_picture(photo + b"\xff\xd8\xff\xda" * 5000)
    assert found is not None
    assert (found.format, found.width, found.height) == ("JPEG", 16, 16)
    assert len(found.data) < len(photo)
    assert b"words" not in found.data


def test_what_decides_the_look_of_a_jpeg_is_kept() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    data = saved(Image.new("CMYK", (16, 16)), "JPEG", exif=exif, icc_profile=b"profile" * 20_000)  # in three segments
    found = first_picture(data)
    assert found is not None
    with Image.open(io.BytesIO(found.data)) as image:
        assert image.getexif()[0x0112] == 6
        assert image.info["icc_profile"] == b"profile" * 20_000
        assert image.info["adobe_transform"] == 2 or "adobe" in image.info


@pytest.mark.parametrize("data", [b"", b"\xff", b"RIFF", b"\0\0\0\x10ftyp", b"BM", b"GIF"])
def test_too_little_to_know_the_format(data: bytes) -> None:
    assert first_picture(data) is None


@pytest.mark.parametrize(
    "start", [b"\xff\xd8\xff", b"GIF89a", b"II*\0", b"MM\0+", b"RIFF\0\0\0\0WEBP", b"\x89PNG\r\n\x1a\n"]
)
def test_nothing_behind_the_first_bytes(start: bytes) -> None:
    refused_in_words(start, "^trap is (cut short|damaged)")
