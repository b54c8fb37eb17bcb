"""Writes of faults."""

import hashlib
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.console.client_faults.models import ClientFault
from server.console.client_faults.rules import KEPT, MOST, without_people
from server.console.client_faults.schemas import FaultIn
from server.core import ids


def note_fault(session: Session, fault: FaultIn, *, now: datetime) -> None:
    """Count a fault; a new one is kept while there is room."""
    said = {
        "platform": fault.platform,
        "release": without_people(fault.release, 20),
        "page": without_people(fault.page, 100),
        "message": without_people(fault.message, 300),
        "stack": without_people(fault.stack, 2000),
    }
    digest = hashlib.sha256("\0".join(said.values()).encode()).hexdigest()
    again = update(ClientFault).where(ClientFault.digest == digest)
    if session.scalar(again.values(times=ClientFault.times + 1, last_at=now).returning(ClientFault.id)) is not None:
        return
    if (session.scalar(select(func.count()).select_from(ClientFault)) or 0) >= MOST:
        return
    try:
        with session.begin_nested():
            session.add(ClientFault(id=ids.new_id(), digest=digest, times=1, first_at=now, last_at=now, **said))
    except IntegrityError:  # another phone told of the same at this very moment; once is enough
        return


def forget_faults(session: Session, now: datetime) -> None:
    """Remove those of which nobody has told for long."""
    session.execute(delete(ClientFault).where(ClientFault.last_at < now - KEPT))
