"""What is asked of the pages of sums."""

from enum import StrEnum
from uuid import UUID

from server.core.web.schemas import In
from server.unions.roles import Level
from server.unions.tree.lookup.flags import FLAG_TEXTS, Flag
from server.unions.tree.rules import LEVEL_NAMES


class Cut(StrEnum):
    """Whom the counts are of."""

    ALL = "all"
    DISTRICT = "district"
    TOWN = "town"
    ENTERPRISE = "enterprise"
    HIGH_RISK = "high_risk"
    CHEMICAL = "chemical"
    PRIVATE_SMALL = "private_small"


CUT_TEXTS = {
    Cut.ALL: "全部单位",
    **{Cut(level): LEVEL_NAMES[level] for level in (Level.DISTRICT, Level.TOWN, Level.ENTERPRISE)},
    **{Cut(flag): FLAG_TEXTS[flag] for flag in Flag},
}


class RollupQuery(In):
    """Of which assignment, below which union of it, of whom."""

    assignment: UUID
    union: UUID | None = None
    cut: Cut = Cut.ALL
