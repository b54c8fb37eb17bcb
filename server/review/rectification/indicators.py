"""What schemes of assessment may count of rectifications: how long it takes to put right what was found."""

from collections.abc import Collection
from decimal import Decimal
from statistics import median_high

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from server.kit.indicators import Asked, Counted, Indicator, Measure, OutcomeSource
from server.review.rectification.models import Rectification, RectificationRating, RectifyStatus, Satisfaction

GRAVE, OTHER = (1, 2), (3, 4)
SECONDS_A_DAY = 24 * 60 * 60
ENOUGH = 5
"""Of fewer ratings, a share tells what one of them said."""


def _closed(asked: Asked) -> tuple[ColumnElement[bool], ...]:
    return (
        asked.is_below(Rectification),
        asked.is_within(Rectification.closed_at),
        asked.is_of_campaign(Rectification.campaign_id),
        Rectification.status == RectifyStatus.CLOSED,
    )


def _counted(asked: Asked, value: Decimal | None) -> Counted:
    campaign = str(asked.campaign_id or "all")
    return Counted(
        value, href=asked.href("/console/rectifications", status="closed", day_of="closed", campaign=campaign)
    )


def _median_days(session: Session, asked: Asked, grades: Collection[int]) -> Counted:
    rows = session.execute(
        select(Rectification.opened_at, Rectification.closed_at).where(*_closed(asked), Rectification.grade.in_(grades))
    ).all()
    taken = [int((closed_at - opened_at).total_seconds()) for opened_at, closed_at in rows if closed_at is not None]
    return _counted(asked, Decimal(median_high(taken)) / SECONDS_A_DAY if taken else None)


def _satisfied(session: Session, asked: Asked) -> Counted:
    is_satisfied = RectificationRating.satisfaction == Satisfaction.SATISFIED
    rated, satisfied = session.execute(
        select(func.count(), func.count().filter(is_satisfied))
        .select_from(RectificationRating)
        .join(Rectification, Rectification.id == RectificationRating.rectification_id)
        .where(*_closed(asked))
    ).one()
    return _counted(asked, Decimal(100 * satisfied) / rated if rated >= ENOUGH else None)


INDICATORS = (
    Indicator(
        key="closing_days_grave", name="重大、较大隐患销号用时", source=OutcomeSource.RECTIFICATIONS,
        measure=Measure.DAYS, meaning="本期销号的一级、二级隐患，从发出整改到销号的天数的中位数。",
        count=lambda session, asked: _median_days(session, asked, GRAVE),
    ),
    Indicator(
        key="closing_days_other", name="一般、较小隐患销号用时", source=OutcomeSource.RECTIFICATIONS,
        measure=Measure.DAYS, meaning="本期销号的三级、四级隐患，从发出整改到销号的天数的中位数。",
        count=lambda session, asked: _median_days(session, asked, OTHER),
    ),
    Indicator(
        key="reporters_satisfied", name="职工对整改结果满意率", source=OutcomeSource.RECTIFICATIONS,
        measure=Measure.PERCENT, meaning="本期销号的隐患里，报告人评价过的，满意的占多少。不到 5 条评价的不算。",
        count=_satisfied,
    ),
)  # fmt: skip
