"""How much waits for a reviewer: capped counts, each along an index, whatever the size of the tables."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.core.slice import TODO_CAP as MOST
from server.core.ttl_cache import TtlCache
from server.kit.scope import scopes_of
from server.notifications.digests.waiting import by_path, count_others
from server.review.queue.listing import page_statement
from server.review.queue.permissions import MAY
from server.review.queue.schemas import Due, QueueFilter
from server.review.rectification.models import Rectification, RectifyStatus
from server.unions.actor import Actor, in_scope
from server.unions.roles import REVIEWERS

QUEUED, OVERDUE, TODAY = QueueFilter(), QueueFilter(due=Due.OVERDUE), QueueFilter(due=Due.TODAY)


@dataclass(frozen=True, slots=True)
class Badge:
    """What waits and what of it is overdue; MOST stands for that many or more."""

    waiting: int
    overdue: int
    others: Mapping[str, int]  # by the page where they are seen to

    @property
    def text(self) -> str:
        """As it stands beside the queue in the navigation."""
        return f"{MOST - 1}+" if self.waiting >= MOST else str(self.waiting)

    def count_at(self, paths: Iterable[str]) -> int:
        """What waits at several pages besides the queue."""
        return sum(self.others.get(path, 0) for path in paths)

    @property
    def words(self) -> str:
        """For those who do not see colours."""
        late = f"，其中 {self.overdue} 条逾期" if self.overdue else ""
        return f"{self.text} 条待办{late}"


_badges: TtlCache[UUID, Badge] = TtlCache()


def badge_of(session: Session, actor: Actor, now: datetime) -> Badge | None:
    """The badge of a reviewer, up to half a minute old; None for whoever reviews nothing."""
    if not actor.reviewing:
        return None
    return _badges.get(session, actor.person_id, lambda: count_waiting(session, actor, now))


def count_waiting(session: Session, actor: Actor, now: datetime) -> Badge:
    """Counted at this moment."""
    others = by_path(count_others(session, actor, now))
    return Badge(count(session, actor, QUEUED, now), count(session, actor, OVERDUE, now), others)


def count(session: Session, actor: Actor, filters: QueueFilter, now: datetime) -> int:
    """How many items of the queue, MOST at most."""
    statement = page_statement(session, scopes_of(session, actor, MAY), filters, actor, now, limit=MOST)
    return session.scalar(select(func.count()).select_from(statement.subquery())) or 0


def count_rechecks(session: Session, actor: Actor) -> int:
    """How many rectifications wait for a recheck in the reviewer's subtrees, MOST at most."""
    statement = (
        select(Rectification.id)
        .where(in_scope(actor, Rectification, REVIEWERS), Rectification.status == RectifyStatus.SUBMITTED)
        .limit(MOST)
    )
    return session.scalar(select(func.count()).select_from(statement.subquery())) or 0
