"""What quizzes do when their campaign's settings change."""

from sqlalchemy.orm import Session

from server.activities.quiz.levels.queries import forget_quizzes
from server.core.events import subscribe
from server.unions.campaigns.events import CampaignChanged


def on_campaign_changed(_session: Session, _event: CampaignChanged) -> None:
    """Let this process use the new settings at once; others follow within half a minute."""
    forget_quizzes()


def subscribe_events() -> None:
    """Listen to the campaigns."""
    subscribe(CampaignChanged, on_campaign_changed)
