"""Counting who takes part in a quiz, in a job: by day and district, by score, by level.

What is past is not counted again: a day is kept as it was counted last, with the districts where people were bound
then, and levels are added up from where the count before ended. Standings are added up off their indexes.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session

from server.activities.quiz.attempts.models import Attempt, QuizStanding
from server.activities.quiz.standings.computing.counting import LAG
from server.core.clock import day_of
from server.kit.filters import start_of
from server.unions.roles import Level
from server.unions.tree.models import Union

BANDS = 10
OTHERS = "没有绑定企业"
KEPT = "kept"
"""What the next count goes on from, beside what is shown."""


def count_participation(
    session: Session, quiz_id: UUID, levels: int, before: Mapping[str, Any], now: datetime
) -> dict[str, Any]:
    """Participation by day and district, distribution of scores, progress by level. Plain JSON. `before`: what this
    gave the last time, empty for the first time."""
    kept = before.get(KEPT) or {"days": {}, "levels": {}, "until": None, "on": None}
    where = _Districts(session)
    since = date.fromisoformat(kept["on"]) - timedelta(days=1) if kept["on"] else None
    days = _kept_days(kept["days"], since) | _count_days(session, quiz_id, since, where)
    until = now - LAG
    by_level = _add_levels(session, quiz_id, kept["levels"], kept["until"], until)
    districts = _districts(session, quiz_id, where)
    return {
        **_scores(session, quiz_id, 100 * levels),
        "finished": sum(finished for _, _, finished in districts),
        "days": [[day, each["people"], each["tries"]] for day, each in sorted(days.items())],
        "districts": districts,
        "district_days": _district_days(days, where),
        "levels": [
            [int(level), tries, passed, round(scores / tries, 1)]
            for level, (tries, passed, scores) in sorted(by_level.items(), key=lambda item: int(item[0]))
        ],
        KEPT: {"days": days, "levels": by_level, "until": until.isoformat(), "on": day_of(now).isoformat()},
    }


class _Districts:
    """Where enterprises lie, and what districts are called: a few thousand rows, for figures that are added up by
    enterprise off an index."""

    def __init__(self, session: Session) -> None:
        of_enterprises = select(Union.id, Union.district_id).where(Union.level == Level.ENTERPRISE)
        self._ids: dict[UUID, UUID | None] = {row.id: row.district_id for row in session.execute(of_enterprises)}
        named = select(Union.id, Union.name).where(Union.level == Level.DISTRICT)
        self._names: dict[str, str] = {row.id.hex: row.name for row in session.execute(named)}

    def key_of(self, enterprise_id: UUID | None) -> str:
        """The district of an enterprise, as it is kept; empty for people who are bound to none."""
        district_id = self._ids.get(enterprise_id) if enterprise_id is not None else None
        return district_id.hex if district_id is not None else ""

    def name_of(self, key: str) -> str:
        return self._names.get(key, OTHERS)


def _kept_days(days: Mapping[str, Any], since: date | None) -> dict[str, Any]:
    return {day: each for day, each in days.items() if since is not None and day < since.isoformat()}


def _count_days(session: Session, quiz_id: UUID, since: date | None, where: _Districts) -> dict[str, Any]:
    """By day: people and attempts, and people by district. Of whom no attempt was graded yet has no district."""
    is_known = QuizStanding.person_id.is_not(None)
    people = func.count(Attempt.person_id.distinct())
    statement = (
        select(Attempt.day, QuizStanding.enterprise_id, is_known, people, func.count())
        .outerjoin(
            QuizStanding, and_(QuizStanding.quiz_id == Attempt.quiz_id, QuizStanding.person_id == Attempt.person_id)
        )
        .where(*_since(quiz_id, since))
        .group_by(Attempt.day, QuizStanding.enterprise_id, is_known)
    )
    days: dict[str, Any] = {}
    for day, enterprise_id, has_standing, number, tries in session.execute(statement):
        one = days.setdefault(day.isoformat(), {"people": 0, "tries": 0, "districts": {}})
        one["people"] += number
        one["tries"] += tries
        if has_standing:
            key = where.key_of(enterprise_id)
            one["districts"][key] = one["districts"].get(key, 0) + number
    return days


def _since(quiz_id: UUID, since: date | None) -> Sequence[Any]:
    """Attempts of that day and later: along the index of when they were graded, which was not before they began."""
    of_quiz = Attempt.quiz_id == quiz_id
    if since is None:
        return [of_quiz]
    start = start_of(since)
    return [
        or_(and_(of_quiz, Attempt.graded_at >= start), and_(of_quiz, Attempt.graded_at.is_(None))), Attempt.day >= since
    ]  # fmt: skip


def _district_days(days: Mapping[str, Any], where: _Districts) -> list[list[Any]]:
    """By district: people who played on each of the days; the district with most first."""
    found: defaultdict[str, list[int]] = defaultdict(lambda: [0] * len(days))
    for at, (_, each) in enumerate(sorted(days.items())):
        for key, people in each["districts"].items():
            found[where.name_of(key)][at] += people
    return sorted(([name, people] for name, people in found.items()), key=lambda each: (-sum(each[1]), each[0]))


def _districts(session: Session, quiz_id: UUID, where: _Districts) -> list[list[Any]]:
    """By district: people who played, and who finished; the most first. A score is never below zero; asked for what is
    above it, SQLite would look for scores before enterprises."""
    statement = (
        select(QuizStanding.enterprise_id, func.count(), func.count(QuizStanding.finished_at))
        .where(QuizStanding.quiz_id == quiz_id, QuizStanding.score != 0)
        .group_by(QuizStanding.enterprise_id)
    )
    found: dict[str, list[int]] = {}
    for enterprise_id, people, finished in session.execute(statement):
        one = found.setdefault(where.name_of(where.key_of(enterprise_id)), [0, 0])
        one[0] += people
        one[1] += finished
    return sorted(([name, *numbers] for name, numbers in found.items()), key=lambda each: (-each[1], each[0]))


def _scores(session: Session, quiz_id: UUID, full: int) -> dict[str, Any]:
    """How many have which score: one look along the index of scores."""
    statement = (
        select(QuizStanding.score, func.count())
        .where(QuizStanding.quiz_id == quiz_id, QuizStanding.score > 0)
        .group_by(QuizStanding.score)
    )
    bands, people, points = [0] * BANDS, 0, 0
    for score, number in session.execute(statement):
        bands[min(score * BANDS // full, BANDS - 1) if full else 0] += number
        people, points = people + number, points + score * number
    return {
        "people": people,
        "mean": round(points / people, 1) if people else 0.0,
        "bands": [[f"{full * n // BANDS}–{full * (n + 1) // BANDS}", number] for n, number in enumerate(bands)],
    }


def _add_levels(
    session: Session, quiz_id: UUID, before: Mapping[str, Sequence[int]], after: str | None, until: datetime
) -> dict[str, list[int]]:
    """By level: attempts, how many passed, points; what was graded since the last count added to what it had."""
    statement = (
        select(
            Attempt.level, func.count(), func.sum(case((Attempt.has_passed.is_(True), 1), else_=0)),
            func.sum(Attempt.score),
        )
        .where(Attempt.quiz_id == quiz_id, Attempt.graded_at < until)
        .group_by(Attempt.level)
    )  # fmt: skip
    if after is not None:
        statement = statement.where(Attempt.graded_at >= datetime.fromisoformat(after))
    sums = {level: list(numbers) for level, numbers in before.items()}
    for level, *numbers in session.execute(statement):
        one = sums.get(str(level), [0, 0, 0])
        sums[str(level)] = [kept + int(new or 0) for kept, new in zip(one, numbers, strict=True)]
    return sums
