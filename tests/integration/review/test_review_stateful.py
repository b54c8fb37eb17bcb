"""Any sequence of moves by anybody: nothing forbidden happens, no step is lost, every CHECK holds."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import select

from server import wiring
from server.activities.hazards.actions import prepare_hazard, submit_hazard
from server.activities.hazards.schemas import HazardIn
from server.core import ids
from server.core.db import Database
from server.core.errors import AppError
from server.core.new_rows import insert_unless_known
from server.review.decisions.actions import make_move
from server.review.decisions.schemas import form_of
from server.review.decisions.workflow import REVIEWER_MOVES, SUBMISSION_WORKFLOW, ReviewerMove
from server.review.submissions.actions import (
    NewSubmission,
    answer_submission,
    complete_photos,
    row_of_submission,
    rows_of_creation,
    withdraw_submission,
)
from server.review.submissions.models import Kind, Move, Status, Submission, SubmissionStep
from server.review.submissions.routing.answering_union import find_route
from server.review.submissions.schemas import AnswerIn, MoveIn
from server.unions.actor import Actor, RoleAt
from server.unions.campaigns.queries import forget_campaigns
from server.unions.roles import Level, Role
from tests.support.backends import Embedded
from tests.support.callers import hazard
from tests.support.examples import examples
from tests.support.images import jpeg
from tests.support.world import Someone, World

SAMPLE = jpeg()
START = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@dataclass
class Known:
    """What the model believes of one submission."""

    status: Status = Status.INCOMPLETE
    steps: int = 1


def actor_of(who: Someone, role: Role, union_id: UUID, level: Level) -> Actor:
    return Actor(who.id, who.name, ids.new_id(), None, (RoleAt(role, union_id, level, "某工会"),))


class Lives(RuleBasedStateMachine):
    """A worker's two hazards, one of them by nobody, and a suggestion, in four reviewers' hands; time passes."""

    database: Database
    world: World

    def __init__(self) -> None:
        super().__init__()
        people, unions = self.world.people, self.world.unions
        self.now = START
        self.reporter = Actor(people.worker.id, "赵工", ids.new_id(), unions.shipyard, (), is_worker=True)
        self.reviewers = [
            actor_of(people.enterprise_reviewer, Role.ENTERPRISE_REVIEWER, unions.shipyard, Level.ENTERPRISE),
            actor_of(people.town_reviewer, Role.TOWN_REVIEWER, unions.seaside, Level.TOWN),
            actor_of(people.district_reviewer, Role.DISTRICT_REVIEWER, unions.south, Level.DISTRICT),
            actor_of(people.city_reviewer, Role.CITY_REVIEWER, unions.city, Level.CITY),
        ]
        self.targets = [unions.seaside, unions.shipyard, unions.bakery, unions.hillside, unions.city]
        self.ids = [self._report(is_anonymous=False), self._report(is_anonymous=True), self._suggest()]
        self.known = {each: Known() for each in self.ids}
        self.kinds = dict(zip(self.ids, (Kind.HAZARD, Kind.HAZARD, Kind.SUGGESTION), strict=True))

    def _report(self, *, is_anonymous: bool) -> UUID:
        hazard_id = ids.new_id_of_day(self.now)
        body = HazardIn.model_validate(
            hazard([SAMPLE], enterprise_id=self.world.unions.shipyard, is_anonymous=is_anonymous)
        )
        with self.database.reading() as session:
            prepared = prepare_hazard(session, hazard_id, body, reporter_id=self.reporter.person_id, now=self.now)
        assert submit_hazard(self.database, prepared, now=self.now).is_new
        return hazard_id

    def _suggest(self) -> UUID:
        """A suggestion as review sees it: no more than its row."""
        with self.database.transaction() as session:
            route = find_route(session, enterprise_id=self.world.unions.shipyard, area_id=None, place="")
            new = NewSubmission(
                id=ids.new_id(), kind=Kind.SUGGESTION, campaign_id=self.world.campaign_id,
                reporter_id=self.reporter.person_id, content_hash="0" * 64, category="tools", excerpt="换一种夹具",
                place="", photos_expected=0, route=route,
            )  # fmt: skip
            assert insert_unless_known(session, row_of_submission(new, self.now), rows_of_creation(new, self.now))
        return new.id

    def _try(self, hazard_id: UUID, move: Move, act: Any, *, by_reviewer: bool = False) -> None:
        """Do it; hold the outcome against the declared moves."""
        known = self.known[hazard_id]
        edges = [
            each.after or known.status
            for each in SUBMISSION_WORKFLOW.moves
            if each.name == move and known.status in each.before and isinstance(each, ReviewerMove) == by_reviewer
        ]
        forget_campaigns()  # every move is made with cold caches
        try:
            with self.database.transaction() as session:
                act(session)
        except AppError:
            return
        with self.database.reading() as session:
            steps = list(session.scalars(select(SubmissionStep).where(SubmissionStep.submission_id == hazard_id)))
            status = session.get_one(Submission, hazard_id).status
        if len(steps) == known.steps and status is known.status and (not by_reviewer or move is Move.CLAIM):
            return  # said again what was so already
        assert edges == [status], f"{move} out of {known.status}"
        assert not by_reviewer or form_of(move, self.kinds[hazard_id]) is not None
        last = max(steps, key=lambda step: step.id)
        assert (last.move, last.from_status, last.to_status) == (move, known.status, status)
        known.status, known.steps = status, known.steps + 1

    @rule(index=st.integers(0, 2))
    def photos_come(self, index: int) -> None:
        hazard_id = self.ids[index]
        self._try(hazard_id, Move.SUBMIT, lambda s: complete_photos(s, hazard_id, self.now))

    @rule(index=st.integers(0, 2))
    def reporter_withdraws(self, index: int) -> None:
        hazard_id = self.ids[index]
        self._try(
            hazard_id, Move.WITHDRAW,
            lambda s: withdraw_submission(s, hazard_id, actor=self.reporter, now=self.now),
        )  # fmt: skip

    @rule(index=st.integers(0, 2))
    def reporter_answers(self, index: int) -> None:
        hazard_id, body = self.ids[index], AnswerIn(text="三楼")
        self._try(
            hazard_id, Move.ANSWER,
            lambda s: answer_submission(s, hazard_id, ids.new_id(), body, actor=self.reporter, now=self.now),
        )  # fmt: skip

    @rule(
        index=st.integers(0, 2), reviewer=st.integers(0, 3), move=st.sampled_from(REVIEWER_MOVES),
        other=st.integers(1, 2), down=st.integers(0, 4), grade=st.integers(1, 4),
        is_fresh=st.sampled_from([True, True, True, False]),
    )  # fmt: skip
    def reviewer_moves(
        self, index: int, reviewer: int, move: Move, other: int, down: int, grade: int, is_fresh: bool
    ) -> None:
        hazard_id = self.ids[index]
        with self.database.reading() as session:
            row = session.get_one(Submission, hazard_id)
        version, chosen = row.version, form_of(move, row.kind) or MoveIn
        values: dict[str, Any] = {"version": version if is_fresh else version + 1, "reply": "好", "note": "备注"}
        extra: dict[Move, dict[str, Any]] = {
            Move.ACCEPT: {"grade": grade} if row.kind is Kind.HAZARD else {},
            Move.MARK_DUPLICATE: {"target_id": self.ids[(index + other) % 3]},
            Move.PASS_DOWN: {"union_id": self.targets[down]},
        }
        values |= extra.get(move, {})
        form = chosen.model_validate(values)
        actor = self.reviewers[reviewer]
        self._try(
            hazard_id, move,
            lambda s: make_move(s, hazard_id, move, form, actor=actor, now=self.now), by_reviewer=True,
        )  # fmt: skip

    @rule(minutes=st.sampled_from([1, 9, 16, 60 * 24]))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @precondition(lambda self: bool(self.known))
    @invariant()
    def the_log_tells_the_whole_story(self) -> None:
        with self.database.reading() as session:
            for hazard_id, known in self.known.items():
                steps = sorted(
                    session.scalars(select(SubmissionStep).where(SubmissionStep.submission_id == hazard_id)),
                    key=lambda step: step.id,
                )
                assert len(steps) == known.steps
                assert all(one.to_status is other.from_status for one, other in pairwise(steps))
                row = session.get_one(Submission, hazard_id)
                assert steps[-1].to_status is row.status
                if row.duplicate_of_id is not None:
                    kept = session.get_one(Submission, row.duplicate_of_id)
                    assert (kept.duplicate_of_id, kept.kind) == (None, row.kind)
                opened = [step.at for step in steps if step.move is Move.DISCLOSE]
                assert opened == ([] if row.disclosed_at is None else [row.disclosed_at])


@pytest.mark.slow("hundreds of moves, each of which the rules are asked about before and after")
def test_no_sequence_of_moves_breaks_the_rules(embedded: Embedded, tmp_path: Path) -> None:
    wiring.wire()
    opened = Database(embedded.settings(tmp_path))

    class Here(Lives):
        database = opened
        world = embedded.world()

    try:
        run_state_machine_as_test(
            Here,
            settings=settings(
                max_examples=examples(9, full=40), stateful_step_count=25, deadline=None, derandomize=True,
                suppress_health_check=list(HealthCheck),
            ),
        )  # fmt: skip
    finally:
        opened.close()
