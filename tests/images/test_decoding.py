"""Every kind of pixel becomes the right RGB; every bad file becomes one sentence."""

import os
import re
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFile, features

from alexnet_viz.errors import ImageError
from alexnet_viz.images import decoding
from alexnet_viz.images.decoding import MAX_BYTES, MAX_SIDE, full_size, read_image, shown_name, to_rgb
from tests.support.pictures import (
    ADOBE_GAMMA,
    ADOBE_RGB,
    GREY,
    GREY_ALPHA,
    LONG,
    PALETTE,
    RGB,
    RGB_ALPHA,
    SHORT,
    png,
    rgb_profile,
    saved,
    tiff,
)

# sRGB's primaries adapted to D50, XYZ each.
SRGB = ((0.43607, 0.22249, 0.01392), (0.38515, 0.71687, 0.09708), (0.14307, 0.06061, 0.71410))
FORMATS = ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF"] + (["AVIF"] if features.check("avif") else [])


def pixel(data: bytes) -> object:
    """Return the upper left pixel of what is read."""
    return read_image(data).getpixel((0, 0))


def refusal(data: bytes, name: str = "cat.png") -> str:
    with pytest.raises(ImageError) as caught:
        read_image(data, name=name)
    return str(caught.value)


@pytest.mark.parametrize("format_name", FORMATS)
def test_every_accepted_format_gives_rgb_of_its_size(format_name: str) -> None:
    image = read_image(saved(Image.new("RGB", (40, 30), (200, 100, 50)), format_name))
    assert (image.mode, image.size, image.info) == ("RGB", (40, 30), {})
    # JPEG, WebP and AVIF lose a little, GIF picks from a palette; none may swap channels or darken.
    assert np.abs(np.asarray(image).astype(int) - (200, 100, 50)).max() <= 6


def test_a_file_is_read_by_path_and_by_content(tmp_path: Path) -> None:
    path = tmp_path / "red.png"
    path.write_bytes(saved(Image.new("RGB", (2, 3), "red"), "PNG"))
    for source in (path, str(path), path.read_bytes()):
        assert read_image(source).tobytes() == bytes((255, 0, 0)) * 6


@pytest.mark.parametrize("format_name", ["GIF", "TIFF", "WEBP", "PNG"])
def test_of_several_frames_the_first_is_read(format_name: str) -> None:
    first, second = Image.new("RGB", (8, 8), (255, 0, 0)), Image.new("RGB", (8, 8), (0, 0, 255))
    options = {"lossless": True} if format_name == "WEBP" else {}
    data = saved(first, format_name, save_all=True, append_images=[second], **options)
    assert pixel(data) == (255, 0, 0)


# 3 wide, 2 high, every pixel its own grey:  0  40  80
#                                           120 160 200
UPRIGHT = np.array([[0, 40, 80], [120, 160, 200]], np.uint8)
STORED = {  # what a file must hold so that a viewer shows UPRIGHT, by the EXIF specification's rows and columns
    1: [[0, 40, 80], [120, 160, 200]],
    2: [[80, 40, 0], [200, 160, 120]],  # row 0 top, column 0 right
    3: [[200, 160, 120], [80, 40, 0]],  # bottom, right
    4: [[120, 160, 200], [0, 40, 80]],  # bottom, left
    5: [[0, 120], [40, 160], [80, 200]],  # left, top
    6: [[80, 200], [40, 160], [0, 120]],  # row 0 is the right side, column 0 the top
    7: [[200, 80], [160, 40], [120, 0]],  # right, bottom
    8: [[120, 0], [160, 40], [200, 80]],  # left, bottom
}


@pytest.mark.parametrize("orientation", STORED)
@pytest.mark.parametrize(("format_name", "options"), [
    ("PNG", {}),
    ("WEBP", {"lossless": True}),
    ("TIFF", {}),
    ("TIFF", {"compression": "tiff_lzw"}),
])  # fmt: skip
def test_each_orientation_is_turned_upright(orientation: int, format_name: str, options: dict[str, object]) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = Image.fromarray(np.array(STORED[orientation], np.uint8))
    image = read_image(saved(stored.convert("RGB"), format_name, exif=exif, **options))
    np.testing.assert_array_equal(np.asarray(image)[:, :, 0], UPRIGHT)


