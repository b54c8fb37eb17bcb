"""A large PNG is decoded some rows at a time: 100 million pixels at once take 300 MB and more.

Pillow decodes whole files only. So rows are inflated here and made into small PNGs of their own. A row may be written
as its difference from the one above: the last row of a part, undone, is the first of the next. What is undone are
bytes, as many as a pixel has at a time; a picture of as many channels of 8 bits has them undone the same way, whatever
they mean.
"""

import io
import struct
import zlib
from collections.abc import Callable, Iterator, Sequence

from PIL import Image

SIGNATURE = b"\x89PNG\r\n\x1a\n"
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # by colour type
PLAIN = {1: 0, 2: 4, 3: 2, 4: 6}  # the colour type of so many channels of 8 bits
MODES = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}  # Pillow's names of them
PART = 2 * 1024 * 1024  # bytes of rows at a time
_HEADER = struct.Struct(">IIBBBBB")


def shrunk_by_rows(content: bytes, factor: int, plain: Callable[[Image.Image], Image.Image]) -> Image.Image | None:
    """The picture, `plain` in its colours, reduced by `factor`; None if it cannot be had by rows: interlaced, or three
    channels of 16 bits. Raises ValueError if the file is broken."""
    chunks = dict(_chunks(content))
    width, height, depth, colour, _, _, interlaced = _HEADER.unpack(chunks[b"IHDR"])
    bits = depth * CHANNELS[colour]
    pixel = max(1, bits // 8)
    if interlaced or pixel not in PLAIN:
        return None
    is_plain = depth == 8 and colour != 3 and b"tRNS" not in chunks
    length = (width * bits + 7) // 8
    size = max(1, PART // (length * factor)) * factor
    canvas = None
    for top, rows in _undone(content, height, length, pixel, size):
        if is_plain:
            part = Image.frombytes(MODES[pixel], (width, len(rows) // length), rows)
        else:
            part = _as_told(chunks, rows, length)
        part = plain(part).reduce(factor)
        if canvas is None:
            canvas = Image.new(part.mode, (-(-width // factor), -(-height // factor)))
        canvas.paste(part, (0, top // factor))
    return canvas


def _undone(content: bytes, height: int, length: int, pixel: int, size: int) -> Iterator[tuple[int, bytes]]:
    """Where each part begins, and its rows as they are meant; `size` rows a part, the last one as many as are left."""
    rows, above = _inflated(content), b""
    for top in range(0, height, size):
        count = min(size, height - top)
        filtered = rows(count * (length + 1))
        if len(filtered) < count * (length + 1):
            raise ValueError("rows are missing")
        head = b"\0" + above if above else b""
        shape = (length // pixel, count + bool(above))
        part = _opened(_HEADER.pack(*shape, 8, PLAIN[pixel], 0, 0, 0), (), head + filtered)
        undone = part.tobytes()[len(above) :]
        above = undone[-length:]
        yield top, undone


def _as_told(chunks: dict[bytes, bytes], rows: bytes, length: int) -> Image.Image:
    """Rows with what the file says of their colours."""
    width, _, *rest = _HEADER.unpack(chunks[b"IHDR"])
    count = len(rows) // length
    plain = b"".join(b"\0" + rows[start : start + length] for start in range(0, len(rows), length))
    told = [(kind, chunks[kind]) for kind in (b"PLTE", b"tRNS") if kind in chunks]
    return _opened(_HEADER.pack(width, count, *rest), told, plain)


def _opened(header: bytes, told: Sequence[tuple[bytes, bytes]], rows: bytes) -> Image.Image:
    parts = [(b"IHDR", header), *told, (b"IDAT", zlib.compress(rows, 0)), (b"IEND", b"")]
    image = Image.open(io.BytesIO(SIGNATURE + b"".join(_chunk(*part) for part in parts)), formats=("PNG",))
    image.load()
    return image


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """What comes before the pixels."""
    for kind, data in _walk(content):
        if kind == b"IDAT":
            return
        yield kind, bytes(data)


def _walk(content: bytes) -> Iterator[tuple[bytes, memoryview]]:
    view, position = memoryview(content), len(SIGNATURE)
    while position + 12 <= len(content):
        size = int.from_bytes(view[position : position + 4], "big")
        yield bytes(view[position + 4 : position + 8]), view[position + 8 : position + 8 + size]
        position += 12 + size


def _inflated(content: bytes) -> Callable[[int], bytes]:
    """A function that gives the next so many bytes of the pixels, fewer at their end."""
    packed = (data for kind, data in _walk(content) if kind == b"IDAT")
    inflate = zlib.decompressobj()

    def take(size: int) -> bytes:
        found = bytearray()
        try:
            while len(found) < size and not inflate.eof:
                piece = inflate.unconsumed_tail or next(packed, b"")
                if not piece:
                    break
                found += inflate.decompress(piece, size - len(found))
        except zlib.error as error:
            raise ValueError(str(error)) from error
        return bytes(found)

    return take
