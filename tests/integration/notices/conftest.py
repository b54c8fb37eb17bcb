"""Hands for notices: the city drafts, sends, replaces and passes on; unions sign."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from server.assignments.dispatch import actions
from server.assignments.dispatch.models import ReceiptChannel
from server.assignments.dispatch.schemas import DraftIn, RecipientRule, SignIn
from server.assignments.dispatch.workflow import RECIPIENT, RecipientMove
from server.core import clock
from server.core.db import Database
from server.kit.documents.models import Document
from server.kit.workflow import perform
from server.unions.roles import Level
from tests.integration.assignments.sending import Hands
from tests.support.world import World

DOCUMENT = {"form": "document", "mark": "海工办", "addressees": "各区市总工会"}


@dataclass
class NoticeHands(Hands):
    """Whoever sends notices."""

    def draft_notice(self, by: str = "city_reviewer", *, details: dict[str, Any] | None = None, **said: Any) -> UUID:
        """A draft to the districts; a light one unless the details say otherwise."""
        rule = {name: said.pop(name) for name in list(said) if name in RecipientRule.model_fields}
        rule.setdefault("levels", (Level.DISTRICT,))
        said.setdefault("title", "关于做好冬季取暖安全的通知")
        body = DraftIn(rule=RecipientRule(**rule), details=details or {}, may_pass_on=True, **said)
        with self.database.transaction() as session:
            return actions.draft_assignment(session, "notice", body, actor=self.actor(by), now=clock.now()).id

    def notice(self, by: str = "city_reviewer", **said: Any) -> UUID:
        """One that was sent."""
        draft_id = self.draft_notice(by, **said)
        self.send(draft_id, by)
        return draft_id

    def document(self, **said: Any) -> UUID:
        """A numbered one that was sent."""
        return self.notice(details={**DOCUMENT, **said.pop("details", {})}, **said)

    def number_of(self, notice_id: UUID) -> str | None:
        with self.database.reading() as session:
            return session.scalar(select(Document.number).where(Document.owner_id == notice_id))

    def replace(self, notice_id: UUID, by: str = "city_reviewer") -> UUID:
        version = self.load(notice_id).version
        with self.database.transaction() as session:
            actor = self.actor(by)
            draft = actions.replace_assignment(session, notice_id, version, "日期写错", actor=actor, now=clock.now())
            draft_id = draft.id
        self.send(draft_id, by)
        return draft_id

    def withdraw(self, notice_id: UUID, by: str = "city_reviewer") -> None:
        version = self.load(notice_id).version
        with self.database.transaction() as session:
            actions.withdraw_assignment(session, notice_id, version, "发错了", actor=self.actor(by), now=clock.now())
        self.run_jobs()

    def sign(self, notice_id: UUID, union_id: UUID, by: str, via: ReceiptChannel = ReceiptChannel.CONSOLE) -> None:
        row = self.rows(notice_id)[union_id]
        with self.database.transaction() as session:
            form, actor = SignIn(via=via), self.actor(by)
            perform(RECIPIENT, session, row.id, RecipientMove.SIGN, actor=actor, now=clock.now(), form=form)


@pytest.fixture
def hands(database: Database, world: World, run_jobs: Callable[..., int]) -> NoticeHands:
    return NoticeHands(database, world, run_jobs)
