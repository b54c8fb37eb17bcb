"""The parts of an .xlsx: a zip from outside. Only what is needed is unpacked, and no more of it than may be."""

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator

from server.core.errors import Invalid, TooLarge

MAX_BYTES = 5 * 1024 * 1024
MAX_PARTS = 1000
PIECE = 256 * 1024  # bytes

NOT_A_SHEET = "这个文件打不开，请用 Excel 另存为 .xlsx 再上传。"
OLD_OR_LOCKED = "这是旧版的 .xls，或者加了密码。请用 Excel 打开，去掉密码，另存为 .xlsx 再上传。"
TOO_MUCH = "文件里的内容太多了，请只保留要导入的工作表和内容，去掉多余的格式。"
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # how Excel 97 wrote, and how files with a password are wrapped


def not_a_sheet(message: str = NOT_A_SHEET) -> Invalid:
    """The refusal of what cannot be read."""
    return Invalid(message, code="not_a_sheet")


class Parts:
    """The parts of an .xlsx by name. Raises TooLarge and Invalid in words for whoever made it."""

    def __init__(self, data: bytes) -> None:
        if len(data) > MAX_BYTES:
            raise TooLarge(f"文件太大了，最多 {MAX_BYTES // 1024 // 1024} MB。请分成几个文件导入。")
        if data.startswith(_COMPOUND):
            raise not_a_sheet(OLD_OR_LOCKED)
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError, ValueError) as error:
            raise not_a_sheet() from error
        infos = self._archive.infolist()
        if len(infos) > MAX_PARTS:
            raise TooLarge(TOO_MUCH)
        self._infos = {_plain(info.filename): info for info in infos}

    def __contains__(self, name: str) -> bool:
        return _plain(name) in self._infos

    def read(self, name: str, most: int) -> Iterator[bytes]:
        """The unpacked bytes of a part, piece by piece. Raises TooLarge when there are more than `most`."""
        info = self._infos.get(_plain(name))
        if info is None:
            raise not_a_sheet()
        if info.file_size > most:
            raise TooLarge(TOO_MUCH)
        left = most
        try:
            with self._archive.open(info) as stream:
                while piece := stream.read(PIECE):
                    left -= len(piece)
                    if left < 0:
                        raise TooLarge(TOO_MUCH)
                    yield piece
        except (
            zipfile.BadZipFile,
            zlib.error,
            NotImplementedError,
            RuntimeError,
            OSError,
            EOFError,
            ValueError,
        ) as error:
            raise not_a_sheet() from error


def resolve(part: str, target: str) -> str:
    """The name of the part that `part` refers to as `target`."""
    return _plain(target if target.startswith("/") else posixpath.join(posixpath.dirname(part), target))


def relations_of(part: str) -> str:
    """The name of the part that lists what `part` refers to."""
    folder, name = posixpath.split(part)
    return f"{folder}/_rels/{name}.rels".lstrip("/")


def _plain(name: str) -> str:
    return posixpath.normpath(name.replace("\\", "/")).lstrip("/").lower()