@pytest.mark.parametrize("orientation", STORED)
@pytest.mark.parametrize("format_name", [name for name in FORMATS if name in ("JPEG", "AVIF")])
def test_each_orientation_of_a_lossy_photo(orientation: int, format_name: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = Image.fromarray(np.kron(np.array(STORED[orientation], np.uint8), np.ones((16, 16), np.uint8)))
    image = read_image(saved(stored.convert("RGB"), format_name, exif=exif, quality=95))
    shown = np.asarray(image)[8::16, 8::16, 0].astype(int)
    assert np.abs(shown - UPRIGHT).max() <= 6


@pytest.mark.parametrize("format_name", [name for name in FORMATS if name in ("JPEG", "WEBP", "AVIF", "TIFF")])
def test_an_orientation_in_xmp_alone_turns_no_picture_as_in_a_browser(format_name: str) -> None:
    xmp = b'<rdf:Description xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="6"/>'
    options = {"tiffinfo": {700: xmp}} if format_name == "TIFF" else {"xmp": xmp}
    assert read_image(saved(Image.fromarray(UPRIGHT).convert("RGB"), format_name, **options)).size == (3, 2)


@pytest.mark.parametrize("exif", [
    b"Exif\0\0garbage",
    b"Exif\0\0II*\0\xff\xff\xff\x7f",
    b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x02\0\x04\0\0\0six\0\0\0\0\0",  # orientation as text
    b"Exif\0\0II*\0\x08\0\0\0\x05\0\x12\x01\x03\0\x01\0\0\0\x63\0\0\0",  # orientation 99, four entries missing
])  # fmt: skip
def test_broken_exif_leaves_the_picture_as_it_is(exif: bytes) -> None:
    image = read_image(saved(Image.fromarray(UPRIGHT), "JPEG", exif=exif))
    assert image.size == (3, 2)


def test_a_saved_copy_does_not_carry_the_place_of_the_photo() -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8825)[2] = (48.0, 51.0, 24.0)
    image = read_image(saved(Image.new("RGB", (4, 4)), "JPEG", exif=exif, comment=b"home"))
    assert image.info == {}
    assert len(image.getexif()) == 0


def test_sixteen_bits_are_scaled_not_clipped() -> None:
    # 32896 = 128 * 257, and 257 sixteen-bit steps are one of 8 bits; 65535 = 255 * 257; 129 is nearer to 1 than to 0.
    grey = np.array([[0, 128, 129, 32896, 65535]], np.uint16)
    expected = [0, 0, 1, 128, 255]
    rows = b"\0" + grey.astype(">u2").tobytes()
    for data in (
        png((5, 1), 16, GREY, rows),
        saved(Image.fromarray(grey), "TIFF"),
        saved(Image.fromarray(grey), "TIFF", compression="tiff_lzw"),
        saved(Image.fromarray(grey.astype(np.int32)), "TIFF"),  # mode I
    ):
        assert np.asarray(read_image(data))[0, :, 1].tolist() == expected


def test_dark_sixteen_bits_stay_dark() -> None:
    # Nothing is stretched: 1285 = 5 * 257 is the brightest pixel here.
    assert np.asarray(read_image(saved(Image.fromarray(np.array([[0, 1285]], np.uint16)), "TIFF"))).max() == 5


def test_twelve_bits_end_at_4095() -> None:
    # Two 12-bit greys in three bytes: 0xFFF, 0x800. 2048 * 255 / 4095 = 127.53.
    tags = {256: (LONG, [2]), 257: (LONG, [1]), 258: (SHORT, [12])}
    assert np.asarray(read_image(tiff(b"\xff\xf8\x00", tags)))[0, :, 0].tolist() == [255, 128]


