"""A report as a Word document. Its text and its tables are written from the same figures, and frozen together."""

from collections.abc import Mapping
from typing import Any

from server.core.clock import day_in_words, in_shanghai
from server.kit.documents.papers.charts import Chart, draw_chart
from server.kit.documents.papers.kinds import DocumentKind, Paper
from server.kit.documents.papers.layout import SMALL, grid, head, line, prose, sign
from server.reports.bulletins.texts import fill_in
from server.reports.figures.items.rows import FigureRow
from server.reports.figures.schemas import Figures, Line
from server.reports.figures.texts import HAZARD_FIGURES, percent

MOST_CATEGORIES = 8
UNION_HEADS = ["单位", "上报", "受理", "销号", "答复及时率", "整改及时率"]


def values_of(rows: list[FigureRow], figures: Figures, union_name: str) -> dict[str, str]:
    """What may stand in the places of the text, by name."""
    values = {row.figure.text: row.text for row in rows}
    earlier = {f"去年{row.figure.text}": row.before_text for row in rows}
    return {"单位": union_name, "期间": figures.span.name, **values, **earlier}


def words_of(
    title: str, text: str, rows: list[FigureRow], figures: Figures, *, union_name: str, issuer_name: str, campaign: str,
    corrects: Mapping[str, str] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """What the document says, and as what its text was typed. `corrects`: title and number of the one that it corrects,
    and the reason. Raises LookupError for places in the text that nothing belongs into."""
    has_before = figures.before is not None
    return {
        "title": title,
        "issuer_name": issuer_name,
        "union_name": union_name,
        "campaign": campaign,
        "period": _period(figures),
        "as_of": f"{in_shanghai(figures.at):%Y年%-m月%-d日 %H:%M}",
        "text": fill_in(text, values_of(rows, figures, union_name)),
        "typed": text,
        **({"corrects": dict(corrects)} if corrects is not None else {}),
        "heads": ["项目", "本期", "去年同期", "增减"] if has_before else ["项目", "本期"],
        "figures": [
            ["　" * row.figure.depth + row.figure.text, row.text, *([row.before_text, row.change_text] * has_before)]
            for row in rows
        ],
        "unions": [_union_row(each) for each in figures.by_union],
        "trend": [[step.name, step.submitted, step.closings] for step in figures.trend],
        "categories": [
            [each.name, each.counts["submitted"], each.counts["closed"]]
            for each in figures.by_category[:MOST_CATEGORIES]
            if each.counts["submitted"]
        ],
        "meanings": [[each.text, each.meaning] for each in HAZARD_FIGURES],
    }


def _period(figures: Figures) -> str:
    span = figures.span
    days = [day_in_words(day) for day in (span.since, span.until) if day is not None]
    return "至".join(dict.fromkeys(days))


def _union_row(row: Line) -> list[str]:
    counts = row.counts
    numbers = [str(counts[name]) for name in ("submitted", "accepted", "closed")]
    return [row.name, *numbers, percent(counts.answer_rate), percent(counts.rectify_rate)]


def write_bulletin(document: Any, paper: Paper) -> None:
    """Add the report: text, charts, tables, what each figure counts."""
    words = paper.words
    head(document, words["issuer_name"], bold=True)
    head(document, words["title"])
    line(document, paper.number or "（预览，未编号）", center=True)
    line(document, f"（{words['period']}，{words['campaign']}）", SMALL, center=True)
    if corrects := words.get("corrects"):
        prose(document, f"本期更正{corrects['number']}《{corrects['title']}》。更正理由：{corrects['reason']}")
    prose(document, words["text"])
    _write_charts(document, words)
    _title(document, "主要数字")
    grid(document, words["heads"], words["figures"], [2.2, 1, 1, 1.3][: len(words["heads"])], numbers_from=1)
    if words["unions"]:
        _title(document, "各单位情况（按正式顺序，不排名次）")
        grid(document, UNION_HEADS, words["unions"], [2.4, 1, 1, 1, 1.4, 1.4], numbers_from=1)
    _title(document, "数字说明")
    line(document, f"数字截至{words['as_of']}。", SMALL)
    grid(document, ["项目", "怎么算的"], words["meanings"], [1, 3.6])
    sign(document, words["issuer_name"], paper.issued_on)


def _write_charts(document: Any, words: Mapping[str, Any]) -> None:
    if words["trend"]:
        _title(document, "上报和销号")
        labels, submitted, closings = zip(*words["trend"], strict=True)
        draw_chart(document, Chart(labels, [("上报", submitted), ("销号", closings)]), "上报和销号的条数")
    if words["categories"]:
        _title(document, "各类隐患")
        labels, submitted, closed = zip(*words["categories"], strict=True)
        draw_chart(document, Chart(labels, [("上报", submitted), ("销号", closed)], is_lying=True), "各类隐患的条数")


def _title(document: Any, text: str) -> None:
    line(document, text, bold=True).paragraph_format.keep_with_next = True


BULLETIN_DOCUMENT = DocumentKind(
    name="bulletin", title="月报、简报", subject_type="bulletin", downloaded="bulletin.download", write=write_bulletin
)
