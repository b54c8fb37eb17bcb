"""What quizzes do when their campaign's settings change."""

from uuid import UUID

from sqlalchemy.orm import Session

from server.activities.quiz.levels.actions import copy_quizzes
from server.activities.quiz.levels.queries import forget_quizzes, list_levels, list_quizzes_of
from server.core.events import subscribe
from server.unions.actor import Actor
from server.unions.campaigns.events import CampaignChanged
from server.unions.campaigns.ports import PARTS, CampaignPart


def on_campaign_changed(_session: Session, _event: CampaignChanged) -> None:
    """Let this process use the new settings at once; others follow within half a minute."""
    forget_quizzes()


def _describe(session: Session, campaign_id: UUID, _actor: Actor) -> str:
    """What a copy of a campaign takes along."""
    quizzes = list_quizzes_of(session, campaign_id)
    levels = sum(len(list_levels(session, quiz.id)) for quiz in quizzes)
    return (
        f"{len(quizzes)} 场、{levels} 关：规则、抽题要求和时限照旧；时间按新活动的起止日期，看过再公布"
        if quizzes
        else ""
    )


QUIZZES = CampaignPart(name="quizzes", title="知识闯关", describe=_describe, copy=copy_quizzes)


def subscribe_events() -> None:
    """Listen to the campaigns, and go along into a copy of one."""
    PARTS.plug(QUIZZES)
    subscribe(CampaignChanged, on_campaign_changed)
