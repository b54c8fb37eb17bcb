"""What awards do when a hazard turns out not to be closed after all."""

from uuid import UUID

from sqlalchemy.orm import Session

from server.core.events import subscribe
from server.oversight.awards.actions import copy_schemes, drop_hazard
from server.oversight.awards.queries import list_own_budgets, list_own_schemes
from server.review.rectification.events import RectificationReopened, RectificationVoided
from server.unions.actor import Actor
from server.unions.campaigns.ports import PARTS, CampaignPart


def on_not_closed(session: Session, event: RectificationReopened | RectificationVoided) -> None:
    """Open again, or void: off the lists that are not final."""
    drop_hazard(session, event.submission_id, now=event.at)


def _describe(session: Session, campaign_id: UUID, actor: Actor) -> str:
    """What a copy of a campaign takes along."""
    schemes = list_own_schemes(session, campaign_id, actor)
    return f"{len(schemes)} 个：条件、名额和金额照旧；时间按新活动的起止日期，批次重新开始" if schemes else ""


SCHEMES = CampaignPart(
    name="awards",
    title="评奖方案",
    describe=_describe,
    copy=copy_schemes,
    question="用哪笔经费",
    choices=list_own_budgets,
)


def subscribe_events() -> None:
    """Listen to rectification; go along into a copy of a campaign."""
    PARTS.plug(SCHEMES)
    subscribe(RectificationReopened, on_not_closed)
    subscribe(RectificationVoided, on_not_closed)
