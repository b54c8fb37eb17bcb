"""Reads of figures: small subtrees are counted on the spot, great ones come from snapshots that jobs keep."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.core.errors import NotFound
from server.reports.figures.counting.counting import count_figures
from server.reports.figures.counting.cuts import Cut
from server.reports.figures.models import FigureSnapshot
from server.reports.figures.schemas import Figures
from server.review.submissions.models import ARRIVED, Submission
from server.unions.actor import SCOPE_COLUMNS, Actor
from server.unions.campaigns.queries import CampaignFacts
from server.unions.roles import CONSOLE, Level
from server.unions.tree.models import Union
from server.unions.tree.queries import get_union_in_scope

SMALL = 2000  # submissions that are counted while somebody waits: some 50 ms
FRESH = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Counted:
    """Figures, when they were counted, and the snapshot they come from (None: counted just now)."""

    figures: Figures
    at: datetime
    snapshot_id: UUID | None = None
    viewed_at: datetime | None = None


def get_subtree(session: Session, actor: Actor, union_id: UUID | None) -> Union:
    """The union whose figures are asked for: the one named, else the first of the actor's own. Raises NotFound."""
    if union_id is None:
        own = [role_at.union_id for role_at in actor.roles if role_at.role in CONSOLE]
        union_id = own[0] if own else None
    if union_id is None:
        raise NotFound
    union = get_union_in_scope(session, union_id, actor)
    if union.level is Level.TEAM:
        raise NotFound
    return union


def find_figures(session: Session, union: Union, campaign: CampaignFacts, cut: Cut, now: datetime) -> Counted | None:
    """Figures to show at once: counted now for a small subtree, else the snapshot. None: a job has to count first."""
    if _is_small(session, union):
        return Counted(count_figures(session, union, campaign, cut, now), now)
    snapshot = session.scalar(
        select(FigureSnapshot).where(
            FigureSnapshot.union_id == union.id,
            FigureSnapshot.campaign_id == campaign.id,
            FigureSnapshot.cut == cut.key,
        )
    )
    if snapshot is None or not snapshot.data:
        return None
    return Counted(Figures.model_validate(snapshot.data), snapshot.computed_at, snapshot.id, snapshot.viewed_at)


def _is_small(session: Session, union: Union) -> bool:
    some = (
        select(Submission.id)
        .where(getattr(Submission, SCOPE_COLUMNS[union.level]) == union.id, ARRIVED)
        .limit(SMALL + 1)
        .subquery()
    )
    return (session.scalar(select(func.count()).select_from(some)) or 0) <= SMALL


def list_stale(session: Session, now: datetime, *, viewed_since: datetime) -> Sequence[FigureSnapshot]:
    """Snapshots that somebody looked at lately and that are no longer fresh."""
    return session.scalars(
        select(FigureSnapshot)
        .where(FigureSnapshot.viewed_at >= viewed_since, FigureSnapshot.computed_at < now - FRESH)
        .order_by(FigureSnapshot.computed_at)
    ).all()
