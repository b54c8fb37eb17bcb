"""Small files that ask for minutes and gigabytes: sheets full of one thing, questions that patterns trip over."""

from tests.support.sheets import row, sheet_xml, xlsx

HEAD = row("编号", "名称")
MEGABYTE = 1024 * 1024


def storm(element: str, count: int) -> str:
    return element * count


STORMS = {
    "formats": xlsx(sheet_xml(HEAD, row("A", "甲")), styles=f"<styleSheet>{storm('<numFmt/>', 300_000)}</styleSheet>"),
    "styles": xlsx(sheet_xml(HEAD, row("A", "甲")), styles=f"<a><cellXfs>{storm('<xf/>', 300_000)}</cellXfs></a>"),
    "cells": xlsx(sheet_xml(HEAD, f"<row>{storm('<c/>', 300_000)}</row>")),
    "rows": xlsx(sheet_xml(HEAD, storm("<row/>", 300_000))),
    "merged": xlsx(sheet_xml(*[row("x")] * 90, after=storm('<mergeCell ref="A1000:A1048576"/>', 300_000))),
    "runs": xlsx(sheet_xml(HEAD, row("A")), texts=f"<sst><si>{storm('<t>x</t>', 300_000)}</si></sst>"),
    "long": xlsx(sheet_xml(HEAD, row("x" * 20_000_000))),
    "deep": xlsx("<a>" * 300_000),
    "parts": xlsx(sheet_xml(HEAD), more={f"x/{number}": b"" for number in range(900)}),
    "attributes": xlsx(sheet_xml(HEAD), styles=b"<a " + b" ".join(b'a%d="1"' % n for n in range(400_000)) + b"/>"),
    "breaks": xlsx(sheet_xml(HEAD, row(storm("\n", 3_000_000)))),
}

GIFT_STORMS = {
    "tags": "// [tag:" + "[tag:" * MEGABYTE + "\n题目{T}",
    "ids": "// [id:" + "x" * 4 * MEGABYTE + "\n题目{T}",
    "braces": "题目" + "{" * 4 * MEGABYTE,
    "choices": "题目{" + "=~" * 2 * MEGABYTE + "}",
    "weights": "题目{" + "~%1" * MEGABYTE + "}",
    "escapes": "题目" + "\\" * 4 * MEGABYTE + "{T}",
    "angles": "[html]" + "<a" * 2 * MEGABYTE + "{T}",
    "breaks": "[html]" + "<br" + " " * 4 * MEGABYTE + "{T}",
    "titles": "::" * 2 * MEGABYTE,
    "blank lines": "\n" * 4 * MEGABYTE,
    "questions": "题目{T}\n\n" * 300_000,
}
