"""Numbers of documents as they are written."""

import re
from typing import Annotated

from pydantic import AfterValidator

from server.core.text import fold_width
from server.core.web.schemas import Line

_HAN = "\u4e00-\u9fff"
_MARK = re.compile(f"[{_HAN}]{{2,10}}")
_NO_HAN = re.compile(f"[^{_HAN}]")
_TYPED = re.compile(r"(.+?)[〔（(\[【](20\d\d)[〕）)\]】](\d{1,6})号?")


def _check_mark(mark: str) -> str:
    if mark and _MARK.fullmatch(mark) is None:
        raise ValueError("发文代字用 2 到 10 个汉字，如“青工办”，不写年份和括号")
    return mark


DocumentMark = Annotated[Line, AfterValidator(_check_mark)]
"""发文代字, as somebody types it; empty where none is needed."""


def number_text(mark: str, word: str, year: int, number: int) -> str:
    """青工提〔2026〕3号: the mark of the union (发文代字), the word of the kind, year and running number."""
    return f"{mark}{word}〔{year}〕{number}号"


def spell_number(text: str) -> str | None:
    """The number of a document as it is written, of what somebody typed: brackets, width and leading zeros make no
    difference, and the last character may be missing. None if it is no such number."""
    typed = _TYPED.fullmatch("".join(fold_width(text).split()))
    return f"{typed[1]}〔{typed[2]}〕{int(typed[3])}号" if typed else None


def default_mark(short_name: str, name: str) -> str:
    """What people say of the union, cut to four characters, and 工: 市南区工."""
    said = (short_name or name).removesuffix("总工会").removesuffix("工会")
    return f"{_NO_HAN.sub('', said)[:4]}工"
