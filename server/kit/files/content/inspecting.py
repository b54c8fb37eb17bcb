"""What type a file is: found out from its content, whatever it is called. Nothing of it is run or shown.

A picture is read as the photos of reports are. A PDF needs its head and its tail. Word, Excel and PowerPoint files are
looked into as far as their list of parts. Files of Office 97 are known by their wrapping alone; the ending of the name
says which of them it is.
"""

import mmap
from dataclasses import dataclass
from pathlib import Path

from server.core.settings import Settings
from server.kit.files.content.office import find_office_type
from server.kit.files.content.refusals import FileDamaged, FileEmpty, FileLocked, FileMacros, FileType
from server.kit.files.rules import DOC, DOCX, PDF, PPTX, XLS, XLSX
from server.photos.formats import inspect
from server.photos.upload.refusals import PhotoType

COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MARK_OF_ORDER = b"\xfe\xff"  # bytes 28 and 29
SMALLEST = 1536  # bytes: a head and two sectors
VBA = "_VBA_PROJECT".encode("utf-16-le")
OLD_OFFICE = {".doc": DOC, ".xls": XLS}
LOCKED = {".docx": DOCX, ".xlsx": XLSX, ".pptx": PPTX}  # with a password they are wrapped like old ones
TAIL = 2048  # bytes in which a PDF has to end; some programs put blanks behind it


@dataclass(frozen=True, slots=True)
class Content:
    """The type, and of pictures the size in pixels as stored."""

    media_type: str
    width: int | None = None
    height: int | None = None


def inspect_file(path: Path, name: str, settings: Settings) -> Content:
    """What the file at `path` is. Raises FileRefused, PhotoRefused; never anything else for any content."""
    if not path.stat().st_size:
        raise FileEmpty
    with path.open("rb") as file:
        head = file.read(64)
        if head.startswith(b"%PDF-"):
            file.seek(-min(TAIL, path.stat().st_size), 2)
            return _pdf(head, file.read(TAIL))
        if head.startswith(COMPOUND):
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
                return Content(_old_office(data, Path(name).suffix.lower()))
        if head.startswith(b"PK\x03\x04"):
            return Content(find_office_type(file))
    try:
        picture = inspect(path, settings.photo_max_pixels, settings.photo_decode_bytes)
    except PhotoType as error:
        raise FileType from error
    return Content(picture.media_type, picture.width, picture.height)


def _pdf(head: bytes, tail: bytes) -> Content:
    if head[5:8] not in (b"1.0", b"1.1", b"1.2", b"1.3", b"1.4", b"1.5", b"1.6", b"1.7", b"2.0"):
        raise FileDamaged
    if b"startxref" not in tail or b"%%EOF" not in tail:
        raise FileDamaged
    return Content(PDF)


def _old_office(data: mmap.mmap, ending: str) -> str:
    if ending in LOCKED:
        raise FileLocked
    if ending not in OLD_OFFICE:
        raise FileType
    if len(data) < SMALLEST or data[28:30] != MARK_OF_ORDER:
        raise FileDamaged
    if data.find(VBA) >= 0:
        raise FileMacros
    return OLD_OFFICE[ending]
