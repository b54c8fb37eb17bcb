"""The person who is asking, as every action and query sees them."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Protocol, cast
from uuid import UUID

from sqlalchemy import ColumnElement, false, or_
from sqlalchemy.orm import InstrumentedAttribute

from server.core.errors import Unauthorized
from server.core.web.access import asked_permission, find_actor, holders_of
from server.unions.roles import REVIEWERS, Level, Role


@dataclass(frozen=True, slots=True)
class RoleAt:
    """A role and the union at whose subtree it is held."""

    role: Role
    union_id: UUID
    level: Level
    union_name: str


class Placed(Protocol):
    """A row that knows the branch of the tree it lies on."""

    @property
    def city_id(self) -> UUID | None: ...
    @property
    def district_id(self) -> UUID | None: ...
    @property
    def town_id(self) -> UUID | None: ...
    @property
    def enterprise_id(self) -> UUID | None: ...


@dataclass(frozen=True, slots=True)
class Actor:
    """Someone signed in: a snapshot made at authentication, free of any database session.

    A view's actor has those roles alone that carry the view's permission (`current_actor`), so a role held at one union
    never lends its permissions to the scope of another.
    """

    person_id: UUID
    name: str | None
    session_id: UUID
    enterprise_id: UUID | None
    roles: tuple[RoleAt, ...] = ()
    is_worker: bool = False
    has_consented: bool = True  # to the privacy policy; asked of workers only
    has_second_factor: bool = True  # asked of reviewers signed in to the console only
    has_account: bool = True  # else they came by the code of a receipt
    other_ids: frozenset[UUID] = frozenset()  # the other rows of the same human being

    @property
    def role_names(self) -> frozenset[str]:
        names = {role_at.role.value for role_at in self.roles}
        return frozenset(names | {Role.WORKER.value} if self.is_worker else names)

    @property
    def own_ids(self) -> frozenset[UUID]:
        """Everybody that the actor is: account, linked phones, one unionid, one proved number."""
        return self.other_ids | {self.person_id}

    def is_own(self, person_id: UUID | None) -> bool:
        """Whether that person is the actor: the one question of every rule about what is somebody's own."""
        return person_id in self.own_ids

    def holds(self, *roles: Role) -> bool:
        """Whether any of `roles` is held, at whichever union."""
        return any(role_at.role in roles for role_at in self.roles)

    def carrying(self, roles: Collection[str]) -> "Actor":
        """The same person with those of their roles alone that are in `roles`."""
        return replace(self, roles=tuple(role_at for role_at in self.roles if role_at.role in roles))

    def union_ids(self, roles: Collection[str] | None = None) -> list[UUID]:
        """The unions where one of `roles` is held, or any role at all; each once."""
        return list(dict.fromkeys(each.union_id for each in self.roles if roles is None or each.role in roles))

    def holds_over(self, row: Placed, roles: Collection[str]) -> bool:
        """Whether one of `roles` is held at a union whose subtree holds `row`."""
        return any(
            role_at.role in roles and getattr(row, SCOPE_COLUMNS[role_at.level]) == role_at.union_id
            for role_at in self.roles
        )

    @property
    def reviewing(self) -> tuple[RoleAt, ...]:
        """The reviewer's roles alone."""
        return tuple(role_at for role_at in self.roles if role_at.role in REVIEWERS)

    def reviewing_over(self, row: Placed) -> tuple[RoleAt, ...]:
        """The reviewer's roles at unions whose subtree holds `row`."""
        return tuple(
            role_at for role_at in self.reviewing if getattr(row, SCOPE_COLUMNS[role_at.level]) == role_at.union_id
        )


SCOPE_COLUMNS = {
    Level.DISTRICT: "district_id",
    Level.TOWN: "town_id",
    Level.ENTERPRISE: "enterprise_id",
    Level.CITY: "city_id",
}


def in_scope(actor: Actor, table: type, roles: frozenset[Role]) -> ColumnElement[bool]:
    """A condition on `table` (it has the four ancestor columns): within the subtree of a role in `roles`.

    Nobody's scope is wider than their roles: with none of them the condition is false.
    """
    conditions: list[ColumnElement[bool]] = []
    for role_at in actor.roles:
        if role_at.role in roles:
            column = cast(InstrumentedAttribute[UUID | None], getattr(table, SCOPE_COLUMNS[role_at.level]))
            conditions.append(column == role_at.union_id)
    return or_(*conditions) if conditions else false()


def current_actor() -> Actor:
    """Who is asking, with the roles that carry this view's permission. Raises Unauthorized if nobody is signed in."""
    actor = cast(Actor | None, find_actor())
    if actor is None:
        raise Unauthorized
    permission = asked_permission()
    return actor if permission is None else actor.carrying(holders_of(permission))
