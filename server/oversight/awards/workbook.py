"""The roster as an Excel workbook."""

from io import BytesIO

from openpyxl import Workbook

from server.core.clock import in_shanghai
from server.core.sheets import append_row
from server.oversight.awards.models import EntryStatus
from server.oversight.awards.queries import BatchPage

HEADS = ("名次", "姓名或单位", "所在单位", "事由", "金额（元）", "发放方式", "凭证号", "发放时间", "本人确认")


def write_roster(page: BatchPage) -> BytesIO:
    """The listed entries' bytes, from their beginning. Text stays text."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("名单")
    append_row(sheet, [page.batch.name])
    append_row(sheet, HEADS)
    for each in page.candidates:
        if each.entry.status is not EntryStatus.LISTED:
            continue
        paid = each.payment
        append_row(
            sheet,
            [
                each.entry.rank or each.entry.place,
                each.name,
                each.enterprise_name,
                each.entry.merit,
                each.entry.amount_cents / 100,
                paid.method if paid else "",
                paid.voucher if paid else "",
                f"{in_shanghai(paid.paid_at):%Y-%m-%d}" if paid else "",
                "已确认" if paid and paid.received_at else "",
            ],
        )
    content = BytesIO()
    book.save(content)
    content.seek(0)
    return content
