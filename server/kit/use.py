"""Lists of what is taken out of use rather than deleted."""

from enum import StrEnum

from sqlalchemy import ColumnElement

from server.kit.listing import Tab


class Use(StrEnum):
    """What is in use, or was taken out of use."""

    ACTIVE = "active"
    INACTIVE = "inactive"


def tabs_of_use(is_active: ColumnElement[bool]) -> tuple[Tab, ...]:
    """The views of a list whose rows are taken out of use rather than deleted."""
    return (
        Tab(Use.ACTIVE, "在用", ((is_active.is_(True),),)),
        Tab(Use.INACTIVE, "已停用", ((is_active.is_(False),),)),
    )