def test_white_is_zero_is_turned_round() -> None:
    tags = {256: (LONG, [2]), 257: (LONG, [1]), 262: (SHORT, [0])}
    assert np.asarray(read_image(tiff(b"\x00\xc8", tags)))[0, :, 0].tolist() == [255, 55]
    sixteen = tags | {258: (SHORT, [16])}
    assert np.asarray(read_image(tiff(struct.pack("<HH", 0, 32896), sixteen)))[0, :, 0].tolist() == [255, 127]


@pytest.mark.parametrize(("values", "expected"), [
    ([0.0, 0.5, 1.0], [0, 128, 255]),  # shares of white; 127.5 rounds to the even number
    ([0.0, 0.1, 0.2], [0, 26, 51]),  # a dark picture stays dark
    ([0.0, 51.0, 200.0], [0, 51, 200]),  # 8-bit greys
    ([0.0, 257.0, 32896.0], [0, 1, 128]),  # 16-bit greys
    ([-10.0, 0.0, 40.0], [0, 51, 255]),  # temperatures: 10 of 50 degrees is a fifth
    ([7e4, 7e4, 7e4], [0, 0, 0]),  # all the same
    ([float("nan"), 0.2, float("inf")], [0, 51, 255]),  # no number is black
])  # fmt: skip
def test_floating_point_greys(values: list[float], expected: list[int]) -> None:
    data = saved(Image.fromarray(np.array([values], np.float32)), "TIFF")
    assert np.asarray(read_image(data))[0, :, 0].tolist() == expected


def test_integers_beyond_sixteen_bits_go_from_least_to_greatest() -> None:
    values = np.array([[-100, 0, 100_000_000]], np.int32)
    assert np.asarray(read_image(saved(Image.fromarray(values), "TIFF")))[0, :, 2].tolist() == [0, 0, 255]


def test_a_picture_without_a_finite_number_is_refused() -> None:
    data = saved(Image.fromarray(np.full((1, 2), np.nan, np.float32)), "TIFF")
    assert refusal(data, "heights.tif") == "heights.tif holds no finite number. Choose another picture."


def test_sixteen_bit_colours() -> None:
    assert pixel(png((1, 1), 16, RGB, b"\0\xff\xff\x80\x80\x00\x01")) == (255, 128, 0)
    assert pixel(png((1, 1), 16, RGB_ALPHA, b"\0\xff\xff\0\0\0\0\x80\x80")) == (255, 127, 127)
    tags = {256: (LONG, [1]), 257: (LONG, [1]), 258: (SHORT, [16] * 3), 262: (SHORT, [2]), 277: (SHORT, [3])}
    assert pixel(tiff(struct.pack("<HHH", 65535, 32896, 0), tags)) == (255, 128, 0)


def test_sixteen_bit_colours_in_planes() -> None:
    # Two pixels: red 255 and 0, green 128 and 0, blue 0 and 1; each colour in a strip of its own.
    tags = {256: (LONG, [2]), 257: (LONG, [1]), 258: (SHORT, [16] * 3), 262: (SHORT, [2]), 277: (SHORT, [3])}
    tags |= {284: (SHORT, [2]), 273: (LONG, [8, 12, 16]), 279: (LONG, [4, 4, 4])}
    planes = tiff(struct.pack("<6H", 65535, 0, 32896, 0, 0, 257), tags)
    assert np.asarray(read_image(planes)).tolist() == [[[255, 128, 0], [0, 0, 1]]]


@pytest.mark.parametrize(("bits", "kind", "numbers"), [
    (16, 2, struct.pack(">3h", -100, 0, 300)),
    (32, 2, struct.pack(">3i", -100, 0, 300)),
    (32, 3, struct.pack(">3f", -100, 0, 300)),
])  # fmt: skip
def test_packed_numbers_of_either_byte_order(bits: int, kind: int, numbers: bytes) -> None:
    packed = zlib.compress(numbers)
    entries = ((256, 3), (257, 1), (258, bits), (259, 8), (262, 1), (273, 8), (277, 1), (278, 1), (279, len(packed)))
    directory = b"".join(struct.pack(">HHII", tag, LONG, 1, value) for tag, value in (*entries, (339, kind)))
    data = b"MM\0*" + struct.pack(">I", 8 + len(packed)) + packed + struct.pack(">H", 10) + directory + bytes(4)
    # 100 of 400 is a quarter of the way from the least to the greatest.
    assert np.asarray(read_image(data))[0, :, 0].tolist() == [0, 64, 255]


