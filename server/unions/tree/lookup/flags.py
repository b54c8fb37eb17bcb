"""Enterprises that deserve a look of their own: what lists and figures are cut by, each flag defined once."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import ColumnElement, and_, case

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


FLAG_BITS: Mapping[Flag, int] = {flag: 1 << number for number, flag in enumerate(Flag)}
FLAG_SUM: ColumnElement[int] = sum(
    (case((flagged(flag), bit), else_=0) for flag, bit in FLAG_BITS.items()), start=cast(Any, 0)
)
"""The flags of a union in one number."""


def subsets(flags: int) -> Iterator[int]:
    """Every choice among the flags that are set, none and all of them included."""
    chosen = flags
    while True:
        yield chosen
        if chosen == 0:
            return
        chosen = (chosen - 1) & flags
