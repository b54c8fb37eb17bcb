"""Which installed font has which characters: read from the fonts' own tables (OpenType `cmap`)."""

import struct
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "/System/Library/Fonts", "C:/Windows/Fonts")
KINDS = frozenset({".ttf", ".otf", ".ttc"})
PREFERRED = ("NotoSansCJK", "NotoSans", "NotoSerif", "NotoNaskh", "Noto", "DejaVuSans", "HanaMin")  # by file name
OUTLINES = frozenset({b"glyf", b"CFF ", b"CFF2"})  # fonts of pictures alone have no shapes that take a colour
_MANY = 400  # fonts looked at


@dataclass(frozen=True, slots=True)
class Characters:
    """Which characters a font has: ranges from `firsts` to `lasts`, both included, in order."""

    firsts: tuple[int, ...]
    lasts: tuple[int, ...]

    def __contains__(self, character: str) -> bool:
        code = ord(character)
        at = bisect_right(self.firsts, code) - 1
        return at >= 0 and code <= self.lasts[at]


NONE = Characters((), ())


@lru_cache(maxsize=1)
def installed() -> tuple[Path, ...]:
    """The font files of this machine that have outlines, plain weights of the usual ones first."""
    found = [path for folder in FOLDERS for path in Path(folder).rglob("*") if path.suffix.lower() in KINDS]

    def order(path: Path) -> tuple[int, bool, str]:
        rank = next((at for at, name in enumerate(PREFERRED) if path.stem.startswith(name)), len(PREFERRED))
        return rank, "Regular" not in path.stem and "-" in path.stem, path.name

    return tuple(sorted(found, key=order)[:_MANY])


@lru_cache(maxsize=_MANY)
def characters_of(path: Path) -> Characters:
    """What the (first) font of the file has; nothing if it has no outlines or cannot be read."""
    try:
        content = path.read_bytes()
        start = struct.unpack_from(">I", content, 12)[0] if content[:4] == b"ttcf" else 0
        tables = _tables(content, start)
        return _characters(content, tables[b"cmap"]) if OUTLINES & tables.keys() else NONE
    except (OSError, struct.error, KeyError):
        return NONE


def _tables(content: bytes, start: int) -> dict[bytes, int]:
    (count,) = struct.unpack_from(">H", content, start + 4)
    entries = (struct.unpack_from(">4sIII", content, start + 12 + 16 * index) for index in range(count))
    return {tag: offset for tag, _sum, offset, _length in entries}


def _characters(content: bytes, cmap: int) -> Characters:
    """The best of its tables for Unicode: of all characters (format 12), else of the first 65,536 (format 4)."""
    (count,) = struct.unpack_from(">H", content, cmap + 2)
    found: dict[int, list[tuple[int, int]]] = {}
    for index in range(count):
        platform, encoding, offset = struct.unpack_from(">HHI", content, cmap + 4 + 8 * index)
        if platform == 0 or (platform == 3 and encoding in (1, 10)):
            (kind,) = struct.unpack_from(">H", content, cmap + offset)
            if kind in (4, 12):
                found[kind] = (_ranges_12 if kind == 12 else _ranges_4)(content, cmap + offset)
    ranges = sorted(found.get(12) or found.get(4) or [])
    return Characters(tuple(first for first, _ in ranges), tuple(last for _, last in ranges))


def _ranges_12(content: bytes, at: int) -> list[tuple[int, int]]:
    (count,) = struct.unpack_from(">I", content, at + 12)
    return [struct.unpack_from(">II", content, at + 16 + 12 * index) for index in range(count)]


def _ranges_4(content: bytes, at: int) -> list[tuple[int, int]]:
    (twice,) = struct.unpack_from(">H", content, at + 6)
    lasts = struct.unpack_from(f">{twice // 2}H", content, at + 14)
    firsts = struct.unpack_from(f">{twice // 2}H", content, at + 16 + twice)
    return [(first, last) for first, last in zip(firsts, lasts, strict=True) if first != 0xFFFF]
