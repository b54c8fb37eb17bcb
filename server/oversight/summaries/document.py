"""The compiled report on paper, as it goes up: 关于……情况的报告; and the same on one page."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from itertools import zip_longest
from math import ceil
from typing import Any

from server.assignments.excerpts.queries import Passage
from server.assignments.rollup.counting.accepted import ChartWords, Reported, Total
from server.kit.documents.papers.charts import Chart, draw_chart
from server.kit.documents.papers.kinds import DocumentKind, Paper
from server.kit.documents.papers.layout import grid, head, line, prose, sign, titled_pictures

NUMERALS = "一二三四五六七八九十"
PAGE_LINES, LINE_CHARACTERS, TABLE_LINES = 22, 26, 0.75  # of a page, of a line, and how many a row of the table takes
BRIEF_PASSAGES, BRIEF_LENGTH, BRIEF_LINES = 6, 160, 2  # at most; and each has so many lines at least


def title_of(title: str) -> str:
    """关于…情况的报告, of what the assignment is called."""
    subject = title.strip().removeprefix("关于").removesuffix("报告").removesuffix("的").removesuffix("总结")
    return f"关于{subject.removesuffix('情况')}情况的报告"


def words_of(
    title: str, reported: Reported, totals: Sequence[Total], picked: Mapping[str, Sequence[Passage]],
    *, chart: ChartWords | None, issuer: str, addressee: str, is_brief: bool,
) -> dict[str, Any]:  # fmt: skip
    """What the paper says: of which days its figures are stands once, with the time of the last that was counted."""
    parts = [
        {"title": part, "passages": said}
        for part, passages in picked.items()
        if (said := [[each.unit, each.text] for each in passages if each.text])
    ]
    photos = [(each.unit, [str(photo.id) for photo in each.photos]) for part in picked.values() for each in part]
    return {
        "title": title_of(title), "issuer": issuer, "addressee": addressee, "is_brief": is_brief,
        "reach": f"应报 {reported.asked} 家，已收 {len(reported.versions)} 家，未收 {reported.missing} 家。",
        "totals": [[each.label, each.text + _rough(each, is_brief), each.how] for each in totals],
        "counted": max((each.counted for each in totals), default=""),
        "parts": parts, "photos": photos, "chart": asdict(chart) if chart is not None else None,
    }  # fmt: skip


def _rough(total: Total, is_brief: bool) -> str:
    """What the page says where there is no room for how it was counted."""
    return "（可能重复）" if is_brief and total.is_rough else ""


def write_summary(document: Any, paper: Paper) -> None:
    """Add the report, or the one page of it."""
    words = paper.words
    if words["is_brief"]:
        _write_brief(document, words)
        return
    head(document, words["title"])
    line(document, "")
    if words["addressee"]:
        line(document, f"{words['addressee']}：")
    for number, part in enumerate(words["parts"]):
        line(document, f"{NUMERALS[number % 10]}、{part['title']}", indent=True, bold=True)
        for unit, text in part["passages"]:
            prose(document, f"{unit}：{text}")
    sign(document, words["issuer"], paper.issued_on)
    line(document, "")
    line(document, "附：统计表", bold=True)
    prose(document, words["reach"] + words["counted"])
    _write_totals(document, words)
    if words["chart"]:
        _draw(document, words["chart"])
    groups = [(unit, [paper.pictures[each] for each in ids if each in paper.pictures]) for unit, ids in words["photos"]]
    titled_pictures(document, "附：照片", groups)


def _draw(document: Any, chart: Mapping[str, Any]) -> None:
    line(document, "")
    line(document, chart["title"], bold=True).paragraph_format.keep_with_next = True
    draw_chart(document, Chart(chart["labels"], chart["series"], is_lying=True), chart["title"])


def _write_brief(document: Any, words: Mapping[str, Any]) -> None:
    head(document, words["title"].removesuffix("的报告") + "（简报）")
    prose(document, words["reach"] + words["counted"])
    _write_totals(document, words)
    rows = (len(words["totals"]) + 1) // 2 + 1
    room = max(BRIEF_LINES, PAGE_LINES - 4 - ceil(rows * TABLE_LINES))  # below title, reach and table
    passages = [each for part in words["parts"] for each in part["passages"]][
        : min(BRIEF_PASSAGES, room // BRIEF_LINES)
    ]
    for unit, text in passages:
        prose(document, _cut(f"{unit}：{' '.join(text.split())}", room // len(passages) * LINE_CHARACTERS - 4))


def _cut(text: str, most: int) -> str:
    most = min(most, BRIEF_LENGTH)
    return text if len(text) <= most else text[:most] + "……"


def _write_totals(document: Any, words: Mapping[str, Any]) -> None:
    if not words["is_brief"]:
        grid(document, ("项目", "数", "说明"), words["totals"], (3, 2, 6))
        return
    numbers = [each[:2] for each in words["totals"]]
    half = (len(numbers) + 1) // 2  # two side by side: the ready form has as many as fill a page alone
    beside = zip_longest(numbers[:half], numbers[half:], fillvalue=["", ""])
    grid(document, ("项目", "数") * 2, [left + right for left, right in beside], (3, 2, 3, 2))


SUMMARY_DOCUMENT = DocumentKind(
    name="summary", title="总结报告", subject_type="assignment", downloaded="summary.download", write=write_summary
)
