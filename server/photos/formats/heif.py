"""HEIC and HEIF: walk the boxes, find the primary picture's size, check that its parts lie within the file."""

from collections.abc import Iterator
from contextlib import suppress
from mmap import mmap

from server.photos.formats.boxes import Box, boxes
from server.photos.formats.reading import Header, big, take
from server.photos.upload.refusals import PhotoAnimated, PhotoDamaged, PhotoTooCostly, PhotoTruncated, PhotoType

STILL = frozenset({b"heic", b"heix", b"heim", b"heis"})  # HEVC pictures
SEQUENCE = frozenset({b"hevc", b"hevx", b"hevm", b"hevs", b"msf1"})
GENERIC = b"mif1"
GRID, OVERLAY = b"grid", b"iovl"  # pictures put together of others, whose size stands in their own data
TOP_LEVEL = frozenset({b"ftyp", b"meta", b"mdat", b"idat", b"moov", b"moof", b"free", b"skip", b"uuid", b"wide"})
MAX_ITEMS = 20_000
MAX_TILES = 1024  # of a grid; phones make some hundreds
PIXEL_BYTES = 10  # measured: 8.7


def recognises(start: bytes) -> bool:
    """A file type box with a HEIF brand. AVIF is not one of them: phones do not take it."""
    return start[4:8] == b"ftyp" and start[8:12] in STILL | SEQUENCE | {GENERIC}


def read(data: mmap) -> Header:
    """Type and size of the primary picture. Raises PhotoRefused."""
    whole = {box.kind: box for box in _whole_boxes(data)}
    brands = _brands(data, whole[b"ftyp"])
    if brands[0] in SEQUENCE or b"moov" in whole:
        raise PhotoAnimated
    if not STILL & set(brands):
        raise PhotoType
    if b"meta" not in whole:
        raise PhotoTruncated
    meta = {box.kind: box for box in boxes(data, whole[b"meta"].start + 4, whole[b"meta"].end)}
    if not {b"pitm", b"iloc", b"iprp", b"iinf"} <= meta.keys():
        raise PhotoDamaged
    places = _places(data, meta[b"iloc"], meta.get(b"idat"))
    sizes, own = _sizes(data, meta[b"iprp"], _primary(data, meta[b"pitm"]))
    sizes += _composed(data, meta[b"iinf"], places)
    most = max(width * height for width, height in sizes)
    return Header("image/heic" if brands[0] in STILL else "image/heif", *own, PIXEL_BYTES, most_pixels=most)


def _whole_boxes(data: mmap) -> Iterator[Box]:
    """The boxes of the picture. What follows it (a motion clip, a file of its own, no boxes at all) is left alone."""
    end = 0
    with suppress(PhotoDamaged, PhotoTruncated):
        for box in boxes(data, 0, len(data)):
            if box.kind == b"ftyp" and end:
                return
            yield box
            end = box.end
        return
    if end + 8 > len(data) or take(data, end + 4, 4) not in TOP_LEVEL:
        return
    raise PhotoTruncated


def _brands(data: mmap, box: Box) -> list[bytes]:
    content = take(data, box.start, min(box.end - box.start, 400))
    return [content[:4], *(content[at : at + 4] for at in range(8, len(content), 4))]


def _primary(data: mmap, box: Box) -> int:
    return big(data, box.start + 4, 2 if big(data, box.start, 1) == 0 else 4)


def _places(data: mmap, box: Box, idat: Box | None) -> dict[int, tuple[int, int] | None]:
    """Where the data of each item starts and ends; None if it is in pieces. Every piece must lie within the file (or
    within the inline data)."""
    version = big(data, box.start, 1)
    offset_size, length_size = divmod(big(data, box.start + 4, 1), 16)
    base_size, index_size = divmod(big(data, box.start + 5, 1), 16)
    if version > 2:
        raise PhotoType
    wide = 2 if version < 2 else 4
    items, position = big(data, box.start + 6, wide), box.start + 6 + wide
    found: dict[int, tuple[int, int] | None] = {}
    extents = 0
    for _ in range(items):
        item = big(data, position, wide)
        position += wide
        method = 0
        if version:
            method = big(data, position, 2) & 15
            position += 2
        base = big(data, position + 2, base_size)
        count = big(data, position + 2 + base_size, 2)
        position += 4 + base_size
        extents += 1 + count
        if extents > MAX_ITEMS or position > box.end:
            raise PhotoDamaged
        for _ in range(count):
            position += index_size if version else 0
            start, length = big(data, position, offset_size), big(data, position + offset_size, length_size)
            position += offset_size + length_size
            place = _place(data, method, base + start, length, idat)
            found[item] = None if item in found else place
    return found


