"""What schemes of assessment may count of safety systems: which of those that are asked about a union has looked at."""

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from server.kit.indicators import Asked, Counted, Indicator, Measure, OutcomeSource, share
from server.oversight.systems.models import HeldStatus, HeldSystem, SafetySystem


def _count(session: Session, asked: Asked) -> Counted:
    is_checked = case((HeldSystem.status == HeldStatus.CHECKED, 1))
    over, under = session.execute(
        select(func.count(is_checked), func.count())
        .select_from(HeldSystem)
        .join(SafetySystem, SafetySystem.id == HeldSystem.system_id)
        .where(SafetySystem.is_asked.is_(True), asked.is_below(HeldSystem))
    ).one()
    return share(over, under, "/console/systems")


INDICATORS = (
    Indicator(
        key="systems_checked", name="制度健全率", source=OutcomeSource.SYSTEMS, measure=Measure.PERCENT, count=_count,
        meaning="辖区企业应有的制度里，企业有、经工会看过的占多少。企业自己说有、工会还没有看的不算。按统计时的情况。",
    ),
)  # fmt: skip
