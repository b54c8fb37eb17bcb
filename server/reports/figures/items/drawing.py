"""Figures for forms: the same that the page shows, of one union with all below it; and those of `sources`.

How often something was done (人次) and by how many people (人数) are different figures.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from server.assignments.forms.ports import Drawn, FigureWords, Wanted
from server.core.clock import day_of, in_shanghai
from server.kit.indicators import OutcomeSource
from server.reports.figures.cuts.cut import Cut
from server.reports.figures.cuts.periods import Period, Span
from server.reports.figures.items.links import Links
from server.reports.figures.schemas import Counts
from server.reports.figures.sources.registry import SOURCES, source_of
from server.reports.figures.texts import HAZARD_FIGURES, SUGGESTION_FIGURES, FigureText, Unit, shown
from server.reports.rollups.queries import Slot, sum_parts
from server.reports.rollups.rules import Part

SUGGESTIONS = "suggestions_"
PARTS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "answer_rate": ("answer_in_time", ("answer_in_time", "answer_late", "answer_overdue")),
    "rectify_rate": ("rectified_in_time", ("rectified_in_time", "rectified_late", "rectify_overdue")),
    "answer_mean": ("answer_days", ("answers",)),
    "closing_mean": ("closing_days", ("closings",)),
}
"""Of what a rate or mean follows: a measure, and the sum of those that it is divided by."""


@dataclass(frozen=True, slots=True)
class _Known:
    words: FigureWords
    figure: FigureText


def _known() -> Iterator[_Known]:
    """Of what may be scored the outcome; the sources have none: nobody scores them by what a form shows."""
    groups: tuple[tuple[str, str, Sequence[FigureText], OutcomeSource | None], ...] = (
        ("", "隐患", HAZARD_FIGURES, OutcomeSource.HAZARDS),
        (SUGGESTIONS, "", SUGGESTION_FIGURES, OutcomeSource.SUGGESTIONS),
        *((each.prefix, each.group, each.figures, None) for each in SOURCES.values()),
    )  # fmt: skip
    for prefix, group, figures, outcome in groups:
        for each in figures:
            name = "合理化建议采纳" if prefix == SUGGESTIONS and each.name == "accepted" else f"{group}{each.text}"
            yield _Known(FigureWords(prefix + each.name, name, each.meaning, outcome), each)


KNOWN: Mapping[str, _Known] = {each.words.key: each for each in _known()}


class Book:
    """Answers `assignments.figures`."""

    def words(self) -> Sequence[FigureWords]:
        """Every figure there is."""
        return [each.words for each in KNOWN.values()]

    def draw(self, session: Session, wanted: Wanted, keys: Collection[str], now: datetime) -> Mapping[str, Drawn]:
        """These figures: one statement for all of hazards and suggestions, a few for each source of others."""
        asked = {key: source_of(key) for key in KNOWN if key in keys}
        span = _cut(wanted).span(day_of(now))
        sums: Mapping[tuple[Part, str], Mapping[str, int]] = {}
        if None in asked.values():
            slot = Slot(wanted.union_id, wanted.campaign_id, 0, span.since, span.until)
            sums = sum_parts(session, slot, Part.ALL, Part.OTHER)
        hazards, others = _counts(sums, Part.ALL), _counts(sums, Part.OTHER)
        wanted_sources = [each for each in SOURCES.values() if each in asked.values()]
        counted = {each.prefix: each.count(session, wanted) for each in wanted_sources}
        drawn = {}
        for key, source in asked.items():
            own = others if key.startswith(SUGGESTIONS) else hazards
            counts = counted[source.prefix] if source is not None else own
            drawn[key] = _draw(key, counts, span, self.list_behind(wanted, key, now), now)
        return drawn

    def list_behind(self, wanted: Wanted, key: str, now: datetime) -> str | None:
        """The list of what a figure counts, narrowed to the same union, campaign and days."""
        if key not in KNOWN:
            return None
        name, source = KNOWN[key].figure.name, source_of(key)
        if source is not None:
            return source.href(name, wanted)
        cut = _cut(wanted)
        links = Links(wanted.union_id, wanted.campaign_id, cut)
        return links.href(name, cut.span(day_of(now)), is_rectified=not key.startswith(SUGGESTIONS))

    def recount(
        self, session: Session, wanted: Wanted, keys: Collection[str], now: datetime
    ) -> Mapping[str, Drawn]:  # fmt: skip
        """Those that count people, of all that is wanted together."""
        of_people = {key for key in keys if key in KNOWN and KNOWN[key].figure.is_of_people}
        return self.draw(session, wanted, of_people, now) if of_people else {}

    def total(self, drawn: Sequence[Drawn]) -> Drawn:
        """One figure of several unions; of people see `recount`."""
        first, unit = drawn[0], Unit(drawn[0].unit)
        value: float | None
        if first.parts is None and unit is Unit.ITEMS:
            value, parts = sum(each.value or 0 for each in drawn), None
        else:
            over, under = (sum((each.parts or (0, 0))[place] for each in drawn) for place in (0, 1))
            value, parts = (over / under if under else None), (over, under)
        at = max(each.at for each in drawn)
        return Drawn(value, shown(value, unit), first.meaning, first.period, at, first.unit, parts)


def _cut(wanted: Wanted) -> Cut:
    return Cut(period=Period.RANGE, since=wanted.since, until=wanted.until)


def _counts(sums: Mapping[tuple[Part, str], Mapping[str, int]], part: Part) -> Counts:
    found = [measures for (of, _), measures in sums.items() if of is part]
    return Counts({name: sum(each[name] for each in found) for name in (found[0] if found else ())})


def _draw(key: str, counts: Counts, span: Span, href: str | None, now: datetime) -> Drawn:
    figure, parts = KNOWN[key].figure, None
    if key.removeprefix(SUGGESTIONS) in PARTS:
        over, under = PARTS[key.removeprefix(SUGGESTIONS)]
        parts = (counts[over], sum(counts[name] for name in under))
    value = counts.value(figure.name)
    at = in_shanghai(now).isoformat(timespec="minutes")
    text = shown(value, figure.unit)
    return Drawn(value, text, figure.meaning, span.name, at, figure.unit.value, parts, href)
