"""How a public value is written. A draw's terms bind one spelling: whoever could choose among spellings would choose
among winners. Pure; scripts/verify_draw checks the same without this module."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any


@dataclass(frozen=True, slots=True)
class ValueForm:
    """`pattern` is what the whole value matches. `ascending`: sizes of the groups of numbers, from the first on, each
    sorted upwards and without repeats; none where the order is the one of the announcement."""

    name: str
    pattern: str
    ascending: tuple[int, ...]
    example: str


def _numbers(*groups: tuple[int, str]) -> str:
    return " ".join(each for count, number in groups for each in [number] * count)


_TO_35 = "(0[1-9]|[12][0-9]|3[0-5])"
VALUE_FORMS: Mapping[str, ValueForm] = {
    "ssq": ValueForm(
        "双色球：红球从小到大，最后是蓝球",
        _numbers((6, "(0[1-9]|[12][0-9]|3[0-3])"), (1, "(0[1-9]|1[0-6])")),
        (6,),
        "03 07 11 19 23 30 08",
    ),
    "dlt": ValueForm(
        "大乐透：前区从小到大，再是后区从小到大",
        _numbers((5, _TO_35), (2, "(0[1-9]|1[0-2])")),
        (5, 2),
        "04 09 17 26 33 02 11",
    ),
    "kl8": ValueForm(
        "快乐8：二十个号码从小到大",
        _numbers((20, "(0[1-9]|[1-7][0-9]|80)")),
        (20,),
        "02 05 09 11 16 20 23 27 31 38 42 45 50 53 59 61 66 70 74 79",
    ),
    "digits3": ValueForm("福彩3D、排列3：按开奖顺序三个数字", _numbers((3, "[0-9]")), (), "4 0 7"),
    "digits5": ValueForm("排列5：按开奖顺序五个数字", _numbers((5, "[0-9]")), (), "4 0 7 7 1"),
    "index": ValueForm("股票指数收盘：四舍五入到两位小数", r"[1-9][0-9]{0,5}\.[0-9]{2}", (), "3312.45"),
}


def terms_of(form: ValueForm) -> dict[str, Any]:
    """The form as plain JSON, part of what is promised."""
    return {**asdict(form), "ascending": list(form.ascending)}


def normalise(value: str) -> str:
    """Single spaces, and the plain form of characters that a Chinese keyboard makes wide."""
    return " ".join(unicodedata.normalize("NFKC", value).split())


def is_written_right(form: Mapping[str, Any], value: str) -> bool:
    """Whether a value is written as the terms say."""
    if re.fullmatch(form["pattern"], value) is None:
        return False
    numbers, start = value.split(" "), 0
    for size in form["ascending"]:
        group = numbers[start : start + size]
        if any(one >= two for one, two in pairwise(group)):
            return False
        start += size
    return True
