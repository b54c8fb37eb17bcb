"""The roster as an Excel sheet."""

from server.core.sheets import CellKind, Sheet, SheetColumn
from server.oversight.awards.models import EntryStatus
from server.oversight.awards.queries import BatchPage, Candidate

COLUMNS: tuple[SheetColumn[Candidate], ...] = (
    SheetColumn("名次", lambda each: each.entry.rank or each.entry.place, CellKind.WHOLE),
    SheetColumn("姓名或单位", lambda each: each.name, width=24),
    SheetColumn("所在单位", lambda each: each.enterprise_name, width=28),
    SheetColumn("编号", lambda each: each.number),
    SheetColumn("事由", lambda each: each.entry.merit, width=40),
    SheetColumn("金额（元）", lambda each: each.entry.amount_cents, CellKind.MONEY, is_summed=True),
    SheetColumn("发放方式", lambda each: each.payment.method if each.payment else None, width=12),
    SheetColumn("凭证号", lambda each: each.payment.voucher if each.payment else None),
    SheetColumn("发放时间", lambda each: each.payment.paid_at if each.payment else None, CellKind.DAY),
    SheetColumn("本人确认", lambda each: "已确认" if each.payment and each.payment.received_at else None, width=10),
)


def sheet_of(page: BatchPage) -> Sheet[Candidate]:
    """Whoever stands on the list."""
    return Sheet("名单", COLUMNS, [each for each in page.candidates if each.entry.status is EntryStatus.LISTED])