def _place(data: mmap, method: int, start: int, length: int, idat: Box | None) -> tuple[int, int] | None:
    if method == 0:
        if start + length > len(data):
            raise PhotoTruncated
        return start, start + length if length else len(data)
    if method == 1:
        if idat is None or start + length > idat.end - idat.start:
            raise PhotoDamaged
        return idat.start + start, idat.start + start + length if length else idat.end
    return None


def _composed(data: mmap, box: Box, places: dict[int, tuple[int, int] | None]) -> list[tuple[int, int]]:
    """The sizes of the pictures that are put together: what a decoder makes room for, whatever else is said of them."""
    sizes = []
    for item, kind in _kinds(data, box):
        if kind not in (GRID, OVERLAY):
            continue
        place = places.get(item)
        if place is None:
            raise PhotoDamaged
        sizes.append(_composed_size(data, kind, *place))
    return sizes


def _composed_size(data: mmap, kind: bytes, start: int, end: int) -> tuple[int, int]:
    number = 4 if big(data, start + 1, 1) & 1 else 2
    at = start + (4 if kind == GRID else 10)  # after rows and columns, or the four parts of the ground's colour
    if big(data, start, 1) != 0 or at + 2 * number > end:
        raise PhotoDamaged
    if kind == GRID and (big(data, start + 2, 1) + 1) * (big(data, start + 3, 1) + 1) > MAX_TILES:
        raise PhotoTooCostly
    return big(data, at, number), big(data, at + number, number)


def _kinds(data: mmap, box: Box) -> Iterator[tuple[int, bytes]]:
    """(item, what kind it is of) of every item."""
    wide = 2 if big(data, box.start, 1) == 0 else 4
    for entry in boxes(data, box.start + 4 + wide, box.end):
        version = big(data, entry.start, 1)
        if entry.kind != b"infe" or version < 2:
            continue  # older ones say nothing of a kind that decoders know
        item = 2 if version == 2 else 4
        yield big(data, entry.start + 4, item), take(data, entry.start + 4 + item + 2, 4)


def _sizes(data: mmap, box: Box, primary: int) -> tuple[list[tuple[int, int]], tuple[int, int]]:
    """The sizes of all pictures in the file, and that of the primary one."""
    parts = list(boxes(data, box.start, box.end))
    properties = next((list(boxes(data, part.start, part.end)) for part in parts if part.kind == b"ipco"), [])
    sizes = {
        index: (big(data, found.start + 4, 4), big(data, found.start + 8, 4))
        for index, found in enumerate(properties, 1)
        if found.kind == b"ispe"
    }
    for part in parts:
        if part.kind == b"ipma":
            for index in _associated(data, part, primary):
                if index in sizes:
                    return list(sizes.values()), sizes[index]
    raise PhotoDamaged


def _associated(data: mmap, box: Box, primary: int) -> list[int]:
    """Indexes of the properties of the primary item."""
    version, flags = big(data, box.start, 1), big(data, box.start + 1, 3)
    id_size, index_size = (4 if version else 2), (2 if flags & 1 else 1)
    entries, position = big(data, box.start + 4, 4), box.start + 8
    if entries > MAX_ITEMS:
        raise PhotoDamaged
    for _ in range(entries):
        item, count = big(data, position, id_size), big(data, position + id_size, 1)
        position += id_size + 1
        if position > box.end:
            raise PhotoDamaged
        if item == primary:
            mask = 0x7FFF if index_size == 2 else 0x7F
            return [big(data, position + at * index_size, index_size) & mask for at in range(count)]
        position += count * index_size
    return []
