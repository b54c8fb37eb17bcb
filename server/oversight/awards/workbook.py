"""The roster as an Excel workbook."""

from io import BytesIO

from openpyxl import Workbook

from server.core.clock import in_shanghai
from server.oversight.awards.models import EntryStatus
from server.oversight.awards.queries import BatchPage

HEADS = ("名次", "姓名或单位", "所在单位", "事由", "金额（元）", "发放方式", "凭证号", "发放时间", "本人确认")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_roster(page: BatchPage) -> BytesIO:
    """The listed entries' bytes, from their beginning. Text that a spreadsheet would run is kept as text."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("名单")
    sheet.append([_plain(page.batch.name)])
    sheet.append(list(HEADS))
    for each in page.candidates:
        if each.entry.status is not EntryStatus.LISTED:
            continue
        paid = each.payment
        sheet.append(
            [
                each.entry.rank or each.entry.place,
                _plain(each.name),
                _plain(each.enterprise_name),
                _plain(each.entry.merit),
                each.entry.amount_cents / 100,
                _plain(paid.method) if paid else "",
                _plain(paid.voucher) if paid else "",
                f"{in_shanghai(paid.paid_at):%Y-%m-%d}" if paid else "",
                "已确认" if paid and paid.received_at else "",
            ]
        )
    content = BytesIO()
    book.save(content)
    content.seek(0)
    return content


def _plain(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
