"""The first picture of a file, cut out of its bytes before any pixel is decoded.

Pillow reads all of a file's metadata when it opens it, and decodes whatever the header asks for. Small files made for
the purpose then cost minutes or gigabytes: a TIFF with 3,000,000 strips took 28 s and 0.9 GB, a GIF of comments 0.7 GB,
a 0.2 MB progressive JPEG with 1,000 scans 47 s. So the file is first cut down to its first picture and to what decides
how that looks (palette, transparency, colour profile, orientation), its size is read, and only that goes to Pillow.
"""

import re
import struct
import zlib
from typing import NamedTuple

from alexnet_viz.language import said

MAX_PARTS = 100_000  # chunks, blocks or strips; the finest real files (a strip a row, 40 megapixels) stay below
MAX_SCANS = 100  # of a progressive JPEG; encoders write 6 to 20, and each costs a pass over the whole picture
MAX_PROFILE_BYTES = 1_000_000  # of an unpacked colour profile in a PNG; more is refused by Pillow, with the picture
MAX_TILE_PIXELS = 40_000_000  # a TIFF tile is decoded whole, however small the picture it is cut to

CUT_SHORT = said("is cut short: the file ends before the picture does. Copy or download it again.")


class UnusableFileError(Exception):
    """Internal: the bytes cannot be used; the reader adds the file's name and raises `ImageError`.

    Attributes:
        reason: The sentence after the file's name.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class PictureFile(NamedTuple):
    """One picture, ready for Pillow: `format` is Pillow's name, `data` the file cut down, the size in pixels."""

    format: str
    data: bytes
    width: int
    height: int


def first_picture(data: bytes) -> PictureFile | None:
    """Return the file's first picture, or None when it is of no format the app reads.

    Raises:
        UnusableFileError: The file is of a known format but damaged, cut short or made of far too many parts.
    """
    format_name = _format_of(data)
    if format_name is None:
        return None
    try:
        kept, (width, height) = _READERS[format_name](data)
    except (struct.error, IndexError) as error:  # a header that ends in the middle of a number
        raise UnusableFileError(CUT_SHORT) from error
    return PictureFile(format_name, kept, width, height)


def damaged(format_name: str) -> str:
    """Return the reason for a file that Pillow cannot make sense of."""
    return said(
        "is damaged, or a kind of {format} the app cannot read. Save it again as PNG or JPEG and use that.",
        format=format_name,
    )


def _too_many_parts(format_name: str) -> UnusableFileError:
    return UnusableFileError(
        said(
            "is a {format} of far more parts than a photo needs. Save it again as PNG or JPEG and use that.",
            format=format_name,
        )
    )


def _format_of(data: bytes) -> str | None:
    """Return Pillow's name of the format from the first bytes; file names are not believed."""
    for magic, format_name in _MAGIC:
        if data.startswith(magic):
            return format_name
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "WEBP"
    # Two letters are too few to know a bitmap by: the size of its header must be one of those in use.
    if data.startswith(b"BM") and data[14:18] in _BITMAP_HEADERS:
        return "BMP"
    return "AVIF" if _brands(data) & {b"avif", b"avis"} else None


def is_heic(data: bytes) -> bool:
    """Return whether a file is what phones of Apple save photos as; it is no format the app reads."""
    return bool(_brands(data) & {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})


def _brands(data: bytes) -> set[bytes]:
    """Return the brands of a file of ISO's media format, by which AVIF and HEIC differ; of others none."""
    if data[4:8] != b"ftyp":
        return set()
    names = data[8 : min(int.from_bytes(data[:4], "big"), 1024)]
    return {names[i : i + 4] for i in range(0, len(names), 4)}


_MAGIC = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"II+\0", "TIFF"),
    (b"MM\0+", "TIFF"),
)
_BITMAP_HEADERS = {size.to_bytes(4, "little") for size in (12, 16, 40, 52, 56, 64, 108, 124)}

