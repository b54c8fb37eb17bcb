"""Rules of the tree that need no database: which level stands under which, and what that makes of the ancestors."""

from collections.abc import Mapping
from uuid import UUID

from server.unions.roles import Level
from server.unions.tree.models import Union

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
