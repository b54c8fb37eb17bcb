"""What scanning hears of accounts."""

from sqlalchemy.orm import Session

from server.core.events import subscribe
from server.unions.accounts.events import SessionsEnded
from server.unions.scans.actions import unlink_all


def on_sessions_ended(session: Session, event: SessionsEnded) -> None:
    """Whoever ends all sessions of somebody wants nobody to stay in, nor to come in again without the password."""
    unlink_all(session, event.account_id, actor_id=event.actor_id, now=event.at)


def subscribe_events() -> None:
    """Listen to accounts."""
    subscribe(SessionsEnded, on_sessions_ended)
