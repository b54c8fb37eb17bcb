"""Any sequence of moves by anybody: nothing forbidden happens, no log entry is lost, nobody closes their own work."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server import wiring
from server.activities.hazards.actions import prepare_hazard, submit_hazard
from server.activities.hazards.schemas import HazardIn
from server.core import ids
from server.core.audit.models import AuditEntry
from server.core.db import Database
from server.core.errors import AppError
from server.core.events import subscribe
from server.kit.workflow import offers
from server.photos.models import Photo, PhotoState
from server.photos.schemas import PhotoDeclared
from server.review.decisions.actions import make_move
from server.review.decisions.schemas import AcceptIn
from server.review.rectification.actions import confirm_rectification, make_rectification_move
from server.review.rectification.events import EVENTS, RectificationEvent
from server.review.rectification.evidence.attachments import EVIDENCE, declare_reopening, declare_submission_of_work
from server.review.rectification.models import Evidence, Rectification, RectificationStep
from server.review.rectification.models import RectifyMove as Move
from server.review.rectification.models import RectifyStatus as Status
from server.review.rectification.moves.parties import ADDRESSEE, REPORTER
from server.review.rectification.schemas import FORMS, ConfirmIn, ReopeningIn, SubmitIn
from server.review.rectification.workflow import RECTIFICATION_WORKFLOW as WORKFLOW
from server.review.submissions.actions import complete_photos
from server.review.submissions.models import Move as Decision
from server.review.submissions.models import Submission
from server.review.submissions.schemas import VersionedIn
from server.unions.actor import Actor, RoleAt
from server.unions.campaigns.queries import forget_campaigns
from server.unions.roles import Level, Role
from tests.support.backends import Embedded
from tests.support.callers import hazard
from tests.support.examples import examples
from tests.support.images import jpeg
from tests.support.world import World, make_person

SAMPLE = jpeg()
START = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
HEARD: list[RectificationEvent] = []
CONSOLE_PARTIES = {move: WORKFLOW.find(move).party.name for move in (*FORMS, Move.SUBMIT)}
ABOVE = {Level.TOWN, Level.DISTRICT, Level.CITY}


class Lives(RuleBasedStateMachine):
    """Accepted hazards of one worker, two reviewers of the enterprise, one at each level above; one of them reported
    the second hazard. Time passes, decisions are taken back."""

    database: Database
    world: World
    colleague: UUID

    def __init__(self) -> None:
        super().__init__()
        people, unions = self.world.people, self.world.unions
        self.now = START
        self.worker = Actor(people.worker.id, "赵工", ids.new_id(), unions.shipyard, (), is_worker=True)
        self.reviewers = [
            self._actor(people.enterprise_reviewer.id, Role.ENTERPRISE_REVIEWER, unions.shipyard, Level.ENTERPRISE),
            self._actor(self.colleague, Role.ENTERPRISE_REVIEWER, unions.shipyard, Level.ENTERPRISE),
            self._actor(people.town_reviewer.id, Role.TOWN_REVIEWER, unions.seaside, Level.TOWN),
            self._actor(people.district_reviewer.id, Role.DISTRICT_REVIEWER, unions.south, Level.DISTRICT),
            self._actor(people.city_reviewer.id, Role.CITY_REVIEWER, unions.city, Level.CITY),
            self._actor(people.other_town_reviewer.id, Role.TOWN_REVIEWER, unions.hillside, Level.TOWN),
        ]
        self.levels = {actor.person_id: actor.roles[0].level for actor in self.reviewers}
        self.photo = 0

    @staticmethod
    def _actor(person_id: UUID, role: Role, union_id: UUID, level: Level) -> Actor:
        return Actor(person_id, "某人", ids.new_id(), None, (RoleAt(role, union_id, level, "某工会"),), is_worker=True)

    @initialize(grades=st.tuples(st.integers(1, 4), st.integers(1, 4)))
    def hazards_are_accepted(self, grades: tuple[int, int]) -> None:
        HEARD.clear()
        self.reporters = [self.worker, self.reviewers[0]]
        self.submissions = [self._report(actor) for actor in self.reporters]
        for submission_id, grade in zip(self.submissions, grades, strict=True):
            self._decide(submission_id, grade)
        self.known = {each: self._log(each) for each in self.submissions}

    def _report(self, reporter: Actor) -> UUID:
        submission_id = ids.new_id_of_day(self.now)
        body = HazardIn.model_validate(hazard([SAMPLE], enterprise_id=self.world.unions.shipyard))
        with self.database.reading() as session:
            prepared = prepare_hazard(session, submission_id, body, reporter_id=reporter.person_id, now=self.now)
        submit_hazard(self.database, prepared, now=self.now)
        with self.database.transaction() as session:
            complete_photos(session, submission_id, self.now)
        return submission_id

    def _decide(self, submission_id: UUID, grade: int) -> None:
        with self.database.transaction() as session:
            version = session.get_one(Submission, submission_id).version
            form = AcceptIn(version=version, grade=grade)
            make_move(session, submission_id, Decision.ACCEPT, form, actor=self.reviewers[2], now=self.now)

    def _row(self, session: Session, submission_id: UUID) -> Rectification:
        rows = session.scalars(
            select(Rectification).where(Rectification.submission_id == submission_id).order_by(Rectification.id)
        ).all()
        assert all(row.status is Status.VOIDED for row in rows[:-1])
        return rows[-1]

    def _log(self, submission_id: UUID) -> list[RectificationStep]:
        with self.database.reading() as session:
            row = self._row(session, submission_id)
            return list(
                session.scalars(
                    select(RectificationStep)
                    .where(RectificationStep.rectification_id == row.id)
                    .order_by(RectificationStep.id)
                )
            )

    def _try(self, index: int, parties: dict[Move, str], act: Any) -> None:
        """Do it; hold what it left in the log against the whitelist."""
        submission_id = self.submissions[index]
        before = self.known[submission_id]
        forget_campaigns()  # every move is made with cold caches
        try:
            with self.database.transaction() as session:
                act(session, self._row(session, submission_id))
        except AppError:
            assert [step.id for step in self._log(submission_id)] == [step.id for step in before]
            return
        after = self._log(submission_id)
        self.known[submission_id] = after
        if after[0].rectification_id != before[0].rectification_id:
            assert [step.move for step in after] == [Move.OPEN]
            return
        assert [step.id for step in after[: len(before)]] == [step.id for step in before]
        assert len(after) - len(before) <= 1
        for step in after[len(before) :]:
            edge = WORKFLOW.find(step.move, parties[step.move])
            assert step.from_status in edge.before
            assert (edge.after or step.from_status) is step.to_status

    def _version(self, submission_id: UUID, *, is_fresh: bool) -> int:
        with self.database.reading() as session:
            return self._row(session, submission_id).version + (0 if is_fresh else 1)

    @rule(
        index=st.integers(0, 1), reviewer=st.integers(0, 5), pick=st.integers(0, 99), days=st.integers(1, 20),
        is_wild=st.sampled_from([False, False, False, True]), is_fresh=st.sampled_from([True, True, True, False]),
    )  # fmt: skip
    def reviewer_moves(self, index: int, reviewer: int, pick: int, days: int, is_wild: bool, is_fresh: bool) -> None:
        submission_id, actor = self.submissions[index], self.reviewers[reviewer]
        status = self.known[submission_id][-1].to_status
        fitting = [each for each in FORMS if each is not Move.NOTE and status in WORKFLOW.find(each).before]
        chosen = list(FORMS) if is_wild or not fitting else fitting
        move = chosen[pick % len(chosen)]
        self._move(index, actor, move, days, is_fresh=is_fresh)

    def _move(self, index: int, actor: Actor, move: Move, days: int, *, is_fresh: bool = True) -> None:
        version = self._version(self.submissions[index], is_fresh=is_fresh)
        fields: dict[str, Any] = {"version": version, "text": "理由", "note": "记"}
        fields |= {"days": days} if "days" in FORMS[move].model_fields else {}
        fields |= {"way": "on_site"} if "way" in FORMS[move].model_fields else {}
        form = FORMS[move].model_validate(fields)
        self._try(
            index, CONSOLE_PARTIES,
            lambda session, row: make_rectification_move(session, row.id, move, form, actor=actor, now=self.now),
        )  # fmt: skip

    @rule(index=st.integers(0, 1), pick=st.integers(0, 999), days=st.integers(1, 20))
    def somebody_does_what_the_page_offers(self, index: int, pick: int, days: int) -> None:
        offers = [(actor, move) for actor in self.reviewers for move in self._offered(index, actor)]
        actor, move = offers[pick % len(offers)] if offers else (self.reviewers[0], Move.NOTE)
        if move is Move.SUBMIT:
            self._submit(index, actor, arrives=True)
        else:
            self._move(index, actor, move, days)

    def _offered(self, index: int, actor: Actor) -> list[Move]:
        with self.database.reading() as session:
            row = self._row(session, self.submissions[index])
            possible = offers(WORKFLOW, session, row, actor=actor, now=self.now)
        unions = [move.name for move in possible if move.party is not REPORTER]
        return [Move(name) for name in unions if name is not Move.NOTE]

    @rule(index=st.integers(0, 1), reviewer=st.integers(0, 5), arrives=st.booleans())
    def somebody_says_it_is_done(self, index: int, reviewer: int, arrives: bool) -> None:
        self._submit(index, self.reviewers[reviewer], arrives=arrives)

    def _submit(self, index: int, actor: Actor, *, arrives: bool) -> None:
        version = self._version(self.submissions[index], is_fresh=True)
        evidence_id, body = ids.new_id(), SubmitIn(version=version, text="好了", photos=[self._photo()])

        def act(session: Session, row: Rectification) -> None:
            declare_submission_of_work(session, row.id, evidence_id, body, actor=actor, now=self.now)
            if arrives:
                self._arrive(session, evidence_id)

        self._try(index, {Move.SUBMIT: ADDRESSEE.name}, act)

    @rule(index=st.integers(0, 1), by_reporter=st.sampled_from([True, True, False]))
    def reporter_says_it_is_not_right(self, index: int, by_reporter: bool) -> None:
        submission_id = self.submissions[index]
        actor = self.reporters[index if by_reporter else 1 - index]
        evidence_id, body = ids.new_id(), ReopeningIn(text="没有", photos=[self._photo()])

        def act(session: Session, _row: Rectification) -> None:
            declare_reopening(session, submission_id, evidence_id, body, actor=actor, now=self.now)
            self._arrive(session, evidence_id)

        self._try(index, {Move.SEND_BACK: REPORTER.name, Move.REOPEN: REPORTER.name}, act)

    @rule(index=st.integers(0, 1), by_reporter=st.sampled_from([True, True, False]))
    def reporter_says_it_is_right(self, index: int, by_reporter: bool) -> None:
        submission_id = self.submissions[index]
        actor = self.reporters[index if by_reporter else 1 - index]
        self._try(
            index, {Move.CLOSE: REPORTER.name, Move.NOTE: REPORTER.name},
            lambda session, _row: confirm_rectification(session, submission_id, ConfirmIn(), actor=actor, now=self.now),
        )  # fmt: skip

    @rule(index=st.integers(0, 1))
    def the_decision_is_taken_back_and_made_again(self, index: int) -> None:
        submission_id = self.submissions[index]

        def act(session: Session, row: Rectification) -> None:
            submission = session.get_one(Submission, submission_id)
            form = VersionedIn(version=submission.version, note="重审")
            make_move(session, submission_id, Decision.REOPEN, form, actor=self.reviewers[4], now=self.now)
            assert row.submitted_at is None or row.status is Status.VOIDED
            again = AcceptIn(version=submission.version, grade=3)
            make_move(session, submission_id, Decision.ACCEPT, again, actor=self.reviewers[2], now=self.now)

        self._try(index, {}, act)

    @rule(days=st.sampled_from([1, 7, 31]))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days)

    def _photo(self) -> PhotoDeclared:
        self.photo += 1
        return PhotoDeclared(sha256=f"{self.photo:064x}", size=1000)

    def _arrive(self, session: Session, evidence_id: UUID) -> None:
        """What an upload leaves, without its bytes."""
        session.execute(
            update(Photo)
            .where(Photo.batch_id == evidence_id)
            .values(state=PhotoState.RECEIVED, received_at=self.now, object_id=ids.new_id(), media_type="image/jpeg")
        )
        EVIDENCE.finish(session, session.get_one(Evidence, evidence_id), self.now)

    @precondition(lambda self: hasattr(self, "known"))
    @invariant()
    def the_log_tells_the_whole_story(self) -> None:
        for submission_id, steps in self.known.items():
            with self.database.reading() as session:
                row = self._row(session, submission_id)
                entries = session.scalars(select(AuditEntry.action).where(AuditEntry.subject_id == str(row.id))).all()
            assert all(one.to_status is other.from_status for one, other in pairwise(steps))
            assert steps[-1].to_status is row.status
            assert sorted(entries) == sorted(f"rectification.{step.move}" for step in steps)

    @precondition(lambda self: hasattr(self, "known"))
    @invariant()
    def nobody_closes_their_own_work_and_grave_ones_are_closed_above(self) -> None:
        for index, submission_id in enumerate(self.submissions):
            steps = self.known[submission_id]
            with self.database.reading() as session:
                row = self._row(session, submission_id)
            for number, step in enumerate(steps):
                if step.move is not Move.CLOSE:
                    continue
                rectifiers = {each.actor_id for each in steps[:number] if each.move in (Move.ACCEPT, Move.SUBMIT)}
                assert step.actor_id not in rectifiers
                by_reporter = step.union_id is None
                assert by_reporter == (step.actor_id == self.reporters[index].person_id)
                if row.grade <= 2:
                    assert not by_reporter
                    assert self.levels[step.actor_id or self.colleague] in ABOVE

    @precondition(lambda self: hasattr(self, "known"))
    @invariant()
    def the_enterprise_decides_nothing_for_itself(self) -> None:
        decided = {Move.UPHOLD, Move.DROP, Move.GRANT_EXTENSION, Move.REFUSE_EXTENSION}
        for steps in self.known.values():
            assert all(self.levels[step.actor_id] in ABOVE for step in steps if step.move in decided and step.actor_id)

    def teardown(self) -> None:
        if hasattr(self, "known"):
            told = {event.step_id: type(event) for event in HEARD}
            for steps in self.known.values():
                assert all(told[step.id] == EVENTS[step.move] for step in steps if step.move in EVENTS)


@pytest.mark.slow("hundreds of moves, each of which the rules are asked about before and after")
def test_no_sequence_of_moves_breaks_the_rules(embedded: Embedded, tmp_path: Path) -> None:
    wiring.wire()
    subscribe(RectificationEvent, _hear)
    opened = Database(embedded.settings(tmp_path))
    with opened.transaction() as session:
        union_id = embedded.world().unions.shipyard
        second = make_person(session, "沈审", roles=((Role.ENTERPRISE_REVIEWER, union_id),)).id

    class Here(Lives):
        database = opened
        world = embedded.world()
        colleague = second

    try:
        run_state_machine_as_test(
            Here,
            settings=settings(
                max_examples=examples(6, full=25), stateful_step_count=40, deadline=None, derandomize=True,
                suppress_health_check=list(HealthCheck), phases=[Phase.generate],  # shrinking would take minutes
            ),
        )  # fmt: skip
    finally:
        opened.close()


def _hear(_session: Session, event: RectificationEvent) -> None:
    HEARD.append(event)


def test_the_workflow_names_every_move_and_what_is_voided_is_noted_at_most() -> None:
    assert {move.name for move in WORKFLOW.moves} == set(Move)
    assert {move.name for move in WORKFLOW.moves if Status.VOIDED in move.before} == {Move.NOTE}
