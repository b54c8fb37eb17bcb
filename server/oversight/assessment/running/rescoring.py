"""Scoring a run anew after an objection was upheld: ranks of all may change, so all of it is scored, by a job.

Each upheld objection asks for it once more; what was scored before the last one asked is thrown away. Meanwhile nothing
is shown, published or handed out.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from server.core.db import Database
from server.core.errors import Conflict
from server.core.jobs.actions import enqueue
from server.oversight.assessment.engine.ranking import Contestant, rank_units
from server.oversight.assessment.models import Assessment
from server.oversight.assessment.queries import get_run, scheme_of
from server.oversight.assessment.running.results import BATCH, contestants_of, keep_scores, list_contestants
from server.oversight.assessment.texts import RESCORING

JOB = "assessment.rescore"


def ask_to_rescore(session: Session, run: Assessment, now: datetime) -> None:
    """Have a run, which is held, scored anew."""
    run.rescores_asked += 1
    run.rescored_units = 0
    run.version += 1
    run.updated_at = now
    session.flush()
    enqueue(session, JOB, assessment_id=run.id)


def require_scored(run: Assessment) -> None:
    """Raise Conflict while a run is being scored anew."""
    if run.is_rescoring:
        raise Conflict(RESCORING, code="rescoring")


def rescore(database: Database, run_id: UUID, now: datetime) -> None:
    """Score a run until nothing was asked meanwhile. Safe to run twice, and by two at once."""
    while (standing := _score(database, run_id)) is not None:
        asked, contestants = standing
        with database.transaction() as session:
            run = get_run(session, run_id, None, lock=True)
            if run.rescores_asked == asked and run.is_rescoring:
                keep_scores(session, run, rank_units(scheme_of(session, run), contestants))
                run.rescores_done = asked
                run.version += 1
                run.updated_at = now


def _score(database: Database, run_id: UUID) -> tuple[int, list[Contestant[UUID]]] | None:
    """What is in force of every unit, read some at a time, and for how many requests; None if none is open."""
    with database.reading() as session:
        run = get_run(session, run_id, None)
        if not run.is_rescoring:
            return None
        asked, scheme, units = run.rescores_asked, scheme_of(session, run), list_contestants(session, run_id)
    contestants: list[Contestant[UUID]] = []
    for start in range(0, len(units), BATCH):
        with database.reading() as session:
            contestants += contestants_of(session, scheme, units[start : start + BATCH])
        with database.transaction() as session:
            those = Assessment.id == run_id, Assessment.rescores_asked == asked
            session.execute(update(Assessment).where(*those).values(rescored_units=len(contestants)))
    return asked, contestants
