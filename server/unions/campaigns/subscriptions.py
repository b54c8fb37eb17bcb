"""What follows from a changed campaign."""

from sqlalchemy.orm import Session

from server.core.events import subscribe
from server.unions.campaigns.choosing.choice import forget_choices
from server.unions.campaigns.events import CampaignChanged
from server.unions.campaigns.queries import forget_campaigns


def on_campaign_changed(_session: Session, _event: CampaignChanged) -> None:
    """Let this process use the new settings at once; others follow within half a minute."""
    forget_campaigns()
    forget_choices()


def subscribe_events() -> None:
    """Listen to administrators."""
    subscribe(CampaignChanged, on_campaign_changed)
