"""Whatever is sent, passed on, answered, added and withdrawn, and whichever unit is moved or closed meanwhile, in
whatever order: no row and no answer is lost, nobody is asked the same twice, and nobody sees what is not theirs."""

from typing import Any
from uuid import UUID

import pytest
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from server.assignments.dispatch import actions, queries
from server.assignments.dispatch.jobs import end_recipients, write_recipients
from server.assignments.dispatch.models import Assignment, AssignmentStatus, Recipient, RecipientStatus
from server.assignments.dispatch.schemas import DraftIn, PassOnIn, RecipientRule, SignIn
from server.assignments.responses.actions import submit_response
from server.assignments.responses.models import Response, ResponseVersion
from server.assignments.responses.schemas import SubmitIn
from server.core import clock, ids
from server.core.db import Database
from server.core.errors import AppError
from server.core.jobs.models import Job
from server.core.jobs.registry import JobContext
from server.kit.following.jobs import FOLLOW, follow_union
from server.unions.actor import Actor
from server.unions.roles import Level
from server.unions.tree.actions import move_union
from server.unions.tree.models import Union
from tests.integration.assignments.sending import POSTS, Hands, in_days
from tests.support.examples import examples
from tests.support.world import World

pytestmark = [
    pytest.mark.parametrize("backend", ["embedded"], indirect=True),
    pytest.mark.slow("sequences of moves, each a transaction"),
]
WHO = st.sampled_from(sorted(POSTS))
PICK = st.integers(0, 1_000)
IS_OWN = st.sampled_from([True, True, True, False])
LEVELS = st.sets(st.sampled_from([Level.DISTRICT, Level.TOWN, Level.ENTERPRISE]), min_size=1)
JOBS: dict[str, Any] = {
    "dispatch.write_recipients": write_recipients,
    "dispatch.end_recipients": end_recipients,
    FOLLOW: follow_union,
}


