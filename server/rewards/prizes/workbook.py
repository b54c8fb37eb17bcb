"""The wins of a pool as an Excel workbook."""

from io import BytesIO

from openpyxl import Workbook

from server.core.clock import in_shanghai
from server.core.sheets import append_row
from server.rewards.prizes.queries import PoolPage
from server.rewards.prizes.texts import PROOF_TEXTS, STATUS_WORDS, WAY_TEXTS

HEADS = ("方式", "名次", "姓名", "单位", "奖品", "状态", "领奖截止", "发放凭据", "签收说明", "发放时间")


def write_wins(page: PoolPage) -> BytesIO:
    """The workbook's bytes, from their beginning. Text stays text."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("获奖名单")
    append_row(sheet, [f"{page.pool.contest_name} {page.pool.name}"])
    append_row(sheet, HEADS)
    for line in page.wins:
        win, given = line.win, line.handover
        append_row(
            sheet,
            [
                WAY_TEXTS[win.way],
                win.place,
                line.name,
                line.enterprise_name,
                line.prize_name,
                STATUS_WORDS[win.status],
                f"{in_shanghai(win.claim_until):%Y-%m-%d %H:%M}" if win.claim_until else "",
                PROOF_TEXTS[given.proof] if given else "",
                given.note if given else "",
                f"{in_shanghai(given.at):%Y-%m-%d %H:%M}" if given else "",
            ],
        )
    content = BytesIO()
    book.save(content)
    content.seek(0)
    return content
