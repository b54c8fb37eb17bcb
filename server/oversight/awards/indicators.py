"""What schemes of assessment may count of awards: whether what was granted was also paid."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.kit.indicators import Asked, Counted, Indicator, Measure, OutcomeSource, share
from server.oversight.awards.models import AwardBatch, AwardEntry, AwardPayment, AwardScheme, BatchStatus, EntryStatus
from server.unions.tree.models import Union


def _count(session: Session, asked: Asked) -> Counted:
    givers = select(Union.id).where(asked.is_below(Union))
    over, under = session.execute(
        select(func.count(AwardPayment.id), func.count())
        .select_from(AwardEntry)
        .join(AwardBatch, AwardBatch.id == AwardEntry.batch_id)
        .join(AwardScheme, AwardScheme.id == AwardBatch.scheme_id)
        .outerjoin(AwardPayment, AwardPayment.entry_id == AwardEntry.id)
        .where(
            AwardScheme.union_id.in_(givers), asked.is_of_campaign(AwardScheme.campaign_id),
            AwardBatch.status.in_((BatchStatus.FINAL, BatchStatus.PAID)), AwardEntry.status == EntryStatus.LISTED,
            asked.is_within(AwardBatch.final_at),
        )
    ).one()  # fmt: skip
    return share(over, under)


INDICATORS = (
    Indicator(
        key="awards_paid", name="奖励兑现率", source=OutcomeSource.REWARDS, measure=Measure.PERCENT,
        meaning="本期定下的奖励名单里，已经发到人、到单位的占多少。按本级和下级工会自己发的算。", count=_count,
    ),
)  # fmt: skip
