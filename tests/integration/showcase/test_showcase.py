"""The demo's story: every stage is there, told once, and what it leaves for the worker goes through."""

from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from server.app import create_app
from server.core import clock
from server.core.audit.verify import verify
from server.core.db import Database
from server.core.storage.base import ObjectStore
from server.oversight.assessment.models import AssessedUnit
from server.oversight.awards.models import AwardBatch, AwardEntry
from server.oversight.drills.models import TriedPlan
from server.oversight.letters.models import Letter, LetterStatus
from server.oversight.systems.models import HeldStatus, HeldSystem
from server.oversight.training.models import SessionStatus, TrainingSession
from server.oversight.visits.models import Visit, VisitFinding, VisitStatus
from server.review.rectification.models import Rectification
from server.review.rectification.models import RectifyStatus as Stage
from server.review.submissions.models import Kind, Status, Submission
from server.showcase.actions import play
from server.showcase.scenes import scene
from server.unions.demo.actions import load_demo
from tests.support.backends import Backend

pytestmark = pytest.mark.slow("plays a whole campaign, and does all the work it leaves behind")


@pytest.fixture
def app(backend: Backend, tmp_path: Path) -> Iterator[Flask]:
    """The application on an empty database."""
    application = create_app(backend.settings(tmp_path, filled=False))
    yield application
    application.extensions["database"].close()


@pytest.fixture
def settings(app: Flask) -> object:
    """Those of the empty database, for the jobs."""
    return app.extensions["database"].settings


@pytest.fixture(scope="module", autouse=True)
def _drawn_once() -> Iterator[None]:
    """A photo takes a third of a second to draw; both sizes show the same ones."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("server.showcase.actions.scene", cache(scene))
        yield


def test_the_demo_is_told_once_shows_every_stage_and_the_work_it_leaves_goes_through(
    database: Database, object_store: ObjectStore, run_jobs: Callable[..., int]
) -> None:
    with database.transaction() as session:
        load_demo(session, clock.now())
        assert play(session, object_store, now=clock.now())
    shows_every_stage(database)
    with database.transaction() as session:
        before = session.scalar(select(func.count()).select_from(Submission))
        assert not play(session, object_store, now=clock.now())
        assert session.scalar(select(func.count()).select_from(Submission)) == before
    assert run_jobs() > 10


def shows_every_stage(database: Database) -> None:
    """Of a hazard, suggestions, letters and an award scheme."""
    with database.reading() as session:
        statuses = Counter(session.scalars(select(Submission.status)))
        stages = Counter(session.scalars(select(Rectification.status)))
        now = clock.now()
        overdue = [row for row in session.scalars(select(Rectification)) if row.closed_at is None and row.due_at < now]
        kinds = set(session.scalars(select(Submission.kind)))
        batches = session.scalar(select(func.count()).select_from(AwardBatch))
        awarded = session.scalar(select(func.count()).select_from(AwardEntry))
        letters = Counter(session.scalars(select(Letter.status)))
        visits = session.execute(select(Visit.status, VisitFinding.place).join(VisitFinding)).all()
        trained = Counter(session.scalars(select(TrainingSession.status)))
        tried = session.scalars(select(TriedPlan.must_revise)).all()
        held = set(session.scalars(select(HeldSystem.status)))
        ranks = session.scalars(select(AssessedUnit.rank).where(AssessedUnit.peer == "g1")).all()
        assert not list(verify(session, None))
    assert set(statuses) == {Status.QUEUED, Status.ACCEPTED, Status.RETURNED, Status.DECLINED}
    assert {Stage.CLOSED, Stage.SUBMITTED} < set(stages)
    assert overdue
    assert kinds == {Kind.HAZARD, Kind.SUGGESTION}
    assert [each.status for each in visits] == [VisitStatus.RECORDED]
    assert batches == 2
    assert awarded
    assert letters == {LetterStatus.ISSUED: 1, LetterStatus.REPLIED: 1}
    assert trained == {SessionStatus.ARCHIVED: 1, SessionStatus.IN_REVIEW: 1, SessionStatus.PLANNED: 1}
    assert sorted(tried) == [False, True]
    assert held == {HeldStatus.CHECKED, HeldStatus.STATED, HeldStatus.ABSENT, HeldStatus.UNSTATED}
    assert sorted(each or 0 for each in ranks)[0] == 1
