"""Until when what was given out is good."""

from datetime import datetime, timedelta
from typing import cast

from flask import current_app

from server.core.settings import Settings


def one_time_until(now: datetime) -> datetime:
    """Until when a one-time password made now may be used, by this installation's settings."""
    return now + timedelta(days=cast(Settings, current_app.extensions["settings"]).one_time_password_days)
