"""Rules about people that need no database: who may grant what, how a phone number is shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from server.core.errors import Forbidden, Invalid
from server.unions.actor import Actor
from server.unions.people.models import PhoneSource
from server.unions.roles import REVIEWERS, ROLE_LEVEL, ROLE_NAMES, Role
from server.unions.tree.models import Union
from server.unions.tree.rules import OWN_COLUMN

PHONE_SOURCES = {PhoneSource.TYPED: "自己填的", PhoneSource.ENTERED: "单位登记的", PhoneSource.PROVED: "已核实的"}
"""Where a number comes from, in words: anybody may type any number, and any name."""

GRANTABLE: Mapping[Role, frozenset[Role]] = {
    Role.ADMIN: REVIEWERS | {Role.ADMIN},
    Role.CITY_REVIEWER: frozenset({Role.DISTRICT_REVIEWER, Role.TOWN_REVIEWER, Role.ENTERPRISE_REVIEWER}),
    Role.DISTRICT_REVIEWER: frozenset({Role.TOWN_REVIEWER, Role.ENTERPRISE_REVIEWER}),
    Role.TOWN_REVIEWER: frozenset({Role.ENTERPRISE_REVIEWER}),
    Role.ENTERPRISE_REVIEWER: frozenset(),
}
"""The roles that the holder of a role may grant and revoke, within the subtree where it is held."""


def mask_phone(phone: str | None) -> str | None:
    """138****5678: enough to recognise one's own, too little to call."""
    if not phone:
        return None
    if len(phone) < 8:
        return "*" * len(phone)
    return phone[:3] + "*" * (len(phone) - 7) + phone[-4:]


def shorten_name(name: str | None) -> str:
    """赵*, 欧**: enough for colleagues to know who is meant."""
    return f"{name[0]}{'*' * max(1, len(name) - 1)}" if name else "未填姓名"


# --- who may grant what, and manage whom ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Post:
    """A role that a person holds, and the union it is held at."""

    id: UUID
    role: Role
    union: Union


def may_grant(actor: Actor, role: Role, union: Union) -> bool:
    """Whether the actor may grant and revoke `role` at `union`: below a role that may grant it."""
    return any(
        role in GRANTABLE[role_at.role] and getattr(union, OWN_COLUMN[role_at.level]) == role_at.union_id
        for role_at in actor.roles
    )


def grantable_roles(actor: Actor) -> list[Role]:
    """The roles the actor may grant somewhere, the highest last."""
    roles = {role for role_at in actor.roles for role in GRANTABLE[role_at.role]}
    return [role for role in Role if role in roles]


def check_grant(actor: Actor, role: Role, union: Union) -> None:
    """Raise Invalid for a role that is not held at such a union, Forbidden for one the actor may not grant there."""
    if role is Role.WORKER or ROLE_LEVEL[role] is not union.level:
        raise Invalid(
            f"“{ROLE_NAMES[role]}”不能设在这一级工会。", code="role_at_wrong_level", fields={"union_id": "级别不符"}
        )
    if not may_grant(actor, role, union):
        raise Forbidden(f"您不能在这里授予或撤销“{ROLE_NAMES[role]}”。")


def may_manage(actor: Actor, posts: Sequence[Post]) -> bool:
    """Whether the actor may edit or shut out whoever holds `posts`: every one is within their gift."""
    return all(may_grant(actor, post.role, post.union) for post in posts)
