"""What people see of others on their phones, as its slice declares it (`published` in slice.py): whoever sees it may
complain, and the union that answers for it leaves it or takes it down (server.publicity.complaints)."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from server.unions.actor import Actor
from server.unions.roles import Level
from server.unions.tree.models import Union


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """`subject` as the audit log calls it, `label` as people do, `shown_at` the doors of the API that show it.

    `answering_union` is asked as whoever complains: it raises NotFound for what they do not see. `names` are those of
    the console, whose page of it is `path` and the id. `owners` wrote it: they do not decide. `take_down` is a move of
    the slice's own, refused as that is; it changes nothing where nobody sees it any more.
    """

    subject: str
    label: str
    shown_at: tuple[str, ...]
    path: str
    answering_union: Callable[[Session, UUID, Actor], UUID]
    names: Callable[[Session, Collection[UUID]], Mapping[UUID, str]]
    owners: Callable[[Session, UUID], Collection[UUID]]
    take_down: Callable[[Session, UUID, str, Actor, datetime], None]


HIDDEN_NAME = "名字已撤下"
"""What stands on a list of winners for each of them once it was taken down: the rest of it can still be checked."""


def above_enterprises(session: Session, union_id: UUID) -> UUID:
    """That union, or above it where it is an enterprise's: what everybody sees is not for one enterprise to judge."""
    union = session.get_one(Union, union_id)
    above = union.town_id or union.district_id or union.city_id
    return above if union.level in (Level.ENTERPRISE, Level.TEAM) and above is not None else union.id
