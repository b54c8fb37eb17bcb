"""What the photos wing asks of the wings above."""

from collections.abc import Callable
from typing import Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from server.core.ports import Port


class Admission(Protocol):
    """Whether a photo that is arriving may come. Raises AppError if not.

    `lock`: the answer must hold until the transaction ends. Not so for the first look before the body is read: a lock
    taken without a transaction would cost PostgreSQL a write and a flush for nothing.
    """

    def __call__(self, session: Session, submission_id: UUID, *, lock: bool) -> None: ...


ADMISSION: Port[Admission] = Port("photos.admission")

STATUS: Port[Callable[[Session, UUID], str]] = Port("photos.status")
"""How the submission that photos belong to stands: passed on to the client, what it means is up to who answers."""
