"""Which units are looked at again: a sample of all units of the run."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.kit.draws.samples import drawn, list_entrants
from server.oversight.assessment.models import AssessedUnit, Assessment
from server.oversight.assessment.queries import units_of


def draw_units(session: Session, run: Assessment, now: datetime) -> int:
    """Take the list, and draw. Gives how many are looked at again."""
    run.entrants, run.drawn_at = list_entrants(run.id, session.scalars(units_of(run))), now
    session.flush()
    places = {UUID(unit_id): place for place, unit_id in enumerate(drawn(run), 1)}
    for unit in session.scalars(select(AssessedUnit).where(AssessedUnit.id.in_(list(places)))):
        unit.place = places[unit.id]
    return len(places)
