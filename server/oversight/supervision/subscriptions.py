"""What plans say of the visits that come of them."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core.errors import AppError, Conflict
from server.oversight.supervision.models import PlanUnit
from server.oversight.supervision.queries import goes_elsewhere
from server.oversight.visits.models import Visit
from server.oversight.visits.ports import AGAINST_CANCELLING


def keep_a_result(session: Session, visit: Visit) -> AppError | None:
    """The last one that a draw still has stays: nobody throws its result away alone."""
    unit = session.execute(select(PlanUnit.id, PlanUnit.draw_id).where(PlanUnit.id == visit.source_id)).one_or_none()
    if unit is None or unit.draw_id is None or goes_elsewhere(session, unit.draw_id, unit.id):
        return None
    return Conflict("这次抽中的企业只剩这一家，不能一个人全部取消。可以改日子、换人。", code="draw_emptied")


def subscribe_events() -> None:
    """Answer the questions of the slices below."""
    AGAINST_CANCELLING.plug(keep_a_result)
