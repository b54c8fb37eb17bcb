"""A contest that rewards can read, without a quiz behind it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from server.core import ids
from server.rewards.contests import Contest, Doubt, Entrant, Ranked


@dataclass
class SampleContests:
    """One contest. `finishers` and `ranking` hold people's ids, the best first."""

    campaign_id: UUID
    closes_at: datetime
    name: str = "安全知识闯关"
    id: UUID = field(default_factory=ids.new_id)
    finishers: list[UUID] = field(default_factory=list)
    ranking: list[UUID] = field(default_factory=list)
    settled: bool = True
    doubted: list[UUID] = field(default_factory=list)

    @property
    def contest(self) -> Contest:
        return Contest(self.id, self.name, self.closes_at, self.campaign_id)

    def list_contests(self, _session: Session) -> Iterable[Contest]:
        return [self.contest]

    def describe(self, _session: Session, contest_id: UUID) -> Contest | None:
        return self.contest if contest_id == self.id else None

    def hold(self, _session: Session, _contest_id: UUID) -> None:
        pass

    def notice(self, _session: Session, _contest_id: UUID, _now: datetime) -> None:
        pass

    def iter_doubts(self, _session: Session, _contest_id: UUID) -> Iterator[Doubt]:
        for person_id in self.doubted:
            yield Doubt(person_id, "职*", person_id in self.finishers)

    def has_finished(self, _session: Session, _contest_id: UUID, person_id: UUID) -> bool:
        return person_id in self.finishers

    def is_settled(self, _session: Session, _contest_id: UUID) -> bool:
        return self.settled

    def iter_finishers(self, _session: Session, _contest_id: UUID) -> Iterator[Entrant]:
        for number, person_id in enumerate(self.finishers):
            yield Entrant(person_id, None, f"职工{number}*")

    def iter_ranking(self, _session: Session, _contest_id: UUID, limit: int) -> Iterator[Ranked]:
        for rank, person_id in enumerate(self.ranking[:limit], 1):
            yield Ranked(person_id, rank, 100 - rank, 60_000 + rank)
