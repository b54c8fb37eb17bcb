"""Incidents of many enterprises from a sheet."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from server.kit.enterprise_sheets import EnterpriseSheet
from server.oversight.incidents.actions import note_incident
from server.oversight.incidents.models import Incident
from server.oversight.incidents.permissions import MAY_NOTE
from server.oversight.incidents.schemas import IncidentIn, IncidentRow
from server.unions.actor import Actor
from server.unions.imports.sheets.workbook import Column

COLUMNS = (
    Column("kind", "种类", "事故", "事故，或者预警", required=True),
    Column("happened_on", "日期", "2026-06-01", "事故发生、收到预警的那一天", required=True, is_day=True),
    Column("words", "情况", "机械伤害，一般事故", "类别和等级，不写姓名", required=True, also=("什么事故", "事故类别")),
    Column("in_time", "报告、响应", "及时", "及时，或者不及时", required=True),
    Column("deaths", "死亡", "0", "整数；预警不填"),
    Column("injured", "受伤", "1", "整数；预警不填"),
    Column("source", "来源", "区应急管理局 2026 年第 3 号通报", "从哪里知道的", required=True),
)


def _take(session: Session, enterprise_id: UUID, row: IncidentRow, actor: Actor, now: datetime) -> Incident:
    return note_incident(session, IncidentIn(union=enterprise_id, **row.model_dump()), actor=actor, now=now)


SHEET = EnterpriseSheet(
    title="导入事故和预警",
    lead="按部门的通报，一次登记许多企业的。只记几人，不写姓名。",
    path="/console/incidents/import",
    back=("/console/incidents", "事故和预警登记"),
    taken="已登记 {} 条。",
    columns=COLUMNS,
    row=IncidentRow,
    holders=MAY_NOTE,
    take=_take,
)