_Kept = tuple[bytes, tuple[int, int]]

_PNG_NEEDED = {b"IHDR", b"PLTE", b"IDAT", b"IEND"}
_PNG_HELPFUL = {b"tRNS", b"iCCP", b"eXIf"}


def _png(data: bytes) -> _Kept:
    """Keep the chunks of the still picture; drop texts and animation, and what is broken but not needed."""
    kept, position = [data[:8]], 8
    for _ in range(MAX_PARTS):
        length, kind = struct.unpack_from(">I4s", data, position)
        end = position + 12 + length
        if end > len(data):
            raise UnusableFileError(CUT_SHORT)
        if kind in _PNG_NEEDED | _PNG_HELPFUL:
            chunk = data[position:end]
            whole = zlib.crc32(chunk[4:-4]) == int.from_bytes(chunk[-4:], "big")
            if not whole and kind in _PNG_NEEDED:
                raise UnusableFileError(damaged("PNG"))
            if whole and (kind != b"iCCP" or _profile_unpacks(chunk[8:-4])):
                kept.append(chunk)
        if kind == b"IEND":
            return b"".join(kept), struct.unpack_from(">II", data, 16)
        position = end
    raise _too_many_parts("PNG")


def _profile_unpacks(chunk: bytes) -> bool:
    """Say whether an iCCP chunk (name, 0, method, packed profile) is sound and of a reasonable size."""
    _, _, packed = chunk.partition(b"\0")
    unpacker = zlib.decompressobj()
    try:
        unpacker.decompress(packed[1:], MAX_PROFILE_BYTES)
    except zlib.error:
        return False
    return packed[:1] == b"\0" and unpacker.eof


# Within a scan 0xFF is data when 0 follows, and D0 to D7 are restart marks; anything else ends the scan.
_JPEG_MARKER = re.compile(rb"\xff([^\x00\xd0-\xd7\xff])")
_JPEG_METADATA = range(0xE0, 0xF0)
_JPEG_KEPT_METADATA = (b"JFIF\0", b"ICC_PROFILE\0", b"Adobe")
_EXIF = b"Exif\0\0"
_JPEG_FRAMES = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_UNWRITTEN = bytes(512)  # a download that broke off leaves zeros where a program had reserved the whole file
_SCAN, _END, _COMMENT, _BARE = 0xDA, 0xD9, 0xFE, (0x01, 0xD8)


def _jpeg(data: bytes) -> _Kept:
    """Keep the segments up to the first picture's end, without comments, texts, previews and later pictures."""
    kept, position, scan_count, size, exif_kept = [data[:2]], 2, 0, (0, 0), False
    for _ in range(MAX_PARTS):
        found = _JPEG_MARKER.search(data, position)
        if found is None or found[1][0] == _END:
            kept.append(b"\xff\xd9" if found else _without_end_mark(data, scan_count))
            return b"".join(kept), size
        marker, position = found[1][0], found.end()
        if marker in _BARE:
            continue
        (length,) = struct.unpack_from(">H", data, position)
        body = data[position : position + length]
        position += length
        if marker in _JPEG_FRAMES:
            height, width = struct.unpack_from(">HH", body, 3)
            size = (width, height)
        first_exif = not exif_kept and body[2:].startswith(_EXIF)
        exif_kept = exif_kept or first_exif
        if first_exif or _jpeg_keeps(marker, body):
            kept.append(bytes((0xFF, marker)) + body)
        if marker == _SCAN:
            scan_count += 1
            if scan_count > MAX_SCANS:
                raise _too_many_parts("JPEG")
            after = _JPEG_MARKER.search(data, position)
            end = after.start() if after else len(data)
            kept.append(data[position:end])
            position = end
    raise _too_many_parts("JPEG")


