"""What schemes of assessment may count of coverage: whom training and drills reached, of all who should be reached."""

from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from server.kit.indicators import Asked, Counted, Indicator, Measure, OutcomeSource, share
from server.oversight.coverage.models import CoverageFact, CoveragePeriod, OfficerState

IS_COVERED = case((CoverageFact.officer_state == OfficerState.COVERED, 1), else_=0)


def _count(session: Session, asked: Asked, over: Any, under: Any) -> Counted:
    """Of the campaign's period, else of the year of the last day: coverage is counted by these."""
    period = CoveragePeriod.year == asked.until.year
    if asked.campaign_id is not None:
        period = CoveragePeriod.campaign_id == asked.campaign_id
    summed = select(func.coalesce(func.sum(over), 0), func.coalesce(func.sum(under), 0)).select_from(CoverageFact)
    found = session.execute(
        summed.join(CoveragePeriod, CoveragePeriod.id == CoverageFact.period_id).where(
            period, asked.is_below(CoverageFact)
        )
    ).one()
    return share(int(found[0]), int(found[1]), "/console/coverage")


INDICATORS = (
    Indicator(
        key="workers_trained", name="职工培训覆盖率", source=OutcomeSource.TRAINING, measure=Measure.PERCENT,
        meaning="参加过培训或演练的职工 ÷ 应训职工（签认的，没有签认的按单位资料）。按活动的统计期，没有活动的按年。",
        count=lambda session, asked: _count(session, asked, CoverageFact.attended, CoverageFact.headcount),
    ),
    Indicator(
        key="officers_trained", name="安全负责人培训覆盖率", source=OutcomeSource.TRAINING, measure=Measure.PERCENT,
        meaning="安全负责人参加过培训的企业 ÷ 全部企业，没有登记负责人的算没有覆盖。按活动的统计期，没有活动的按年。",
        count=lambda session, asked: _count(session, asked, IS_COVERED, 1),
    ),
    Indicator(
        key="teams_drilled", name="班组演练覆盖率", source=OutcomeSource.DRILLS, measure=Measure.PERCENT,
        meaning="参加过演练的班组 ÷ 全部班组。按活动的统计期，没有活动的按年。",
        count=lambda session, asked: _count(session, asked, CoverageFact.teams_drilled, CoverageFact.teams),
    ),
    Indicator(
        key="plans_drilled", name="应急预案演练率", source=OutcomeSource.DRILLS, measure=Measure.PERCENT,
        meaning="期内演练过的预案 ÷ 登记在用的应急预案。没有登记预案的不适用。按活动的统计期，没有活动的按年。",
        count=lambda session, asked: _count(session, asked, CoverageFact.plans_drilled, CoverageFact.plans),
    ),
)  # fmt: skip
