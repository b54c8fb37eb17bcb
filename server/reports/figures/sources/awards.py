"""Places of awards that are final, and their money."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.assignments.forms.ports import Wanted
from server.kit.filters import within_days
from server.oversight.awards.models import AwardBatch, AwardEntry, AwardScheme, EntryStatus
from server.reports.figures.schemas import Counts
from server.reports.figures.sources.source import Source, address, below
from server.reports.figures.texts import FigureText

_FIGURES = (
    FigureText("places", "评奖奖励", "本期定下来的获奖名额，个人和单位，下级评的也算；几个人同报一条的算几个。"),
    FigureText("yuan", "评奖奖金（元）", "这些名额的奖金，不满一元的零头不算。", depth=1),
)


def _count(session: Session, wanted: Wanted) -> Counts:
    """Of batches of unions of the subtree that are final."""
    statement = (
        select(func.count(), func.coalesce(func.sum(AwardEntry.amount_cents), 0))
        .join(AwardBatch, AwardBatch.id == AwardEntry.batch_id)
        .where(AwardBatch.union_id.in_(below(session, wanted)), AwardEntry.status == EntryStatus.LISTED)
        .where(AwardBatch.final_at.is_not(None), *within_days(AwardBatch.final_at, wanted))
    )
    if wanted.campaign_id is not None:
        schemes = select(AwardScheme.id).where(AwardScheme.campaign_id == wanted.campaign_id)
        statement = statement.where(AwardBatch.scheme_id.in_(schemes))
    places, cents = session.execute(statement).one()
    return Counts({"places": places, "yuan": int(cents) // 100})


def _list(_name: str, wanted: Wanted) -> str:
    return address("/console/awards", wanted, final="1", campaign=str(wanted.campaign_id or "all"))


AWARDS = Source("awards_", "", _FIGURES, _count, _list)
