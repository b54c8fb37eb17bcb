"""Word, Excel and PowerPoint files: zips whose list of parts says what they are.

The zip is measured before anything reads it: its directory is small and lies at the very end, nothing stands before or
behind it. What is said of the parts' sizes is believed, for none but the list of parts is unpacked here.
"""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from server.core.errors import AppError
from server.core.xlsx.markup import Attributes, read_markup
from server.kit.files.content.refusals import FileDamaged, FileLocked, FileMacros, FileSwells, FileType
from server.kit.files.rules import DOCX, PPTX, XLSX

_END = struct.Struct("<4s4H2LH")
END_MARK = b"PK\x05\x06"
MAX_PARTS = 5000
MAX_DIRECTORY = 2 * 1024 * 1024
MAX_UNPACKED = 300 * 1024 * 1024
MAX_RATIO = 200  # of one part; sheets that say the same again and again come near 100
SMALL = 1024 * 1024  # bytes unpacked, below which no ratio matters
LIST, MAX_LIST = "[Content_Types].xml", 1024 * 1024
ENCRYPTED = 0x1
MAIN = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": DOCX,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": XLSX,
    "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml": PPTX,
}
PROGRAMS = ("macroenabled", "vbaproject", "vbadata")


def find_office_type(file: BinaryIO) -> str:
    """The media type of an open zip. Raises FileRefused."""
    _measure(file)
    try:
        with zipfile.ZipFile(file) as archive:
            return _type_of(archive)
    except (
        zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, EOFError, ValueError, struct.error,
    ) as error:  # fmt: skip
        raise FileDamaged from error


def _measure(file: BinaryIO) -> None:
    """Raises FileRefused unless the directory is as small as that of an office file, and ends the file."""
    size = file.seek(0, 2)
    if size < _END.size:
        raise FileDamaged
    file.seek(-_END.size, 2)
    mark, disk, first_disk, here, parts, length, start, comment = _END.unpack(file.read(_END.size))
    if mark != END_MARK or comment or disk or first_disk or here != parts:
        raise FileDamaged
    if start + length + _END.size != size:
        raise FileDamaged
    if parts > MAX_PARTS or length > MAX_DIRECTORY:
        raise FileSwells
    file.seek(0)


def _type_of(archive: zipfile.ZipFile) -> str:
    infos = archive.infolist()
    names = {info.filename.lower() for info in infos}
    if LIST.lower() not in names:
        raise FileType
    if len(names) != len(infos) or any("\\" in name or ".." in name.split("/") for name in names):
        raise FileDamaged
    if any(info.flag_bits & ENCRYPTED for info in infos):
        raise FileLocked
    if sum(info.file_size for info in infos) > MAX_UNPACKED or any(map(_swells, infos)):
        raise FileSwells
    if any(name.endswith("vbaproject.bin") for name in names):
        raise FileMacros
    mains = _mains(archive)
    found = {MAIN[media_type] for part, media_type in mains if part in names}
    if len(found) != 1:
        raise FileType
    return found.pop()


def _swells(info: zipfile.ZipInfo) -> bool:
    return info.file_size > SMALL and info.file_size > MAX_RATIO * max(info.compress_size, 1)


def _mains(archive: zipfile.ZipFile) -> list[tuple[str, str]]:
    """The parts that the list names as what the file is about. Raises FileMacros if it names programs."""
    found: list[tuple[str, str]] = []

    def begin(name: str, attributes: Attributes) -> None:
        media_type = attributes.get("ContentType", "")
        if any(word in media_type.lower() for word in PROGRAMS):
            raise FileMacros
        if name == "Override" and media_type in MAIN:
            found.append((attributes.get("PartName", "").lstrip("/").lower(), media_type))

    try:
        read_markup(_pieces(archive), begin=begin)
    except (FileMacros, FileSwells):
        raise
    except AppError as error:  # in words for sheets that are imported
        raise FileDamaged from error
    return found


def _pieces(archive: zipfile.ZipFile) -> Iterator[bytes]:
    info = next(info for info in archive.infolist() if info.filename.lower() == LIST.lower())
    with archive.open(info) as stream:
        content = stream.read(MAX_LIST + 1)
    if len(content) > MAX_LIST:
        raise FileSwells
    yield content
