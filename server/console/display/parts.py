"""The small parts that a list shows in every line, as markup. Functions, not macros: a page has hundreds of them,

and a macro costs several times as much as what it writes. Templates get them through `console/macros.html`.
"""

from datetime import UTC, datetime, timedelta
from functools import lru_cache

from markupsafe import Markup

from server.console.display import words
from server.console.shell.assets_serving import asset
from server.core import clock
from server.kit.deadlines.calendar.working_days import is_provisional

A_DAY = timedelta(days=1)
GRADE_NAMES = {1: "重大", 2: "较大", 3: "一般", 4: "较小"}
_ICON = Markup('<svg class="icon" {}><use href="{}#{}"></use></svg>')
_LABELLED = Markup('role="img" aria-label="{}"')
_SILENT = Markup('aria-hidden="true"')
_STATUS = Markup('<span class="chip chip-{}">{}</span>')
_GRADE = Markup('<span class="chip chip-grade grade-{}">{} 级 {}</span>')


def icon(name: str, label: str | None = None) -> Markup:
    """A picture from the sheet of icons; `label` where no words stand beside it."""
    return _icon(asset("icons.svg"), name, label)


@lru_cache(maxsize=1000)
def _icon(sheet: str, name: str, label: str | None) -> Markup:
    return _ICON.format(_LABELLED.format(label) if label else _SILENT, sheet, name)


@lru_cache(maxsize=1000)
def status_chip(status: str, text: str) -> Markup:
    """How a submission stands, in the words of its kind."""
    return _STATUS.format(status, text)


@lru_cache(maxsize=1000)
def grade_chip(grade: int | None, name: str | None = None) -> Markup:
    """A grade, the word beside its colour; nothing where there is none."""
    return _GRADE.format(grade, grade, name or GRADE_NAMES.get(grade, "")) if grade else Markup()


def due_words(due_at: datetime | None) -> Markup:
    """A deadline as it stands now, the exact time on pointing; nothing where there is none."""
    if due_at is None:
        return Markup()
    now = clock.now()
    if abs(due_at - now) < A_DAY:  # its words change within the day
        return _due(due_at, now, is_provisional(due_at))
    return _far_due(due_at, _noon_of(now), is_provisional(due_at))


def _due(due_at: datetime, now: datetime, is_open: bool) -> Markup:
    due = words.due_in_words(due_at, now)
    if due is None:
        return Markup()
    mark = icon("clock") if due.tone == "late" else ""
    title, note = ("；节假日安排公布后可能调整", "（暂定）") if is_open else ("", "")
    return _ours(f'<span class="due due-{due.tone}" title="截止：{due.exact}{title}">{mark} {due.text}{note}</span>')


_far_due = lru_cache(maxsize=4000)(_due)


def moment(at: datetime | None, day_only: bool = False) -> Markup:
    """A time. `day_only`: `at` is the beginning of a day, for no more may be known (an anonymous report)."""
    return Markup("—") if at is None else _moment(at, day_only, _noon_of(clock.now()))


@lru_cache(maxsize=4000)
def _moment(at: datetime, day_only: bool, now: datetime) -> Markup:
    if day_only:
        day = clock.in_shanghai(at).date()
        return _ours(f'<time datetime="{day.isoformat()}">{words.local_day(at, now)}</time>')
    exact, said = words.exact_time(at), words.local_time(at, now)
    return _ours(f'<time datetime="{at.isoformat()}" title="{exact}">{said}</time>')


def _noon_of(now: datetime) -> datetime:
    """The same for all of a day as it is counted in Shanghai: what words tell of other days changes with it alone."""
    return _noon(now.replace(second=0, microsecond=0))


@lru_cache(maxsize=8)
def _noon(minute: datetime) -> datetime:
    return clock.in_shanghai(minute).replace(hour=12, minute=0).astimezone(UTC)


def _ours(markup: str) -> Markup:
    """Markup of our own words and times, where nothing needs escaping: twenty times as fast as filling a Markup in."""
    return Markup(markup)  # noqa: S704
