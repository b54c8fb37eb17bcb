"""What drills say of sessions before their papers are whole, and what earns nothing."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from server.oversight.drills.queries import find_drill, is_found, list_log
from server.oversight.training.models import DRILLS, TrainingSession
from server.oversight.training.ports import WHAT_LACKS
from server.rewards.points.ports import UNEARNED


def what_lacks(session: Session, row: TrainingSession) -> Sequence[str]:
    """Of a drill its record, with a log, and whether the plan has to be revised."""
    if row.kind not in DRILLS:
        return ()
    drill = find_drill(session, row.id)
    if drill is None:
        return ("演练记录",)
    found = [] if list_log(session, row.id) else ["演练过程的时间"]
    return found + ([] if drill.must_revise is not None else ["预案要不要修订"])


def subscribe_events() -> None:
    """Answer the questions of the wings below."""
    WHAT_LACKS.plug(what_lacks)
    UNEARNED.plug(is_found)
