"""Contests whose results are rewarded, as rewards see them. The wing that runs them plugs in a reader; rewards never
import that wing."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from server.core.errors import Conflict, NotFound
from server.core.ports import Port
from server.unions.people.selves.queries import other_selves

NAMED = 5  # people whom a refusal names


@dataclass(frozen=True, slots=True)
class Contest:
    """A contest. From `closes_at` on nobody begins; what was begun before may still be counted (`is_settled`)."""

    id: UUID
    name: str
    closes_at: datetime
    campaign_id: UUID


@dataclass(frozen=True, slots=True)
class Entrant:
    """Somebody who finished, and so takes part in the draw. `label`: a shortened name, fit for everybody's eyes."""

    person_id: UUID
    union_id: UUID | None
    label: str


@dataclass(frozen=True, slots=True)
class Ranked:
    """A place in the ranking: the best first, in the order in which prizes are given."""

    person_id: UUID
    rank: int
    score: int
    duration_ms: int


@dataclass(frozen=True, slots=True)
class Doubt:
    """Somebody about whose play something was noticed that nobody has judged yet. `has_finished`: by now."""

    person_id: UUID
    label: str
    has_finished: bool


class _OfSomebody(Protocol):
    @property
    def person_id(self) -> UUID: ...


T = TypeVar("T", bound=_OfSomebody)


class ContestReader(Protocol):
    """How rewards read the contests of one kind."""

    def list_contests(self, session: Session) -> Iterable[Contest]:
        """Every contest, the newest first."""

    def describe(self, session: Session, contest_id: UUID) -> Contest | None:
        """The contest; None if it is not of this kind."""

    def hold(self, session: Session, contest_id: UUID) -> None:
        """Keep the contest as it is until the transaction ends."""

    def has_finished(self, session: Session, contest_id: UUID, person_id: UUID) -> bool:
        """Whether the person is among the finishers by now."""

    def notice(self, session: Session, contest_id: UUID, now: datetime) -> None:
        """Look once more for what is odd about anybody's play, so that doubts are complete."""

    def iter_doubts(self, session: Session, contest_id: UUID) -> Iterator[Doubt]:
        """People whose play counts although nobody has judged what was noticed about it, each once."""

    def is_settled(self, session: Session, contest_id: UUID) -> bool:
        """Whether nothing that was begun is still waiting to be counted. Asked after the close."""

    def iter_finishers(self, session: Session, contest_id: UUID) -> Iterator[Entrant]:
        """Everybody who finished, each once, in any order."""

    def iter_ranking(self, session: Session, contest_id: UUID, limit: int) -> Iterator[Ranked]:
        """The best `limit` people, the best first, each once."""


CONTESTS: Port[ContestReader] = Port("rewards.contests")


def list_contests(session: Session) -> list[Contest]:
    """Contests of every kind."""
    return [contest for reader in CONTESTS.answers for contest in reader.list_contests(session)]


def find_contest(session: Session, contest_id: UUID) -> Contest | None:
    """The contest, None if no reader knows it."""
    return next((found for _, found in _reading(session, contest_id)), None)


def get_contest(session: Session, contest_id: UUID) -> Contest:
    """The contest. Raises NotFound."""
    contest = find_contest(session, contest_id)
    if contest is None:
        raise NotFound("没有找到这个竞赛。")
    return contest


def hold_contest(session: Session, contest_id: UUID) -> Contest:
    """The contest, as it stays until the transaction ends. Raises NotFound."""
    for reader, _ in _reading(session, contest_id):
        reader.hold(session, contest_id)
    return get_contest(session, contest_id)


def list_doubts(session: Session, contest_id: UUID) -> list[Doubt]:
    """People about whose play nobody has judged yet what was noticed."""
    return [doubt for reader, _ in _reading(session, contest_id) for doubt in reader.iter_doubts(session, contest_id)]


def notice_doubts(session: Session, contest_id: UUID, now: datetime) -> None:
    """Have everything noticed that is odd about play in the contest: jobs that look for it come round only so often."""
    for reader, _ in _reading(session, contest_id):
        reader.notice(session, contest_id, now)


def check_doubts(
    session: Session, contest_id: UUID, people: Collection[UUID], waiver: str, *, now: datetime
) -> list[UUID]:
    """Those of `people` who are let through unjudged, as of this very moment. Raises Conflict if there are any and
    `waiver` gives no reason."""
    notice_doubts(session, contest_id, now)
    found = [doubt for doubt in list_doubts(session, contest_id) if doubt.person_id in people]
    if found and not waiver:
        names = "、".join(doubt.label for doubt in found[:NAMED]) + (" 等" if len(found) > NAMED else "")
        raise Conflict(
            f"{names} {len(found)} 人的答题有异常，还没有人判断。请先判断，或者写明原因放行。", code="unjudged"
        )
    return [doubt.person_id for doubt in found]


def check_settled(session: Session, contest_id: UUID, *, now: datetime) -> None:
    """Raises Conflict unless the contest has closed and everything begun before has been counted; NotFound."""
    if now < get_contest(session, contest_id).closes_at:
        raise Conflict("竞赛还没有结束。", code="too_early")
    if not all(reader.is_settled(session, contest_id) for reader, _ in _reading(session, contest_id)):
        raise Conflict("竞赛刚结束，最后的答卷还在判分。请过几分钟再试。", code="not_settled")


def has_finished(session: Session, contest_id: UUID, person_id: UUID) -> bool:
    """Whether the person has finished the contest by now."""
    return any(reader.has_finished(session, contest_id, person_id) for reader, _ in _reading(session, contest_id))


def iter_finishers(session: Session, contest_id: UUID) -> Iterator[Entrant]:
    """Everybody who finished the contest, each human being once."""
    for reader, _ in _reading(session, contest_id):
        yield from _once_each(session, list(reader.iter_finishers(session, contest_id)))


def iter_ranking(session: Session, contest_id: UUID, limit: int) -> Iterator[Ranked]:
    """The best `limit` people of the contest, each human being once, by their best."""
    for reader, _ in _reading(session, contest_id):
        wanted = limit
        while True:
            rows = list(reader.iter_ranking(session, contest_id, wanted))
            found = _once_each(session, rows)
            if len(found) >= limit or len(rows) < wanted:
                break
            wanted += limit - len(found)  # some were there twice: read as many more
        yield from found[:limit]


def _once_each(session: Session, rows: list[T]) -> list[T]:
    """The first row of each human being."""
    others = other_selves(session, [row.person_id for row in rows])
    seen: set[UUID] = set()
    first: list[T] = []
    for row in rows:
        if row.person_id not in seen:
            first.append(row)
            seen |= {row.person_id, *others.get(row.person_id, ())}
    return first


def _reading(session: Session, contest_id: UUID) -> Iterator[tuple[ContestReader, Contest]]:
    for reader in CONTESTS.answers:
        found = reader.describe(session, contest_id)
        if found is not None:
            yield reader, found
