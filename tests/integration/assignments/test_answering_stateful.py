"""Any sequence of naming, saving, sending, returning, correcting and accepting by anybody: no answer is lost, none
changes, and none comes from whoever is not named."""

from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from server import wiring
from server.assignments.dispatch.actions import withdraw_recipient
from server.assignments.dispatch.models import Recipient, RecipientStatus
from server.assignments.responses.actions import (
    accept_response,
    name_answerer,
    return_response,
    save_response,
    submit_response,
)
from server.assignments.responses.models import Response, ResponseVersion
from server.assignments.responses.rules import Content, hash_content
from server.assignments.responses.schemas import NameIn, ResponseIn, ReturnIn, SubmitIn, VersionIn
from server.core import ids
from server.core.db import Database
from server.core.errors import AppError
from server.unions.actor import Actor
from server.unions.roles import Role
from tests.support.backends import Embedded, run_jobs
from tests.support.examples import examples
from tests.support.tasks import Sender, actor_at
from tests.support.world import World, make_person

START = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
WORDS = st.sampled_from(["周工", "吴工", "", "三班"])


class Answers(RuleBasedStateMachine):
    """One task of the shipyard: its two reviewers, one of its town, one of both, a stranger."""

    database: Database
    world: World
    colleague: UUID
    of_both_unions: UUID
    run_jobs: Callable[[], int]

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.keys = [ids.new_id() for _ in range(4)]
        self.frozen: dict[UUID, dict[str, Any]] = {}
        self.last_words = ""
        self.named: UUID | None = None

    @initialize()
    def it_is_asked(self) -> None:
        people, unions = self.world.people, self.world.unions
        town = actor_at(self.database, people.town_reviewer.id, Role.TOWN_REVIEWER, unions.seaside)
        unit = actor_at(self.database, people.enterprise_reviewer.id, Role.ENTERPRISE_REVIEWER, unions.shipyard)
        other = actor_at(self.database, self.colleague, Role.ENTERPRISE_REVIEWER, unions.shipyard)
        of_both = Actor(self.of_both_unions, "郑工", ids.new_id(), None, (*unit.roles, *town.roles))
        stranger = actor_at(
            self.database, people.other_enterprise_reviewer.id, Role.ENTERPRISE_REVIEWER, unions.brewery
        )
        self.town, self.units = town, {unit.person_id, self.colleague, self.of_both_unions}
        self.actors = [unit, other, of_both, town, stranger]
        sender = Sender(self.database, town, self.run_jobs)
        self.task = sender.ask(unions.shipyard)

    def _body(self, words: str, stale: bool) -> dict[str, Any]:
        with self.database.reading() as session:
            draft = session.get(Response, self.task)
        version = (draft.version if draft is not None else 0) + (7 if stale else 0)
        answers = {"f1": words, "c1": {"result": "passed"}}
        return {"version": version, "answers": answers}

    def _try(self, act: Any) -> bool:
        self.now += timedelta(minutes=1)
        try:
            with self.database.transaction() as session:
                act(session)
        except AppError:
            return False
        return True

    @rule(who=st.integers(0, 4), whom=st.sampled_from([None, 0, 1, 2, 3]), stale=st.booleans())
    def name(self, who: int, whom: int | None, stale: bool) -> None:
        actor, person = self.actors[who], self.actors[whom].person_id if whom is not None else None
        with self.database.reading() as session:
            version = session.get_one(Recipient, self.task).version + (1 if stale else 0)
        body = NameIn(version=version, person=person)
        if self._try(lambda session: name_answerer(session, self.task, body, actor=actor, now=self.now)):
            assert actor.person_id in self.units
            assert person in (None, self.actors[0].person_id, self.colleague), "who reviews there"
            assert not stale
            self.named = person

    @rule(who=st.integers(0, 4), words=WORDS, stale=st.booleans())
    def save(self, who: int, words: str, stale: bool) -> None:
        actor, body = self.actors[who], ResponseIn.model_validate(self._body(words, stale))
        if self._try(lambda session: save_response(session, self.task, body, actor=actor, now=self.now)):
            assert actor.person_id in self.units
            assert self.named in (None, actor.person_id)
            self.last_words = words

    @rule(who=st.integers(0, 4), words=WORDS, stale=st.booleans(), number=st.integers(0, 3))
    def submit(self, who: int, words: str, stale: bool, number: int) -> None:
        actor, key = self.actors[who], self.keys[number]
        body = SubmitIn.model_validate({**self._body(words, stale), "key": key})
        is_known = key in self.frozen
        if self._try(lambda session: submit_response(session, self.task, body, actor=actor, now=self.now)):
            assert actor.person_id in self.units
            assert self.named in (None, actor.person_id)
            assert words
            if is_known:
                assert self.frozen[key]["answers"]["f1"] == words
            else:
                self.last_words = words

    @rule(who=st.integers(0, 4))
    def accept(self, who: int) -> None:
        self._check(who, lambda session, version, actor: accept_response(
            session, self.task, VersionIn(version=version), actor=actor, now=self.now
        ))  # fmt: skip

    @rule(who=st.integers(0, 4))
    def send_back(self, who: int) -> None:
        self._check(who, lambda session, version, actor: return_response(
            session, self.task, ReturnIn(version=version, remarks={"f1": "写全名"}), actor=actor, now=self.now
        ))  # fmt: skip

    def _check(self, who: int, act: Any) -> None:
        actor = self.actors[who]
        with self.database.reading() as session:
            row = session.get_one(Recipient, self.task)
        if self._try(lambda session: act(session, row.version, actor)):
            assert row.status is RecipientStatus.SUBMITTED
            assert actor.holds(Role.TOWN_REVIEWER)
            assert actor.person_id != row.submitted_by_id

    @rule()
    def withdraw(self) -> None:
        self._try(lambda session: withdraw_recipient(session, self.task, "发错了", actor=self.town, now=self.now))

    @invariant()
    def nothing_is_lost_and_nothing_that_was_sent_changes(self) -> None:
        if not hasattr(self, "task"):
            return
        with self.database.reading() as session:
            row = session.get_one(Recipient, self.task)
            draft = session.get(Response, self.task)
            sent = session.scalars(
                select(ResponseVersion)
                .where(ResponseVersion.recipient_id == self.task)
                .order_by(ResponseVersion.number)
            ).all()
        assert [each.number for each in sent] == list(range(1, len(sent) + 1))
        assert set(self.frozen) <= {each.id for each in sent}
        for each in sent:
            said = {"answers": deepcopy(each.answers), "skipped": each.skipped, "text": each.text}
            assert self.frozen.setdefault(each.id, said) == said
            assert each.content_hash == hash_content(Content(each.answers, each.skipped, each.text), each.answers)
        assert all(each.outcome == "returned" for each in sent[:-1])
        if draft is not None:
            assert draft.answers.get("f1", "") == self.last_words
        if row.status in (RecipientStatus.SUBMITTED, RecipientStatus.ACCEPTED):
            assert sent[-1].answers["f1"] == self.last_words
        assert row.return_count == sum(each.outcome == "returned" for each in sent)


@pytest.mark.slow("hundreds of moves by five people")
def test_no_sequence_loses_an_answer_or_changes_one(embedded: Embedded, tmp_path: Path) -> None:
    wiring.wire()
    configured = embedded.settings(tmp_path)
    opened = Database(configured)
    unions = embedded.world().unions
    with opened.transaction() as session:
        second = make_person(session, "吴工", roles=((Role.ENTERPRISE_REVIEWER, unions.shipyard),)).id
        of_both = make_person(session, "郑工").id

    class Here(Answers):
        database = opened
        world = embedded.world()
        colleague, of_both_unions = second, of_both
        run_jobs = staticmethod(lambda: run_jobs(configured, opened))

    try:
        run_state_machine_as_test(
            Here,
            settings=settings(
                max_examples=examples(6, full=40), stateful_step_count=25, deadline=None, derandomize=True,
                suppress_health_check=list(HealthCheck), phases=[Phase.generate],
            ),
        )  # fmt: skip
    finally:
        opened.close()
