"""Damaged picture files: whatever is wrong with them, reading ends in a picture or in one `ImageError`.

A longer hunt than the test's: python -m tests.test_decoding_fuzz 20000
"""

import random
import struct
import sys
import time
import warnings
import zlib
from collections import Counter

import pytest
from PIL import Image, features

from alexnet_viz.errors import ImageError
from alexnet_viz.images.decoding import read_image
from tests.support.pictures import ADOBE_GAMMA, ADOBE_RGB, rgb_profile, saved

CASES_A_SEED = 25
INTERESTING = (0, 1, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)


def sound_files() -> dict[str, bytes]:
    """Return one small sound file of each kind, its pixels neither constant nor periodic."""
    pixels = bytes(i * i % 251 for i in range(31 * 23 * 3))
    rgb = Image.frombytes("RGB", (31, 23), pixels)
    grey, rgba, palette = rgb.convert("L"), rgb.copy(), rgb.quantize(17)
    rgba.putalpha(grey)
    profile, exif = rgb_profile(ADOBE_RGB, ADOBE_GAMMA), Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "described"
    frames = {"save_all": True, "append_images": [rgb.rotate(180)]}
    files = {
        "jpeg": saved(rgb, "JPEG", exif=exif, comment=b"words"),
        "jpeg progressive": saved(rgb, "JPEG", progressive=True, restart_marker_blocks=2),
        "jpeg profile": saved(rgb, "JPEG", icc_profile=profile),
        "jpeg cmyk": saved(rgb.convert("CMYK"), "JPEG"),
        "png": saved(rgba, "PNG", exif=exif),
        "png palette": saved(palette, "PNG", transparency=3),
        "png 16 bit": saved(Image.frombytes("I;16", (31, 11), pixels[: 31 * 11 * 2]), "PNG"),
        "png animated": saved(rgb, "PNG", **frames),
        "gif": saved(palette, "GIF", transparency=2, comment=b"words", disposal=2),
        "gif animated": saved(rgb, "GIF", **frames),
        "bmp": saved(rgb, "BMP"),
        "bmp palette": saved(palette, "BMP"),
        "webp": saved(rgb, "WEBP", exif=exif),
        "webp lossless": saved(rgba, "WEBP", lossless=True),
        "webp animated": saved(rgb, "WEBP", **frames),
        "tiff": saved(rgb, "TIFF", exif=exif),
        "tiff profile": saved(grey, "TIFF", icc_profile=profile),
        "tiff float": saved(grey.convert("F"), "TIFF"),
        "tiff big": saved(rgb, "TIFF", big_tiff=True),
        "tiff frames": saved(rgb, "TIFF", compression="tiff_lzw", **frames),
        "tiff fax": saved(grey.convert("1"), "TIFF", compression="group4"),
    }
    for compression in ("tiff_lzw", "tiff_adobe_deflate", "jpeg", "packbits"):
        files[f"tiff {compression}"] = saved(rgb, "TIFF", compression=compression)
    if features.check("avif"):
        files["avif"] = saved(rgb, "AVIF", exif=exif)
    return files


def flip_bits(data: bytearray, dice: random.Random) -> None:
    for _ in range(dice.choice((1, 1, 2, 8, 64))):
        data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)


def cut(data: bytearray, dice: random.Random) -> None:
    del data[dice.randrange(len(data)) :]


def remove(data: bytearray, dice: random.Random) -> None:
    start = dice.randrange(len(data))
    del data[start : start + dice.choice((1, 2, 4, 13, 100))]


def repeat(data: bytearray, dice: random.Random) -> None:
    start, length = dice.randrange(len(data)), dice.choice((1, 4, 12, 100))
    data[start:start] = data[start : start + length] * dice.choice((1, 2, 50))


def swap(data: bytearray, dice: random.Random) -> None:
    length = dice.choice((1, 4, 12, 40))
    first, second = (dice.randrange(max(1, len(data) - length)) for _ in range(2))
    data[first : first + length], data[second : second + length] = (
        data[second : second + length],
        data[first : first + length],
    )


def put_number(data: bytearray, dice: random.Random) -> None:
    number, place = dice.choice(INTERESTING), dice.randrange(min(len(data), 200))
    code = dice.choice(("<H", ">H", "<I", ">I"))
    number &= 0xFFFF if code.endswith("H") else 0xFFFFFFFF
    data[place : place + struct.calcsize(code)] = struct.pack(code, number)


DAMAGES = (flip_bits, cut, remove, repeat, swap, put_number)


def with_new_checksums(data: bytes) -> bytes:
    """Correct the checksums of a PNG, so that the damage gets past them to the code behind."""
    out, position = bytearray(data[:8]), 8
    while position + 12 <= len(data):
        length = min(int.from_bytes(data[position : position + 4], "big"), len(data) - position - 12)
        body = data[position + 4 : position + 8 + length]
        out += struct.pack(">I", length) + body + struct.pack(">I", zlib.crc32(body))
        position += 12 + length
    return bytes(out)


def damaged(sound: bytes, dice: random.Random) -> bytes:
    data = bytearray(sound)
    for _ in range(dice.choice((1, 1, 2, 3))):
        if data:
            dice.choice(DAMAGES)(data, dice)
    if data.startswith(b"\x89PNG") and dice.random() < 0.7:
        return with_new_checksums(bytes(data))
    return bytes(data)


def outcome(data: bytes) -> str:
    """Read and check what comes back; return "picture" or the reason."""
    try:
        image = read_image(data, name="x")
    except ImageError as error:
        return checked_reason(str(error))
    assert image.mode == "RGB"
    assert min(image.size) > 0
    assert len(image.tobytes()) == image.width * image.height * 3
    return "picture"


def checked_reason(sentence: str) -> str:
    assert sentence.startswith("x ")
    assert sentence.endswith(".")
    assert len(sentence.splitlines()) == 1
    return sentence.removeprefix("x ")


@pytest.mark.parametrize("kind", sound_files())
def test_damage_ends_in_a_picture_or_one_sentence(kind: str) -> None:
    sound = sound_files()[kind]
    assert outcome(sound) == "picture"
    dice = random.Random(f"{kind} 1")
    outcomes = Counter(outcome(damaged(sound, dice)) for _ in range(CASES_A_SEED))
    assert len(outcomes) > 1  # else the damage does none, or everything is refused


def hunt(count: int, seed: str) -> None:
    warnings.simplefilter("error")
    files, dice, outcomes = sound_files(), random.Random(seed), Counter[str]()
    for number in range(count):
        kind = dice.choice(sorted(files))
        data = damaged(files[kind], dice)
        started = time.perf_counter()
        try:
            outcomes[outcome(data)] += 1
        except BaseException:
            print(f"case {number}, {kind}: {data.hex()}", flush=True)
            raise
        seconds = time.perf_counter() - started
        if seconds > 0.5:
            print(f"case {number}, {kind}: {seconds:.1f} s, {len(data)} bytes: {data.hex()}", flush=True)
    for text, times in outcomes.most_common():
        print(f"{times:7d} {text}")


if __name__ == "__main__":
    hunt(int(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "hunt")
