"""Denominators of many enterprises from a sheet."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from server.kit.enterprise_sheets import EnterpriseSheet
from server.oversight.coverage.actions import enter_denominator
from server.oversight.coverage.models import Denominator, DenominatorSource
from server.oversight.coverage.permissions import MAY_ENTER
from server.oversight.coverage.schemas import DenominatorIn
from server.unions.actor import Actor
from server.unions.imports.sheets.workbook import Column

COLUMNS = (
    Column("as_of", "日期", "2026-11-01", "职工数是哪一天的", required=True, is_day=True),
    Column("own", "本单位职工", "120", "整数", required=True, also=("职工数",)),
    Column("dispatched", "劳务派遣", "10", "整数，没有填 0"),
    Column("contractors", "长期承包商人员", "0", "整数，没有填 0"),
    Column("officers_required", "应有安全负责人", "1", "整数，至少 1"),
    Column("teams", "班组数", "6", "整数"),
    Column("evidence", "依据", "社保缴费人数", "从哪里来的"),
    Column("signed_by", "签认人", "企业工会主席", "谁确认的", required=True),
)


def _take(session: Session, enterprise_id: UUID, row: DenominatorIn, actor: Actor, now: datetime) -> Denominator:
    return enter_denominator(session, enterprise_id, row, actor=actor, now=now, source=DenominatorSource.SHEET)


DENOMINATORS = EnterpriseSheet(
    title="导入职工数",
    lead="一次导入许多企业的职工数、负责人数和班组数",
    path="/console/coverage/import",
    back=("/console/coverage", "培训覆盖"),
    taken="已保存 {} 家。",
    columns=COLUMNS,
    row=DenominatorIn,
    holders=MAY_ENTER,
    take=_take,
)
