"""What schemes of assessment may count of accidents and alerts: facts that a union above noted down."""

from decimal import Decimal

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from server.kit.indicators import Asked, Counted, Indicator, Measure, OutcomeSource, share
from server.oversight.incidents.models import Incident, IncidentKind


def _count(session: Session, asked: Asked, kind: IncidentKind) -> tuple[int, int]:
    """(in time, all) of those days that were not struck."""
    row = session.execute(
        select(func.count(case((Incident.in_time.is_(True), 1))), func.count()).where(
            asked.is_below(Incident), Incident.kind == kind, Incident.struck_at.is_(None),
            Incident.happened_on.between(asked.since, asked.until),
        )
    ).one()  # fmt: skip
    return row[0], row[1]


def _href(asked: Asked, kind: IncidentKind, **filters: str) -> str:
    return asked.href("/console/incidents", kind=kind, status="standing", **filters)


def _accidents(session: Session, asked: Asked) -> Counted:
    _, together = _count(session, asked, IncidentKind.ACCIDENT)
    return Counted(Decimal(together), href=_href(asked, IncidentKind.ACCIDENT))


def _late_accidents(session: Session, asked: Asked) -> Counted:
    in_time, together = _count(session, asked, IncidentKind.ACCIDENT)
    return Counted(Decimal(together - in_time), href=_href(asked, IncidentKind.ACCIDENT, late="1"))


def _alerts(session: Session, asked: Asked) -> Counted:
    return share(*_count(session, asked, IncidentKind.ALERT), _href(asked, IncidentKind.ALERT))


INDICATORS = (
    Indicator(
        key="accidents", name="生产安全事故起数", source=OutcomeSource.ACCIDENTS, measure=Measure.ITEMS,
        count=_accidents,
        meaning="本期在辖区发生、上级工会登记的生产安全事故有几起，不分活动；作废的不算。没有登记的不知道。",
    ),
    Indicator(
        key="accidents_late", name="迟报、漏报的事故", source=OutcomeSource.ACCIDENTS, measure=Measure.ITEMS,
        count=_late_accidents, meaning="其中登记为没有按时报告的有几起。",
    ),
    Indicator(
        key="alerts_in_time", name="预警按时响应率", source=OutcomeSource.ALERTS, measure=Measure.PERCENT,
        count=_alerts, meaning="本期上级工会登记的预警里，按时响应的占多少，不分活动；作废的不算。没有预警的不适用。",
    ),
)  # fmt: skip
