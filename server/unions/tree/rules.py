"""Rules of the tree that need no database: which level stands under which, and what that makes of the ancestors."""

from collections.abc import Mapping
from uuid import UUID

from server.unions.actor import Actor
from server.unions.roles import Level, Role
from server.unions.tree.models import Size, Union
from server.unions.tree.permissions import MANAGERS

PARENT_LEVELS: Mapping[Level, frozenset[Level]] = {
    Level.CITY: frozenset(),
    Level.DISTRICT: frozenset({Level.CITY}),
    Level.TOWN: frozenset({Level.DISTRICT}),
    Level.ENTERPRISE: frozenset({Level.TOWN, Level.DISTRICT}),
    Level.TEAM: frozenset({Level.ENTERPRISE}),
}

LEVEL_NAMES: Mapping[Level, str] = {
    Level.CITY: "市总工会",
    Level.DISTRICT: "区市与直属",
    Level.TOWN: "镇街",
    Level.ENTERPRISE: "企业",
    Level.TEAM: "班组",
}

NEW_NAMES: Mapping[Level, str] = {**LEVEL_NAMES, Level.DISTRICT: "区市或直属单位"}
"""What one makes, in the singular."""

FEW = 100
"""Where fewer work, a report may be enough to guess who sent it."""


def is_small(headcount: int | None, size: Size | None) -> bool:
    """Whether so few work there; by the size where nobody has said how many."""
    return headcount < FEW if headcount is not None else size in (Size.SMALL, Size.MICRO)


RANK: Mapping[Level, int] = {level: rank for rank, level in enumerate(Level)}
"""0 for the city, growing downwards."""

OWN_COLUMN: Mapping[Level, str] = {
    Level.CITY: "city_id",
    Level.DISTRICT: "district_id",
    Level.TOWN: "town_id",
    Level.ENTERPRISE: "enterprise_id",
}
"""The ancestor column that holds a union's own id; a team has none."""

ANCESTOR_COLUMNS = tuple(OWN_COLUMN.values())


def ancestors_of(level: Level, union_id: UUID, parent: Union | None) -> dict[str, UUID | None]:
    """The ancestor columns of a union at `level` under `parent`, itself included."""
    columns: dict[str, UUID | None] = {
        column: getattr(parent, column) if parent is not None else None for column in ANCESTOR_COLUMNS
    }
    if level in OWN_COLUMN:
        columns[OWN_COLUMN[level]] = union_id
    return columns


# --- who may change which union: those above it -----------------------------------------------------------------------

ALL_FIELDS = frozenset(
    {
        "name",
        "short_name",
        "code",
        "affiliation",
        "industry",
        "ownership",
        "size",
        "is_high_risk",
        "is_chemical",
        "tags",
        "headcount",
        "safety_officer_name",
        "safety_officer_phone",
        "address",
        "is_active",
    }
)
OWN_FIELDS = frozenset({"headcount", "safety_officer_name", "safety_officer_phone", "address"})
"""What an enterprise's own reviewer keeps up to date; the rest is for the unions above to say."""

ENTERPRISE_FIELDS = frozenset(
    {
        "industry",
        "ownership",
        "size",
        "is_high_risk",
        "is_chemical",
        "headcount",
        "safety_officer_name",
        "safety_officer_phone",
        "address",
    }
)


def fields_for(level: Level) -> frozenset[str]:
    """The fields that make sense at a level."""
    fields = ALL_FIELDS if level is Level.ENTERPRISE else ALL_FIELDS - ENTERPRISE_FIELDS
    if level in (Level.CITY, Level.TEAM):  # nothing is sent to these
        fields -= {"tags"}
    return fields if level is Level.DISTRICT else fields - {"affiliation"}


def is_above(actor: Actor, union: Union) -> bool:
    """Whether a managing role of the actor stands above `union`; an administrator stands above everything."""
    for role_at in actor.roles:
        inside = getattr(union, OWN_COLUMN[role_at.level]) == role_at.union_id
        if inside and role_at.role is Role.ADMIN:
            return True
        if inside and role_at.role in MANAGERS and RANK[union.level] > RANK[role_at.level]:
            return True
    return False


def is_own(actor: Actor, union: Union) -> bool:
    """Whether the actor reviews for this very enterprise, or for that of this team."""
    return any(
        role_at.role is Role.ENTERPRISE_REVIEWER and role_at.union_id == union.enterprise_id for role_at in actor.roles
    )


def editable_fields(actor: Actor, union: Union) -> frozenset[str]:
    """What the actor may change of a union; empty for nothing."""
    if is_above(actor, union):
        return fields_for(union.level) - ({"is_active"} if union.level is Level.CITY else frozenset())
    return OWN_FIELDS if is_own(actor, union) and union.level is Level.ENTERPRISE else frozenset()


def may_give_invite_code(actor: Actor, union: Union) -> bool:
    """Whether the actor may make a new invite code."""
    return union.level is Level.ENTERPRISE and (is_above(actor, union) or is_own(actor, union))


def may_answer_traits(actor: Actor, union: Union) -> bool:
    """Whether the actor may say what an enterprise has and has not."""
    return union.level is Level.ENTERPRISE and (is_above(actor, union) or is_own(actor, union))


def new_levels(parent: Union, actor: Actor) -> list[Level]:
    """The levels at which the actor may add a union below `parent`."""
    if not parent.is_active:
        return []
    fitting = [level for level, above in PARENT_LEVELS.items() if parent.level in above]
    at_or_above = any(role_at.union_id == parent.id for role_at in actor.roles) or is_above(actor, parent)
    return fitting if at_or_above or is_own(actor, parent) else []