class Sending(RuleBasedStateMachine):
    """Everybody sends, passes on and withdraws at random; jobs run when they like."""

    database: Database
    world: World
    context: JobContext

    @initialize()
    def begin(self) -> None:
        self.hands = Hands(self.database, self.world, lambda: 0)
        self.actors = {name: self.hands.actor(name) for name in POSTS}
        self.seen: dict[UUID, tuple[UUID, UUID]] = {}
        self.answered: dict[UUID, tuple[UUID, str]] = {}
        with self.database.transaction() as session:
            session.query(Union).update({"is_active": True})
            for model in (ResponseVersion, Response, Recipient, Assignment, Job):
                session.query(model).update({"passed_on_id": None}) if model is Recipient else None
                session.query(model).delete()

    def _try(self, act: Any, *args: Any, who: str) -> None:
        try:
            with self.database.transaction() as session:
                act(session, *args, actor=self.actors[who], now=clock.now())
        except AppError:
            return

    def _able(self, union_id: UUID, who: str, is_own: bool) -> str:
        """Mostly somebody of that very union, so that moves are reached often; else anybody."""
        own = [name for name, actor in self.actors.items() if actor.roles[0].union_id == union_id]
        return own[0] if is_own and own else who

    def _pick(self, model: Any, pick: int) -> Any:
        with self.database.reading() as session:
            found = session.scalars(select(model).order_by(model.id)).all()
        return found[pick % len(found)] if found else None

    @rule(who=WHO, levels=LEVELS, may_pass_on=st.booleans())
    def send(self, who: str, levels: set[Level], may_pass_on: bool) -> None:
        def act(session: Any, *, actor: Actor, now: Any) -> None:
            body = DraftIn(
                title="任务", rule=RecipientRule(levels=tuple(levels)), may_pass_on=may_pass_on, due_on=in_days(5),
                wants_reply=True,
            )  # fmt: skip
            draft = actions.draft_assignment(session, "task", body, actor=actor, now=now)
            actions.send_assignment(session, draft.id, draft.version, actor=actor, now=now)

        self._try(act, who=who)

    @rule(who=WHO, pick=PICK, is_own=IS_OWN, levels=LEVELS)
    def pass_on(self, who: str, pick: int, is_own: bool, levels: set[Level]) -> None:
        row = self._pick(Recipient, pick)
        if row is not None:
            body = PassOnIn(rule=RecipientRule(levels=tuple(levels)))
            self._try(actions.pass_on, row.id, body, who=self._able(row.union_id, who, is_own))

    @rule(who=WHO, pick=PICK, is_own=IS_OWN)
    def send_draft(self, who: str, pick: int, is_own: bool) -> None:
        draft = self._pick(Assignment, pick)
        if draft is not None:
            self._try(actions.send_assignment, draft.id, draft.version, who=self._able(draft.sender_id, who, is_own))

    @rule(who=WHO, pick=PICK, is_own=IS_OWN)
    def replace(self, who: str, pick: int, is_own: bool) -> None:
        found = self._pick(Assignment, pick)
        if found is not None:
            who = self._able(found.sender_id, who, is_own)
            self._try(actions.replace_assignment, found.id, found.version, "新版", who=who)

    @rule(who=WHO, pick=PICK, is_own=IS_OWN, is_closed=st.booleans())
    def end(self, who: str, pick: int, is_own: bool, is_closed: bool) -> None:
        found = self._pick(Assignment, pick)
        if found is not None:
            act = actions.close_assignment if is_closed else actions.withdraw_assignment
            self._try(act, found.id, found.version, "停", who=self._able(found.sender_id, who, is_own))

    @rule(who=WHO, pick=PICK, is_own=IS_OWN)
    def sign(self, who: str, pick: int, is_own: bool) -> None:
        row = self._pick(Recipient, pick)
        if row is not None:
            self._try(actions.sign_receipt, row.id, SignIn(), who=self._able(row.union_id, who, is_own))

    @rule(who=WHO, pick=PICK, is_own=IS_OWN)
    def withdraw_one(self, who: str, pick: int, is_own: bool) -> None:
        row = self._pick(Recipient, pick)
        if row is not None:
            with self.database.reading() as session:
                sender_id = session.get_one(Assignment, row.assignment_id).sender_id
            self._try(actions.withdraw_recipient, row.id, "停产", who=self._able(sender_id, who, is_own))

    @rule(
        who=WHO, pick=PICK, is_own=IS_OWN, union=st.sampled_from(["shipyard", "bakery", "brewery", "seaside", "north"])
    )
    def add(self, who: str, pick: int, is_own: bool, union: str) -> None:
        found = self._pick(Assignment, pick)
        if found is not None:
            who = self._able(found.sender_id, who, is_own)
            self._try(actions.add_recipients, found.id, [getattr(self.world.unions, union)], "漏了", who=who)

    @rule(union=st.sampled_from(["shipyard", "brewery"]), town=st.sampled_from(["seaside", "hillside"]))
    def move(self, union: str, town: str) -> None:
        union_id = getattr(self.world.unions, union)
        with self.database.reading() as session:
            version = session.get_one(Union, union_id).version

        def act(session: Any, *, actor: Actor, now: Any) -> None:
            move_union(session, union_id, getattr(self.world.unions, town), version=version, actor=actor, now=now)

        self._try(act, who="city_reviewer")

    @rule(union=st.sampled_from(["bakery", "brewery", "hillside"]), is_active=st.booleans())
    def close_or_open(self, union: str, is_active: bool) -> None:
        """What it was asked, and what it answered, stays."""
        with self.database.transaction() as session:
            session.get_one(Union, getattr(self.world.unions, union)).is_active = is_active

    @rule(who=WHO, pick=PICK, is_own=IS_OWN, words=st.sampled_from(["已办", "办好了"]))
    def answer(self, who: str, pick: int, is_own: bool, words: str) -> None:
        row = self._pick(Recipient, pick)
        if row is not None:
            with self.database.reading() as session:
                draft = session.get(Response, row.id)
            version = draft.version if draft is not None else 0
            body = SubmitIn(key=ids.new_id(), version=version, text=words)
            self._try(submit_response, row.id, body, who=self._able(row.union_id, who, is_own))

    @rule(levels=LEVELS)
    def go_down_the_tree(self, levels: set[Level]) -> None:
        """All of it, so that what is passed on twice is reached often."""
        self.send("city_reviewer", levels | {Level.DISTRICT, Level.TOWN}, True)
        self.run_jobs()
        with self.database.reading() as session:
            root = session.scalars(select(Assignment).order_by(Assignment.id.desc()).limit(1)).one()
            rows = session.scalars(select(Recipient).where(Recipient.assignment_id == root.id)).all()
        body = PassOnIn(rule=RecipientRule(levels=(Level.ENTERPRISE,)))
        for row in rows:
            self._try(actions.pass_on, row.id, body, who=self._able(row.union_id, "town_reviewer", True))
        with self.database.reading() as session:
            drafts = session.scalars(
                select(Assignment).where(Assignment.root_id == root.id, Assignment.status == AssignmentStatus.DRAFT)
            ).all()
        for draft in drafts[1:]:
            who = self._able(draft.sender_id, "town_reviewer", True)
            self._try(actions.send_assignment, draft.id, draft.version, who=who)

    @rule()
    def run_jobs(self) -> None:
        while True:
            with self.database.reading() as session:
                job = session.scalars(select(Job).where(Job.name.in_(JOBS)).order_by(Job.id).limit(1)).one_or_none()
            if job is None:
                return
            JOBS[job.name](self.context, **{name: UUID(value) for name, value in job.args.items()})
            with self.database.transaction() as session:
                session.delete(session.get_one(Job, job.id))

    @invariant()
    def nobody_is_asked_the_same_twice_and_no_row_is_lost(self) -> None:
        with self.database.reading() as session:
            rows = session.scalars(select(Recipient)).all()
            live = {
                each.id for each in session.scalars(select(Assignment)).all()
                if each.status in (AssignmentStatus.SENDING, AssignmentStatus.SENT)
            }  # fmt: skip
        asked = [
            (row.root_id, row.union_id) for row in rows
            if row.status is not RecipientStatus.WITHDRAWN and row.assignment_id in live
        ]  # fmt: skip
        assert len(set(asked)) == len(asked)
        assert len({(row.assignment_id, row.union_id) for row in rows}) == len(rows)
        known = {row.id: (row.assignment_id, row.union_id) for row in rows}
        assert self.seen.items() <= known.items(), "a row was lost, or became another's"
        self.seen = known

    @invariant()
    def no_answer_is_lost_or_becomes_anothers(self) -> None:
        with self.database.reading() as session:
            sent = session.scalars(select(ResponseVersion)).all()
        known = {each.id: (each.recipient_id, each.text) for each in sent}
        assert self.answered.items() <= known.items()
        self.answered = known

    @invariant()
    def rows_lie_where_their_unions_lie_and_are_seen_there_and_by_who_sent_them(self) -> None:
        """Once the job has followed a unit that was moved: its old town sees no more of it than what it sent itself."""
        with self.database.reading() as session:
            rows = session.scalars(select(Recipient)).all()
            unions = {union.id: union for union in session.scalars(select(Union)).all()}
            senders = {each.id: each for each in session.scalars(select(Assignment)).all()}
            is_followed = session.scalar(select(Job.id).where(Job.name == FOLLOW).limit(1)) is None
            if is_followed:
                assert all(_line(row) == _line(unions[row.union_id]) for row in rows)
            for name, actor in self.actors.items():
                own = actor.roles[0].union_id
                theirs = {
                    row.id for row in rows
                    if own in (*_line(row), row.enterprise_id)
                    or ("enterprise" not in name and own in _line(unions[senders[row.assignment_id].sender_id]))
                }  # fmt: skip
                assert set(session.scalars(select(Recipient.id).where(queries.is_recipient_visible(actor)))) == theirs

    @invariant()
    def everybody_sees_what_is_theirs_and_nothing_else(self) -> None:
        with self.database.reading() as session:
            unions = {union.id: union for union in session.scalars(select(Union)).all()}
            known = session.scalars(select(Assignment)).all()
            for name, actor in self.actors.items():
                seen = set(session.scalars(select(Assignment.id).where(queries.is_visible(actor))))
                own = actor.roles[0].union_id
                theirs = {
                    each.id for each in known
                    if "enterprise" not in name and own in _line(unions[each.sender_id])
                    and (each.status is not AssignmentStatus.DRAFT or own == each.sender_id)
                }  # fmt: skip
                assert seen == theirs, name


def _line(union: Union | Recipient) -> tuple[UUID | None, ...]:
    return union.city_id, union.district_id, union.town_id


def test_no_sequence_loses_or_doubles_a_row_or_shows_it_to_others(
    database: Database, world: World, app: Any, object_store: Any
) -> None:
    class Machine(Sending):
        pass

    Machine.database, Machine.world = database, world
    Machine.context = JobContext(database.settings, database, object_store)
    limits = hypothesis_settings(max_examples=examples(8, full=80), stateful_step_count=15, deadline=None)
    run_state_machine_as_test(Machine, settings=limits)
