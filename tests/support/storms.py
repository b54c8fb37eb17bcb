"""Small files that ask for minutes and gigabytes: sheets full of one thing, questions that patterns trip over."""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import TypeVar

from tests.support.sheets import row, sheet_xml, xlsx

HEAD = row("编号", "名称")
MEGABYTE = 1024 * 1024


T = TypeVar("T")


class Storms(Mapping[str, T]):
    """Files by their names, each made when it is first asked for: most runs need none of them, and all are 50 MB."""

    def __init__(self, makers: dict[str, Callable[[], T]]) -> None:
        self._makers = {name: cache(make) for name, make in makers.items()}

    def __getitem__(self, name: str) -> T:
        return self._makers[name]()

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)


def storm(element: str, count: int) -> str:
    return element * count


STORMS = Storms[bytes](
    {
        "formats": lambda: xlsx(
            sheet_xml(HEAD, row("A", "甲")), styles=f"<styleSheet>{storm('<numFmt/>', 300_000)}</styleSheet>"
        ),
        "styles": lambda: xlsx(
            sheet_xml(HEAD, row("A", "甲")), styles=f"<a><cellXfs>{storm('<xf/>', 300_000)}</cellXfs></a>"
        ),
        "cells": lambda: xlsx(sheet_xml(HEAD, f"<row>{storm('<c/>', 300_000)}</row>")),
        "rows": lambda: xlsx(sheet_xml(HEAD, storm("<row/>", 300_000))),
        "merged": lambda: xlsx(sheet_xml(*[row("x")] * 90, after=storm('<mergeCell ref="A1000:A1048576"/>', 300_000))),
        "runs": lambda: xlsx(sheet_xml(HEAD, row("A")), texts=f"<sst><si>{storm('<t>x</t>', 300_000)}</si></sst>"),
        "long": lambda: xlsx(sheet_xml(HEAD, row("x" * 20_000_000))),
        "deep": lambda: xlsx("<a>" * 300_000),
        "parts": lambda: xlsx(sheet_xml(HEAD), more={f"x/{number}": b"" for number in range(900)}),
        "attributes": lambda: xlsx(
            sheet_xml(HEAD), styles=b"<a " + b" ".join(b'a%d="1"' % n for n in range(400_000)) + b"/>"
        ),
        "breaks": lambda: xlsx(sheet_xml(HEAD, row(storm("\n", 3_000_000)))),
    }
)

GIFT_STORMS = Storms[str](
    {
        "tags": lambda: "// [tag:" + "[tag:" * MEGABYTE + "\n题目{T}",
        "ids": lambda: "// [id:" + "x" * 4 * MEGABYTE + "\n题目{T}",
        "braces": lambda: "题目" + "{" * 4 * MEGABYTE,
        "choices": lambda: "题目{" + "=~" * 2 * MEGABYTE + "}",
        "weights": lambda: "题目{" + "~%1" * MEGABYTE + "}",
        "escapes": lambda: "题目" + "\\" * 4 * MEGABYTE + "{T}",
        "angles": lambda: "[html]" + "<a" * 2 * MEGABYTE + "{T}",
        "breaks": lambda: "[html]" + "<br" + " " * 4 * MEGABYTE + "{T}",
        "titles": lambda: "::" * 2 * MEGABYTE,
        "blank lines": lambda: "\n" * 4 * MEGABYTE,
        "questions": lambda: "题目{T}\n\n" * 300_000,
    }
)
