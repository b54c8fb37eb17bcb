"""The table of figures: this period, last year's same period, how they differ, what they count. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from server.reports.figures.cuts.periods import Span
from server.reports.figures.items.links import Links
from server.reports.figures.schemas import Counts, Figures
from server.reports.figures.texts import HAZARD_FIGURES, SUGGESTION_FIGURES, FigureText, Unit, shown


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A figure with its words. `value` and `before` are what is written into sheets; addresses lead to the items."""

    figure: FigureText
    value: float | None
    before: float | None
    text: str
    before_text: str
    change_text: str
    href: str | None
    before_href: str | None


def rows_of(figures: Figures, links: Links) -> list[FigureRow]:
    """All figures of hazards, then those of suggestions."""
    return [
        *_rows(HAZARD_FIGURES, figures, figures.hazards, figures.before, links, is_rectified=True),
        *_rows(SUGGESTION_FIGURES, figures, figures.suggestions, figures.suggestions_before, links, is_rectified=False),
    ]


def _rows(
    texts: Sequence[FigureText], figures: Figures, now: Counts, before: Counts | None, links: Links,
    *, is_rectified: bool,
) -> Iterator[FigureRow]:  # fmt: skip
    for figure in texts:
        value = now.value(figure.name)
        earlier = before.value(figure.name) if before is not None else None
        yield FigureRow(
            figure, value, earlier,
            text=shown(value, figure.unit),
            before_text=shown(earlier, figure.unit),
            change_text=_change(value, earlier, figure.unit),
            href=_href(links, figure, figures.span, is_rectified),
            before_href=_href(links, figure, figures.before_span, is_rectified),
        )  # fmt: skip


def _href(links: Links, figure: FigureText, span: Span | None, is_rectified: bool) -> str | None:
    return links.href(figure.name, span, is_rectified=is_rectified) if span is not None else None


def _change(value: float | None, before: float | None, unit: Unit) -> str:
    if value is None or before is None:
        return "—"
    change = value - before
    if unit is Unit.SHARE:
        points = round(change * 100)
        return f"{points:+d} 个百分点" if points else "持平"
    if unit is Unit.DAYS:
        return f"{change:+.1f} 天" if round(change, 1) else "持平"
    return f"{int(change):+d}" if change else "持平"
