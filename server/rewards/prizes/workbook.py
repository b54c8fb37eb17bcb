"""The wins as columns of an Excel sheet."""

from server.core.sheets import CellKind, SheetColumn
from server.rewards.prizes.queries import WinLine
from server.rewards.prizes.texts import PROOF_TEXTS, STATUS_WORDS, WAY_TEXTS

COLUMNS: tuple[SheetColumn[WinLine], ...] = (
    SheetColumn("方式", lambda line: WAY_TEXTS[line.win.way], width=10),
    SheetColumn("名次", lambda line: line.win.place, CellKind.WHOLE),
    SheetColumn("姓名", lambda line: line.name, width=14),
    SheetColumn("单位", lambda line: line.enterprise_name, width=28),
    SheetColumn("奖品", lambda line: line.prize_name, width=24),
    SheetColumn("状态", lambda line: STATUS_WORDS[line.win.status], width=12),
    SheetColumn("领奖截止", lambda line: line.win.claim_until, CellKind.MOMENT),
    SheetColumn("发放凭据", lambda line: PROOF_TEXTS[line.handover.proof] if line.handover else None, width=14),
    SheetColumn("签收说明", lambda line: line.handover.note if line.handover else None, width=28),
    SheetColumn("发放时间", lambda line: line.handover.at if line.handover else None, CellKind.MOMENT),
)
