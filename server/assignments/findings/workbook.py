"""How far everybody is, as a sheet: 单位 | 应查 | 已查 | 不合格项 | 已整改."""

from server.assignments.findings.queries import Progress
from server.core.sheets import CellKind, SheetColumn

PROGRESS: tuple[SheetColumn[Progress], ...] = (
    SheetColumn("单位", lambda row: row.name, width=32),
    SheetColumn("应查", lambda row: row.asked, CellKind.WHOLE, is_summed=True),
    SheetColumn("已查", lambda row: row.done, CellKind.WHOLE, is_summed=True),
    SheetColumn("逾期", lambda row: row.overdue, CellKind.WHOLE, is_summed=True),
    SheetColumn("不合格项", lambda row: row.failed, CellKind.WHOLE, is_summed=True),
    SheetColumn("已整改", lambda row: row.rectified, CellKind.WHOLE, is_summed=True),
)
