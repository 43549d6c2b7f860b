"""Tiny picture files for the tests, written by Pillow or byte by byte where Pillow cannot write the kind."""

import io
import struct
import zlib
from collections.abc import Mapping, Sequence

from PIL import Image


def saved(image: Image.Image, format_name: str, **options: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, format_name, **options)
    return stream.getvalue()


def grey_jpeg(shade: int) -> bytes:
    """Return a JPEG of 60 × 60 pixels of one shade, 0 to 255."""
    return saved(Image.new("RGB", (60, 60), (shade, shade, shade)), "JPEG")


def png_chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(size: tuple[int, int], depth: int, colour_type: int, rows: bytes, *before: tuple[bytes, bytes]) -> bytes:
    """Return a PNG of the raw rows (each after its filter byte 0); `before` are chunks between header and pixels."""
    header = struct.pack(">IIBBBBB", *size, depth, colour_type, 0, 0, 0)
    chunks = [(b"IHDR", header), *before, (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(png_chunk(*chunk) for chunk in chunks)


GREY, RGB, PALETTE, GREY_ALPHA, RGB_ALPHA = 0, 2, 3, 4, 6  # PNG's colour types

SHORT, LONG, RATIONAL = 3, 4, 5
_TIFF_CODES = {SHORT: "H", LONG: "I", RATIONAL: "I"}


def tiff(pixels: bytes, tags: Mapping[int, tuple[int, Sequence[int]]]) -> bytes:
    """Return a little-endian TIFF of one strip; `tags` (type, values) come on top of the plain 8-bit grey's.

    The pixels start at byte 8; width and height are among the tags given.
    """
    grey: dict[int, tuple[int, Sequence[int]]] = {
        258: (SHORT, [8]),
        259: (SHORT, [1]),
        262: (SHORT, [1]),
        273: (LONG, [8]),
        277: (SHORT, [1]),
        279: (LONG, [len(pixels)]),
    }
    grey.update(tags)
    pixels += b"\0" * (len(pixels) % 2)
    directory, values = struct.pack("<H", len(grey)), b""
    values_start = 8 + len(pixels) + 2 + 12 * len(grey) + 4
    for tag, (kind, numbers) in sorted(grey.items()):
        packed = struct.pack(f"<{len(numbers)}{_TIFF_CODES[kind]}", *numbers)
        count = len(numbers) // 2 if kind == RATIONAL else len(numbers)
        if len(packed) > 4:
            place = struct.pack("<I", values_start + len(values))
            values += packed
        else:
            place = packed.ljust(4, b"\0")
        directory += struct.pack("<HHI", tag, kind, count) + place
    return b"II*\0" + struct.pack("<I", 8 + len(pixels)) + pixels + directory + b"\0\0\0\0" + values


def rgb_profile(columns: Sequence[Sequence[float]], gamma: float, name: bytes = b"test") -> bytes:
    """Return an ICC profile of version 2: three primaries (XYZ under D50) and one gamma for all of them."""

    def fixed(number: float) -> bytes:
        return struct.pack(">i", round(number * 65536))

    def xyz(numbers: Sequence[float]) -> bytes:
        return b"XYZ \0\0\0\0" + b"".join(fixed(number) for number in numbers)

    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(gamma * 256)) + b"\0\0"
    description = b"desc\0\0\0\0" + struct.pack(">I", len(name) + 1) + name + b"\0" + bytes(4 + 4 + 2 + 1 + 67)
    tags = {b"desc": description, b"cprt": b"text\0\0\0\0none\0", b"wtpt": xyz((0.9642, 1.0, 0.8249))}
    tags |= {channel + b"XYZ": xyz(column) for channel, column in zip((b"r", b"g", b"b"), columns, strict=True)}
    tags |= {channel + b"TRC": curve for channel in (b"r", b"g", b"b")}
    table, bodies, start = struct.pack(">I", len(tags)), b"", 128 + 4 + 12 * len(tags)
    for tag, body in tags.items():
        table += tag + struct.pack(">II", start + len(bodies), len(body))
        bodies += body + b"\0" * (-len(body) % 4)
    header = struct.pack(">I", 128 + len(table) + len(bodies)) + b"\0\0\0\0\x02\x10\0\0mntrRGB XYZ "
    header += bytes(12) + b"acsp" + bytes(28) + fixed(0.9642) + fixed(1.0) + fixed(0.8249)
    return header.ljust(128, b"\0") + table + bodies


# Adobe RGB (1998): its primaries adapted to D50, and its gamma of 2 51/256.
ADOBE_RGB = ((0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457))
ADOBE_GAMMA = 563 / 256
