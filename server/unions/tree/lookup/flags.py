"""Enterprises that deserve a look of their own: what lists and figures are cut by, each flag defined once."""

from collections.abc import Mapping
from enum import StrEnum

from sqlalchemy import ColumnElement, and_

from server.unions.tree.models import Ownership, Size, Union


class Flag(StrEnum):
    """As in the addresses of lists and figures."""

    HIGH_RISK = "high_risk"
    CHEMICAL = "chemical"
    PRIVATE_SMALL = "private_small"


FLAG_TEXTS: Mapping[Flag, str] = {Flag.HIGH_RISK: "高危行业", Flag.CHEMICAL: "化工", Flag.PRIVATE_SMALL: "非公中小"}

NON_PUBLIC = (Ownership.PRIVATE, Ownership.FOREIGN)
"""Not mixed ownership: the state may hold the larger part. One in private hands is entered as private."""
NOT_LARGE = (Size.MEDIUM, Size.SMALL, Size.MICRO)

_CONDITIONS: Mapping[Flag, ColumnElement[bool]] = {
    Flag.HIGH_RISK: Union.is_high_risk.is_(True),
    Flag.CHEMICAL: Union.is_chemical.is_(True),
    Flag.PRIVATE_SMALL: and_(Union.ownership.in_(NON_PUBLIC), Union.size.in_(NOT_LARGE)),
}


def flagged(flag: Flag) -> ColumnElement[bool]:
    """Whether a union has the flag. One whose ownership or size is not entered is not 非公中小."""
    return _CONDITIONS[flag]
