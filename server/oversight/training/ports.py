"""What slices above say of a session before its papers are whole."""

from collections.abc import Callable, Collection, Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from server.core.ports import Port
from server.oversight.training.models import TrainingSession

WHAT_LACKS: Port[Callable[[Session, TrainingSession], Sequence[str]]] = Port("training.what_lacks")
"""What is still to be noted of a session, in words: of a drill its record."""
WITH_EXAM: Port[Callable[[Session, Sequence[UUID]], Collection[UUID]]] = Port("training.with_exam")
"""Those of the sessions that have a test on the phone."""
