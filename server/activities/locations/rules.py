"""What a code says, how locations are typed, and how one is written in a report. Pure."""

import re
from collections.abc import Iterable
from urllib.parse import quote

from server.core.text import clean_line

PAGE = "pages/hazard/place"
MOST = 200
"""Lines that are taken at once, and codes that are printed at once."""
NAME, WHEREABOUTS = 60, 100
_BETWEEN = re.compile(r"[\t,，;；]")


def scan_link(site: str, code: str) -> str:
    """The page of the H5 side that a code opens; the mini program reads the same."""
    return f"{site.rstrip('/')}/h5/#/{PAGE}?scene={quote(f'p={code}', safe='')}"


def spell(code: str) -> str:
    """A code as people read it: K7QM-2XWD."""
    return f"{code[:4]}-{code[4:]}"


def place_text(name: str, whereabouts: str) -> str:
    """What stands in a report: 三号车间东侧 · 2号冲床."""
    return " · ".join(part for part in (whereabouts, name) if part)


def read_lines(text: str) -> tuple[list[tuple[str, str]], str | None]:
    """Name and whereabouts of each line, each once, and what is wrong with the first line that cannot be taken."""
    found: dict[tuple[str, str], None] = {}
    for number, line in enumerate(_filled(text.splitlines()), 1):
        name, *rest = (clean_line(part) for part in _BETWEEN.split(line, maxsplit=1))
        whereabouts = rest[0] if rest else ""
        if not name or len(name) > NAME or len(whereabouts) > WHEREABOUTS:
            return [], f"第 {number} 行：名称要写，最多 {NAME} 个字，位置最多 {WHEREABOUTS} 个字"
        found[name, whereabouts] = None
    if len(found) > MOST:
        return [], f"一次最多 {MOST} 个，请分几次添加"
    return list(found), None if found else "请写上名称"


def _filled(lines: Iterable[str]) -> list[str]:
    return [line for line in lines if line.strip()]
