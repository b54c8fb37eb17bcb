"""隐患登记表: all that is known of a hazard on paper. Paper goes from hand to hand: whoever prints it, an anonymous
reporter is not named, and of every moment the day is said alone."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from server.core.clock import day_in_words
from server.kit.documents.papers.kinds import DocumentKind, Paper
from server.kit.documents.papers.layout import grid, head, line, table, titled_pictures

TITLE = "隐患登记表"


def _write(document: Any, paper: Paper) -> None:
    words = paper.words
    head(document, words["title"], bold=True)
    line(document, f"编号：{words['number']}", center=True)
    table(document, [(name, text or "—", 0.9) for name, text in words["facts"]])
    _write_steps(document, "处理经过", words["steps"])
    follow_up = words["rectification"]
    if follow_up is not None:
        line(document, "整改情况", bold=True).paragraph_format.keep_with_next = True
        table(document, [(name, text or "—", 0.9) for name, text in follow_up["facts"]])
        _write_steps(document, "整改经过", follow_up["steps"])
    shown = (("现场", paper.pictures_of("photos")), ("整改后", paper.pictures_of("after")))
    titled_pictures(document, "照片", shown)
    line(document, "")
    table(document, [(place, "", 1.2) for place in ("登记人、日期", "审核人、日期", "责任单位、日期")])


def _write_steps(document: Any, title: str, steps: list[Mapping[str, str]]) -> None:
    if steps:
        line(document, title, bold=True).paragraph_format.keep_with_next = True
        rows = [(in_words(each["on"]), each["title"], each["by"], each["text"]) for each in steps]
        grid(document, ("日期", "事项", "经办", "说明"), rows, (2.6, 3, 3.6, 6.4))


def in_words(day: str | None) -> str:
    """A day as words keep it, as people write it."""
    return day_in_words(date.fromisoformat(day)) if day else ""


SHEET = DocumentKind(
    name="hazard_sheet", title=TITLE, subject_type="submission", downloaded="submission.download_sheet", write=_write
)
