"""Which units are looked at again: a sample of all units of the run."""

from collections.abc import Sequence
from datetime import datetime

from server.kit.draws.samples import drawn, list_entrants
from server.oversight.assessment.models import AssessedUnit, Assessment


def draw_units(run: Assessment, units: Sequence[AssessedUnit], now: datetime) -> int:
    """Take the list, and draw. Gives how many are looked at again."""
    by_id = {str(unit.id): unit for unit in units}
    run.entrants = list_entrants(run.id, (unit.id for unit in units))
    run.drawn_at = now
    chosen = drawn(run)
    for place, unit_id in enumerate(chosen, 1):
        by_id[unit_id].place = place
    return len(chosen)