def test_packed_planes_of_grey_and_opacity_are_refused() -> None:
    packed = [zlib.compress(bytes([value])) for value in (100, 255)]
    first, second = map(len, packed)
    tags = {256: (LONG, [1]), 257: (LONG, [1]), 258: (SHORT, [8, 8]), 259: (SHORT, [8]), 277: (SHORT, [2])}
    tags |= {284: (SHORT, [2]), 273: (LONG, [8, 8 + first]), 279: (LONG, [first, second]), 338: (SHORT, [2])}
    assert "kind of TIFF the app cannot read" in refusal(tiff(b"".join(packed), tags))


def test_half_transparent_red_is_pink_on_white() -> None:
    # 0 * 128/255 + 255 * 127/255 = 127
    assert pixel(saved(Image.new("RGBA", (2, 2), (255, 0, 0, 128)), "PNG")) == (255, 127, 127)
    assert pixel(png((1, 1), 8, GREY_ALPHA, b"\0\0\x80")) == (127, 127, 127)
    assert pixel(png((1, 1), 8, GREY_ALPHA, b"\0\0\0")) == (255, 255, 255)


def test_premultiplied_alpha() -> None:
    # ExtraSamples 1: the red of 128 is already multiplied by the opacity of 128.
    tags = {256: (LONG, [1]), 257: (LONG, [1]), 258: (SHORT, [8] * 4), 262: (SHORT, [2]), 277: (SHORT, [4])}
    assert pixel(tiff(b"\x80\0\0\x80", tags | {338: (SHORT, [1])})) == (255, 127, 127)


def test_transparent_palette_entries_are_white() -> None:
    palette = (b"PLTE", bytes((255, 0, 0, 0, 255, 0)))
    rows = b"\0\0\1"
    assert read_image(png((2, 1), 8, PALETTE, rows, palette)).tobytes() == bytes((255, 0, 0, 0, 255, 0))
    hidden = read_image(png((2, 1), 8, PALETTE, rows, palette, (b"tRNS", b"\x80\x00")))
    assert hidden.tobytes() == bytes((255, 127, 127, 255, 255, 255))
    one = read_image(png((2, 1), 8, PALETTE, rows, palette, (b"tRNS", b"\x00")))
    assert one.tobytes() == bytes((255, 255, 255, 0, 255, 0))


def test_transparent_gif() -> None:
    image = Image.new("P", (2, 1))
    image.putpalette((10, 20, 30, 40, 50, 60))
    image.putdata([0, 1])
    assert read_image(saved(image, "GIF", transparency=1)).tobytes() == bytes((10, 20, 30, 255, 255, 255))


@pytest.mark.parametrize(("depth", "rows", "key"), [
    (1, b"\0\x40", 1),  # 0 1
    (2, b"\0\x40\x00", 1),  # 1 0, the other way round
    (4, b"\0\x05", 5),  # 0 5
    (8, b"\0\x00\x05", 5),
    (16, b"\0\x00\x00\x12\x34", 0x1234),
])  # fmt: skip
def test_one_transparent_grey_at_every_depth(depth: int, rows: bytes, key: int) -> None:
    image = read_image(png((2, 1), depth, GREY, rows, (b"tRNS", struct.pack(">H", key))))
    assert sorted(np.asarray(image)[0, :, 0].tolist()) == [0, 255]


def test_one_transparent_colour_of_sixteen_bits() -> None:
    key = struct.pack(">HHH", 5, 300, 65535)
    assert pixel(png((1, 1), 16, RGB, b"\0" + key, (b"tRNS", key))) == (255, 255, 255)