def _without_end_mark(data: bytes, scan_count: int) -> bytes:
    """Leave it to Pillow whether the picture is whole, as some cameras forget the mark; without a scan it is not.

    Raises:
        UnusableFileError: It ends in its tables, or in nothing but zeros.
    """
    if scan_count == 0 or data.endswith(_UNWRITTEN):
        raise UnusableFileError(CUT_SHORT)
    return b""


def _jpeg_keeps(marker: int, body: bytes) -> bool:
    if marker in _JPEG_METADATA:
        return body[2:].startswith(_JPEG_KEPT_METADATA)
    return marker != _COMMENT


def _gif(data: bytes) -> _Kept:
    """Keep the screen, its palette, the first frame's transparency and everything from the first frame on."""
    screen_width, screen_height, flags = struct.unpack_from("<HHB", data, 6)
    start = position = 13 + (3 << (flags & 7) + 1 if flags & 0x80 else 0)
    control = b""
    for _ in range(MAX_PARTS):
        kind = data[position]
        if kind == 0x2C:
            left, top, width, height = struct.unpack_from("<HHHH", data, position + 1)
            size = max(screen_width, left + width), max(screen_height, top + height)
            return data[:start] + control + data[position:], size
        if kind == 0x3B:
            raise UnusableFileError(said("is a GIF without a picture. Choose another one."))
        if kind == 0x21:
            if data[position + 1 : position + 3] == b"\xf9\x04":
                # The bits that say how to clear the frame for the next one would have Pillow fill a second picture.
                control = b"\x21\xf9\x04" + bytes((data[position + 3] & ~0x1C,)) + data[position + 4 : position + 8]
            position = _gif_blocks_end(data, position + 2)
        else:
            position += 1  # stray bytes between blocks are common, and passed over by every viewer
    raise _too_many_parts("GIF")


def _gif_blocks_end(data: bytes, position: int) -> int:
    for _ in range(MAX_PARTS):
        length = data[position]
        position += 1 + length
        if length == 0:
            return position
    raise _too_many_parts("GIF")


def _bmp(data: bytes) -> _Kept:
    if data[14:18] == b"\x0c\0\0\0":
        width, height = struct.unpack_from("<HH", data, 18)
    else:
        width, height = struct.unpack_from("<ii", data, 18)
    return data, (abs(width), abs(height))  # a negative height says that the rows run downwards


def _webp(data: bytes) -> _Kept:
    if struct.unpack_from("<I", data, 4)[0] + 8 > len(data):
        raise UnusableFileError(CUT_SHORT)
    kind = data[12:16]
    if kind == b"VP8X":
        width, height = (1 + int.from_bytes(data[i : i + 3], "little") for i in (24, 27))
    elif kind == b"VP8L":
        bits = struct.unpack_from("<I", data, 21)[0]
        width, height = 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    else:
        width, height = (side & 0x3FFF for side in struct.unpack_from("<HH", data, 26))
    return data, (width, height)


def _avif(data: bytes) -> _Kept:
    """Read the largest image size property; the tiles of a grid and a thumbnail have their own, smaller ones."""
    sizes = [(0, 0)]
    for found in re.finditer(rb"ispe\0\0\0\0(?=.{8})", data[:MAX_PARTS], re.DOTALL):
        sizes.append(struct.unpack_from(">II", data, found.end()))
    return data, max(sizes, key=lambda size: size[0] * size[1])


class _Directory(NamedTuple):
    """How one kind of TIFF writes its directory: struct formats, and the size of a value kept in the entry itself."""

    pointer_position: int
    pointer: str
    entry_count: str
    entry: str
    inline_size: int


_CLASSIC = _Directory(4, "I", "H", "HHI4s", 4)
_BIG = _Directory(8, "Q", "Q", "HHQ8s", 8)
_TIFF_TYPE_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8}
_TIFF_TYPES_OF_NUMBERS = {3: 2, 4: 4, 16: 8}
_WIDTH, _HEIGHT, _STRIPS, _ROWS_PER_STRIP, _TILE_WIDTH, _TILE_HEIGHT = 256, 257, 273, 278, 322, 323
# Layout, compression, colour; JPEG in TIFF; the colour profile. Not: texts, EXIF, GPS, previews, Photoshop's own.
_TIFF_NEEDED = (
    {256, 257, 258, 259, 262, 266, 273, 274, 277, 278, 279, 284, 292, 293, 317, 320, 322, 323, 324, 325, 332, 338, 339}
    | {347, 512, 513, 514, 515, 519, 520, 521, 529, 530, 532}
    | {34675}
)


