"""What slices above say of a visit."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from server.core.errors import AppError
from server.core.ports import Port
from server.oversight.visits.models import Visit

AGAINST_CANCELLING: Port[Callable[[Session, Visit], AppError | None]] = Port("visits.against_cancelling")
"""Why a visit must not be cancelled: of one that another slice asked for, it knows what hangs on it."""