def test_colours_that_share_their_upper_bytes_with_the_transparent_one_stay() -> None:
    key, close, upper = (0x1234, 0x5678, 0x9ABC), (0x1235, 0x5678, 0x9ABC), (0x1200, 0x5600, 0x9A00)
    rows = b"\0" + struct.pack(">9H", *key, *close, *upper)
    image = read_image(png((3, 1), 16, RGB, rows, (b"tRNS", struct.pack(">3H", *key))))
    assert np.asarray(image)[0].tolist() == [[255, 255, 255], [0x12, 0x56, 0x9A], [0x12, 0x56, 0x9A]]


@pytest.mark.parametrize(("side", "orientation", "expected"), [
    ((6400, 6300), 1, (3200, 3150)),  # 40.3 megapixels
    ((8064, 6048), 6, (3024, 4032)),  # 48.8, lying on its side
    ((8192, 6144), 1, (4096, 3072)),  # 50.3
    ((7999, 5000), 1, (7999, 5000)),  # 39.995: read as it is
])  # fmt: skip
def test_a_jpeg_of_too_many_pixels_is_read_smaller(
    side: tuple[int, int], orientation: int, expected: tuple[int, int]
) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    image = Image.new("RGB", side, (200, 10, 30))
    image.paste((10, 200, 30), (0, 0, side[0] // 2, side[1]))
    read = read_image(saved(image, "JPEG", exif=exif))
    assert read.size == expected
    assert full_size(read) == (side if orientation == 1 else side[::-1])
    # The left half of the file is green; turned by a quarter it is the upper half.
    green = read.getpixel((5, 5))
    assert np.abs(np.subtract(np.array(green), (10, 200, 30))).max() < 8


def test_jpegs_have_a_limit_too() -> None:
    small = saved(Image.new("L", (16, 16)), "JPEG")
    frame = small.index(b"\xff\xc0") + 5
    large = small[:frame] + struct.pack(">HH", 12_000, 10_100) + small[frame + 4 :]
    assert "pixels; the limit is 120 million. Shrink it and upload again." in refusal(large)
    progressive = Image.new("L", (7800, 7800))
    assert "the limit is 60 million" in refusal(saved(progressive, "JPEG", progressive=True))


def test_cmyk_jpeg_and_tiff() -> None:
    # Full cyan takes away all red. Pillow, like Adobe, writes the JPEG with inverted numbers.
    cyan = Image.new("CMYK", (16, 16), (255, 0, 0, 0))
    for data in (saved(cyan, "JPEG", quality=100), saved(cyan, "TIFF")):
        assert np.abs(np.array(pixel(data)) - (0, 255, 255)).max() <= 2
    assert b"Adobe" in saved(cyan, "JPEG")[:40]
    black = Image.new("CMYK", (16, 16), (0, 0, 0, 255))
    assert pixel(saved(black, "TIFF")) == (0, 0, 0)


def test_lab_ycbcr_and_one_bit_tiffs() -> None:
    # In the file a and b are signed: (255, 0, 0) is L 100, no colour.
    tags = {256: (LONG, [1]), 257: (LONG, [1]), 258: (SHORT, [8] * 3), 277: (SHORT, [3])}
    white = pixel(tiff(b"\xff\x00\x00", tags | {262: (SHORT, [8])}))
    assert np.abs(np.array(white) - 255).max() <= 1
    # Y 76, Cb 85, Cr 255: red, by R = 76 + 1.402 * 127.
    ycbcr = saved(Image.new("YCbCr", (1, 1), (76, 85, 255)), "TIFF")
    assert np.abs(np.array(pixel(ycbcr)) - (254, 0, 0)).max() <= 1
    one_bit = Image.new("1", (2, 1))
    one_bit.putpixel((1, 0), 1)
    for compression in (None, "group4"):
        assert read_image(saved(one_bit, "TIFF", compression=compression)).tobytes() == b"\0\0\0\xff\xff\xff"


def test_pictures_that_are_not_from_a_file() -> None:
    assert to_rgb(Image.new("HSV", (1, 1), (0, 255, 255))).getpixel((0, 0)) == (255, 0, 0)
    assert to_rgb(Image.new("LA", (1, 1), (0, 128))).getpixel((0, 0)) == (127, 127, 127)
    assert to_rgb(Image.new("I;16", (1, 1), 32896)).getpixel((0, 0)) == (128, 128, 128)


def test_the_callers_picture_stays_as_it_is() -> None:
    given = Image.new("RGB", (1, 1), (1, 2, 3))
    given.info["comment"] = "mine"
    made = to_rgb(given)
    made.putpixel((0, 0), (9, 9, 9))
    assert (given.getpixel((0, 0)), given.info) == ((1, 2, 3), {"comment": "mine"})


def srgb_of_adobe(colour: tuple[int, int, int]) -> np.ndarray:
    """Convert by the two definitions: gamma, primaries under D50, and sRGB's curve."""
    light = np.linalg.inv(np.array(SRGB).T) @ np.array(ADOBE_RGB).T @ (np.array(colour) / 255) ** ADOBE_GAMMA
    light = np.clip(light, 0, 1)
    return 255 * np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)


@pytest.mark.parametrize("name", [b"test", b"sRGB TRC variant generated from Adobe RGB"])
@pytest.mark.parametrize("colour", [(200, 100, 50), (90, 140, 120), (128, 128, 128)])
def test_adobe_rgb_is_converted(colour: tuple[int, int, int], name: bytes) -> None:
    profile = rgb_profile(ADOBE_RGB, ADOBE_GAMMA, name)
    for format_name in ("PNG", "TIFF"):
        data = saved(Image.new("RGB", (4, 4), colour), format_name, icc_profile=profile)
        assert np.abs(np.array(pixel(data)) - srgb_of_adobe(colour)).max() <= 1.5
    half = saved(Image.new("RGBA", (4, 4), (*colour, 128)), "PNG", icc_profile=profile)
    expected = srgb_of_adobe(colour) * 128 / 255 + 127
    assert np.abs(np.array(pixel(half)) - expected).max() <= 1.5


@pytest.mark.parametrize("name", [b"sRGB linear", b"GIMP built-in Linear sRGB", b"Linear RGB"])
def test_a_linear_profile_is_computed_with_whatever_it_is_called(name: bytes) -> None:
    data = saved(Image.new("RGB", (4, 4), (128, 128, 128)), "PNG", icc_profile=rgb_profile(ADOBE_RGB, 1.0, name))
    # Half the light is 255 * (1.055 * 0.502 ** (1 / 2.4) - 0.055) = 188 of sRGB.
    assert np.abs(np.array(pixel(data)) - 188).max() <= 1


def test_32_bit_greys_without_a_sign_keep_their_order() -> None:
    values = np.array([[0, 2**31 - 1, 2**31, 2**32 - 1]], dtype="<u4")
    data = tiff(values.tobytes(), {256: (SHORT, [4]), 257: (SHORT, [1]), 258: (SHORT, [32]), 339: (SHORT, [1])})
    assert [read_image(data).getpixel((x, 0)) for x in range(4)] == [(0,) * 3, (127,) * 3, (128,) * 3, (255,) * 3]


@pytest.mark.parametrize("profile", [
    b"nonsense",
    rgb_profile(ADOBE_RGB, ADOBE_GAMMA)[:200],
    rgb_profile(ADOBE_RGB, ADOBE_GAMMA).replace(b"RGB XYZ", b"CMYKLab"),
    rgb_profile(SRGB, 2.2, b"sRGB with a plain gamma"),
])  # fmt: skip
def test_broken_foreign_or_srgb_profiles_leave_the_pixels(profile: bytes) -> None:
    for format_name in ("PNG", "TIFF"):
        data = saved(Image.new("RGB", (4, 4), (200, 100, 50)), format_name, icc_profile=profile)
        assert pixel(data) == (200, 100, 50)


@pytest.mark.parametrize("brands", [b"heic\0\0\0\0mif1heic", b"mif1\0\0\0\0mif1heic", b"hevc\0\0\0\0msf1hevc"])
def test_photos_of_phones_that_cannot_be_read_are_named(brands: bytes) -> None:
    data = b"\0\0\0\x18ftyp" + brands + bytes(200)
    assert refusal(data, "IMG_1.jpg") == (
        "IMG_1.jpg is a HEIC photo, as iPhones save them, which the app cannot read. Export it as JPEG."
    )


@pytest.mark.parametrize("data", [
    b"hello",
    b"<html><script>alert(1)</script>",
    b"%PDF-1.7 pages",
    b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n",
    b"8BPS\0\x01" + bytes(200),
    b"\0\0\1\0\1\0" + bytes(200),
    b"BM is how this text begins",
    b"P6 1 1 255 abc",
])  # fmt: skip
def test_other_files_are_no_pictures(data: bytes) -> None:
    accepted = "JPEG, PNG, WebP, GIF, BMP, TIFF" + (", AVIF" if "AVIF" in FORMATS else "")
    assert refusal(data, "notes.pdf") == f"notes.pdf is not a picture the app can read ({accepted})."


@pytest.mark.parametrize("format_name", FORMATS)
def test_a_file_cut_short_is_refused_at_every_length(format_name: str) -> None:
    pixels = bytes(i * i % 251 for i in range(40 * 30 * 3))
    whole = saved(Image.frombytes("RGB", (40, 30), pixels), format_name)
    # The last bytes may be an end mark that the picture can do without.
    for length in (*range(1, len(whole) - 16, max(1, len(whole) // 40)), len(whole) // 2):
        with pytest.raises(ImageError, match=r"cut short|is not a picture|damaged"):
            read_image(whole[:length])
    if format_name != "AVIF":  # whose decoder does not say what it misses
        assert "half is cut short: the file ends before the picture does." in refusal(whole[: len(whole) // 2], "half")


def test_a_broken_download_with_its_whole_size_reserved_is_cut_short() -> None:
    whole = saved(Image.fromarray(np.random.default_rng(0).integers(0, 256, (200, 300, 3), dtype=np.uint8)), "JPEG")
    for kept in (40, len(whole) // 2, len(whole) - 600):  # 40: in its tables, before any pixel
        with pytest.raises(ImageError, match=r"cut short"):
            read_image(whole[:kept] + bytes(len(whole) - kept))
    with pytest.raises(ImageError, match=r"cut short"):
        read_image(whole[:40])


def test_an_empty_file() -> None:
    assert refusal(b"") == "cat.png is empty. Choose another picture."


def test_without_a_name() -> None:
    with pytest.raises(ImageError, match=r"^The picture is empty\."):
        read_image(b"")


def test_too_many_bytes(tmp_path: Path) -> None:
    message = "big.jpg is 25.1 MB; the limit is 25 MB. Shrink it and upload again."
    assert refusal(b"\xff\xd8\xff" + bytes(MAX_BYTES), "big.jpg") == message
    path = tmp_path / "big.jpg"
    with path.open("wb") as stream:
        stream.truncate(31_000_000)  # takes no room, and would take a while to read
    with pytest.raises(ImageError, match=r"^big\.jpg is 31 MB; the limit is 25 MB\."):
        read_image(path)


@pytest.mark.parametrize("size", [(1, 5000), (5000, 1), (1, 1), (1, MAX_SIDE)])
def test_narrow_pictures_are_read(size: tuple[int, int]) -> None:
    assert read_image(saved(Image.new("L", size, 7), "PNG")).size == size


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    os.mkfifo(tmp_path / "pipe.png")
    cases = {
        tmp_path / "photos": "photos is a folder. Choose a picture file in it.",
        tmp_path / "none.png": "none.png does not exist. Check its name and folder.",
        tmp_path / "pipe.png": "pipe.png is not a file but a pipe or a device. Choose a picture file.",
        Path("/dev/null"): "null is not a file but a pipe or a device. Choose a picture file.",
        tmp_path / "a\0b.png": "a b.png cannot be read from the disk (no such name). Choose another file.",
    }
    for path, message in cases.items():
        with pytest.raises(ImageError, match=f"^{re.escape(message)}$"):
            read_image(path)
    with pytest.raises(ImageError, match=r"^nnn.*…n+ cannot be read from the disk \(File name too long\)"):
        read_image("n" * 5000)


def test_a_file_without_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "private.png"
    path.write_bytes(b"x")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)  # whoever runs the tests may be allowed everything
    with pytest.raises(ImageError, match=r"^private\.png may not be read by this program\."):
        read_image(path)


@pytest.mark.parametrize(("given", "shown"), [
    ("/home/ada/cat.png", "cat.png"),
    ("C:\\photos\\cat.png", "cat.png"),
    (Path("folder/cat.png"), "cat.png"),
    ("photos/", "photos"),
    ("/", "/"),
    ("", "The picture"),
    ("\n\t", "The picture"),
    ("two\nlines\r\n.png", "two lines .png"),
    ("\x1b[31mred\x1b[0m.png", "[31mred [0m.png"),
    ("gnp\u202e.cat", "gnp.cat"),  # right-to-left override
    (os.fsdecode(b"caf\xe9.png"), "caf\N{REPLACEMENT CHARACTER}.png"),
    ("a" * 300 + ".png", "a" * 50 + "…" + "a" * 16 + ".png"),
    ("猫.png", "猫.png"),
])  # fmt: skip
def test_names_are_one_clear_line(given: str | Path, shown: str) -> None:
    assert shown_name(given) == shown
    assert refusal(b"", os.fspath(given)).startswith(f"{shown} is empty.")


@pytest.mark.parametrize("error", [
    OSError("x"), ValueError("x"), SyntaxError("x"), RuntimeError("x"), NotImplementedError("x"), EOFError("x"),
    struct.error("x"), ZeroDivisionError("x"), KeyError("x"), IndexError("x"), TypeError("x"), OverflowError("x"),
    AttributeError("x"), UnicodeDecodeError("utf-8", b"", 0, 1, "x"), Image.DecompressionBombError("x"), MemoryError(),
])  # fmt: skip
@pytest.mark.parametrize("step", ["load", "convert"])
def test_whatever_pillow_raises_is_one_error(monkeypatch: pytest.MonkeyPatch, error: Exception, step: str) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(ImageFile.ImageFile if step == "load" else Image.Image, step, fail)
    with pytest.raises(ImageError) as caught:
        read_image(grey_png(), name="cat.png")
    assert str(caught.value).startswith("cat.png ")
    assert caught.value.__cause__ is not None
    assert caught.value.__cause__.__cause__ is error


def grey_png() -> bytes:
    return png((1, 1), 8, GREY, b"\0\7")


def test_not_enough_memory_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(ImageFile.ImageFile, "load", fail)
    assert "needs more memory than is free" in refusal(grey_png())


@pytest.mark.slow
def test_warnings_of_pillow_are_not_shown(tmp_path: Path) -> None:
    exif = b"Exif\0\0II*\0\x08\0\0\0\x02\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0"  # says two entries, has one
    path = tmp_path / "odd.jpg"
    path.write_bytes(saved(Image.new("RGB", (2, 1)), "JPEG", exif=exif))
    program = "import sys; from alexnet_viz.images import read_image; print(read_image(sys.argv[1]).size)"
    done = subprocess.run(
        [sys.executable, "-W", "always", "-c", program, str(path)], capture_output=True, text=True, check=True
    )
    assert (done.stdout, done.stderr) == ("(1, 2)\n", "")  # the one entry is the orientation


def test_nothing_global_is_changed() -> None:
    assert Image.MAX_IMAGE_PIXELS == 1024 * 1024 * 1024 // 4 // 3
    assert not ImageFile.LOAD_TRUNCATED_IMAGES
    assert decoding.MAX_PIXELS < Image.MAX_IMAGE_PIXELS