def _tiff(data: bytes) -> _Kept:
    """Shorten the first directory to the tags that its picture needs, and end the file's list of pictures there."""
    order = "<" if data.startswith(b"II") else ">"
    kind = _BIG if 43 in data[2:4] else _CLASSIC
    (start,) = struct.unpack_from(order + kind.pointer, data, kind.pointer_position)
    if start > len(data):
        raise UnusableFileError(CUT_SHORT)
    entries = _tiff_entries(data, start, order, kind)
    numbers = {tag: _tiff_number(entries[tag], order, kind) for tag in entries}
    if numbers.get(_TILE_WIDTH, 0) * numbers.get(_TILE_HEIGHT, 0) > MAX_TILE_PIXELS:
        raise _too_many_parts("TIFF")
    width, height = numbers.get(_WIDTH, 0), numbers.get(_HEIGHT, 0)
    rows_per_strip = numbers.get(_ROWS_PER_STRIP, height)
    if _STRIPS in entries and entries[_STRIPS][2] * rows_per_strip < height:
        raise UnusableFileError(damaged("TIFF"))  # Pillow would leave the rest of the picture black
    directory = struct.pack(order + kind.entry_count, len(entries))
    directory += b"".join(struct.pack(order + kind.entry, *entries[tag]) for tag in sorted(entries))
    directory += struct.pack(order + kind.pointer, 0)
    # In its old place, where it fits: behind the end it would be read as the pixels that a file cut short lacks.
    kept = data[:start] + directory + data[start + len(directory) :]
    return kept, (width, height)


_TiffEntry = tuple[int, int, int, bytes]


def _tiff_entries(data: bytes, start: int, order: str, kind: _Directory) -> dict[int, _TiffEntry]:
    """Return the needed entries (tag, type, count, value or offset) of a directory, all of them within the file."""
    (count,) = struct.unpack_from(order + kind.entry_count, data, start)
    position = start + struct.calcsize(kind.entry_count)
    entries: dict[int, _TiffEntry] = {}
    for _ in range(min(count, MAX_PARTS)):
        entry: _TiffEntry = struct.unpack_from(order + kind.entry, data, position)
        position += struct.calcsize(order + kind.entry)
        tag, value_type, value_count, value = entry
        if tag not in _TIFF_NEEDED or value_type not in _TIFF_TYPE_SIZES or tag in entries:
            continue
        byte_count = value_count * _TIFF_TYPE_SIZES[value_type]
        if value_count > MAX_PARTS and _TIFF_TYPE_SIZES[value_type] > 1:
            raise _too_many_parts("TIFF")
        if byte_count > kind.inline_size:
            (offset,) = struct.unpack(order + kind.pointer, value)
            if offset + byte_count > len(data):
                raise UnusableFileError(CUT_SHORT)
        entries[tag] = entry
    return entries


def _tiff_number(entry: _TiffEntry, order: str, kind: _Directory) -> int:
    """Return the value of an entry that holds one whole number, else 0."""
    _, value_type, count, value = entry
    size = _TIFF_TYPES_OF_NUMBERS.get(value_type)
    if count != 1 or size is None or size > kind.inline_size:
        return 0
    return int.from_bytes(value[:size], "little" if order == "<" else "big")


_READERS = {
    "JPEG": _jpeg,
    "PNG": _png,
    "GIF": _gif,
    "BMP": _bmp,
    "TIFF": _tiff,
    "WEBP": _webp,
    "AVIF": _avif,
}
