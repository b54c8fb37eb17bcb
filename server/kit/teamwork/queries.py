"""Reads of teamwork: whose union an item is talked about in, its reviewers, what was said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from server.core.errors import NotFound
from server.core.slice import ERASED_NAME, declared
from server.kit.teamwork.models import Assignee, Comment
from server.kit.teamwork.sharing import FoundItem, SharedItem
from server.unions.actor import Actor, RoleAt
from server.unions.people.models import Person, RoleAssignment
from server.unions.roles import REVIEWERS, Level

CLOSEST = (Level.ENTERPRISE, Level.TOWN, Level.DISTRICT, Level.CITY)
SHOWN = 100


@dataclass(frozen=True, slots=True)
class Colleague:
    """A reviewer of the same union. `is_chosen`: the item is theirs."""

    id: UUID
    name: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Said:
    """A comment."""

    text: str
    author: str
    at: datetime


@dataclass(frozen=True, slots=True)
class TeamPanel:
    """What the page of an item shows of the viewer's own union. `is_own`: they sent it up themselves, so what is said
    about it is kept from them."""

    subject: str
    item_id: UUID
    union_name: str
    colleagues: Sequence[Colleague]
    comments: Sequence[Said]
    is_own: bool
    is_mine: bool

    @property
    def given_to(self) -> str:
        return next((each.name for each in self.colleagues if each.is_chosen), "")


def get_item_kind(subject: str) -> SharedItem:
    """Raises NotFound for what no slice shares."""
    kinds: dict[str, SharedItem] = {each.subject: each for each in declared().shared_items}
    if subject not in kinds:
        raise NotFound
    return kinds[subject]


def href_of(subject: str, item_id: UUID) -> str:
    """The page of an item."""
    return f"{get_item_kind(subject).path}/{item_id}"


def seat_over(actor: Actor, item: FoundItem) -> RoleAt | None:
    """The union in which the actor talks about the item: the closest to it of those where they review; None if they
    review nowhere over it."""
    seats = sorted(actor.reviewing_over(item.placed), key=lambda seat: CLOSEST.index(seat.level))
    return seats[0] if seats else None


def list_colleagues(session: Session, subject: str, item_id: UUID, union_id: UUID) -> list[Colleague]:
    """The active reviewers of the union, with whose the item is.

    Whoever sent it up anonymously stands among them: a name left out would tell.
    """
    theirs = and_(
        Assignee.assignee_id == Person.id,
        Assignee.subject == subject,
        Assignee.subject_id == item_id,
        Assignee.union_id == union_id,
    )
    rows = session.execute(
        select(Person.id, Person.name, Assignee.id.label("assignment_id"))
        .join(RoleAssignment, RoleAssignment.person_id == Person.id)
        .outerjoin(Assignee, theirs)
        .where(RoleAssignment.union_id == union_id, RoleAssignment.role.in_(REVIEWERS), Person.is_active.is_(True))
        .order_by(Person.name, Person.id)
        .distinct()
    )
    return [Colleague(row.id, row.name or "未填姓名", row.assignment_id is not None) for row in rows]


def describe_team(session: Session, subject: str, item_id: UUID, actor: Actor) -> TeamPanel | None:
    """None for whoever reviews nowhere over the item. Raises NotFound for what the actor may not see."""
    item = get_item_kind(subject).find(session, item_id, actor)
    seat = seat_over(actor, item)
    if seat is None:
        return None
    is_own = item.reporter_id is not None and actor.is_own(item.reporter_id)
    colleagues = list_colleagues(session, subject, item_id, seat.union_id)
    return TeamPanel(
        subject=subject,
        item_id=item_id,
        union_name=seat.union_name,
        colleagues=colleagues,
        comments=[] if is_own else _comments(session, item_id, seat.union_id),
        is_own=is_own,
        is_mine=any(each.is_chosen and actor.is_own(each.id) for each in colleagues),
    )


def _comments(session: Session, item_id: UUID, union_id: UUID) -> list[Said]:
    latest = session.execute(
        select(Comment.text, Comment.created_at, Person.name)
        .join(Person, Person.id == Comment.author_id)
        .where(Comment.subject_id == item_id, Comment.union_id == union_id)
        .order_by(Comment.id.desc())
        .limit(SHOWN)
    ).all()
    return [Said(row.text, row.name or ERASED_NAME, row.created_at) for row in reversed(latest)]
