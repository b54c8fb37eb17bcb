"""安全制度建立情况统计表: by system, and by unit."""

from typing import Any

from server.core.sheets import CellKind, Sheet, SheetColumn
from server.oversight.systems.models import HeldStatus
from server.oversight.systems.queries import SystemsTable
from server.oversight.systems.texts import STATUS_NAMES

NOT_APPLICABLE = "不适用"


def share(line: Any) -> str:
    """In place of those asked about; nothing to divide by is not applicable."""
    if not line.asked:
        return NOT_APPLICABLE
    percent = 100 * line.in_place // line.asked  # never rounded up: 100 % is all of them
    return f"{percent}%"


def table_sheets(table: SystemsTable, title: str) -> tuple[Sheet[Any], Sheet[Any]]:
    """Two sheets of one table."""
    return (
        Sheet(
            "按制度",
            (
                SheetColumn("制度", lambda line: line.system.name, width=36),
                SheetColumn("依据", lambda line: line.system.basis, width=44),
                *_columns("企业数"),
            ),
            table.systems,
            heading=(title,),
        ),
        Sheet(
            "按单位",
            (SheetColumn("单位", lambda line: line.name, width=28), *_columns("应有（家×项）")),
            table.units,
            heading=(title,),
        ),
    )


def _columns(asked: str) -> tuple[SheetColumn[Any], ...]:
    def count(status: HeldStatus) -> SheetColumn[Any]:
        return SheetColumn(STATUS_NAMES[status], lambda line: line.counts[status], CellKind.WHOLE)

    return (
        SheetColumn(asked, lambda line: line.asked, CellKind.WHOLE),
        SheetColumn("已建立", lambda line: line.in_place, CellKind.WHOLE),
        SheetColumn("建立率", share, width=10),
        *(count(status) for status in HeldStatus),
    )
