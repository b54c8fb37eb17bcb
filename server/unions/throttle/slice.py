"""Failed attempts at secrets, counted and slowed down."""

from server.core.slice import PersonalRows, Slice
from server.unions.throttle.models import FailedAttempt

SLICE = Slice(
    personal=(
        PersonalRows(
            model=FailedAttempt,
            rows=lambda person_id: FailedAttempt.subject == f"invite:{person_id.hex}",
            is_removed=True,
        ),
    ),
)
