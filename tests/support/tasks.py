"""Tasks for tests: an assignment that is sent, and one union's side of it."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from server.assignments.dispatch.actions import draft_assignment, send_assignment
from server.assignments.dispatch.models import Assignment, Checker, Recipient
from server.assignments.dispatch.schemas import DraftIn, RecipientRule
from server.assignments.forms.actions import create_form
from server.assignments.forms.schemas import Definition, FormIn
from server.assignments.responses.models import Response, ResponseVersion
from server.core import clock, ids
from server.core.db import Database
from server.unions.actor import Actor, RoleAt
from server.unions.roles import ROLE_LEVEL, Role
from server.unions.tree.models import Union
from tests.support.callers import Answer, Desk

CHOICES = [{"key": "coal", "label": "燃煤"}, {"key": "gas", "label": "燃气"}]
FORM = {
    "sections": [
        {
            "key": "s1",
            "title": "基本情况",
            "fields": [
                {"key": "f1", "kind": "text", "label": "负责人", "required": True},
                {"key": "f2", "kind": "integer", "label": "锅炉台数", "unit": "台"},
                {"key": "f3", "kind": "one_of", "label": "燃料", "choices": CHOICES},
                {"key": "f4", "kind": "yes_no", "label": "有没有值班表"},
                {"key": "f5", "kind": "prose", "label": "值班安排", "shown_if": {"field": "f4", "equals": "yes"}},
            ],
        },
        {
            "key": "s2",
            "title": "燃气",
            "may_be_skipped": True,
            "fields": [
                {"key": "c1", "kind": "check", "label": "报警器有电", "criterion": "指示灯亮", "required": True},
                {"key": "t1", "kind": "table", "label": "钢瓶", "columns": [
                    {"key": "c", "kind": "text", "label": "编号", "required": True},
                    {"key": "d", "kind": "date", "label": "检验到期"},
                ]},
            ],
        },
    ]
}  # fmt: skip
FULL: dict[str, Any] = {
    "answers": {"f1": "周工", "f2": 2, "f3": "gas", "c1": {"result": "passed"}, "t1": [{"c": "A-1", "d": "2027-03-01"}]}
}
LATER = date(2199, 1, 31)


def actor_at(database: Database, person_id: UUID, role: Role, union_id: UUID) -> Actor:
    """A reviewer as an action takes them."""
    with database.reading() as session:
        name = session.get_one(Union, union_id).name
    return Actor(person_id, "某人", ids.new_id(), None, (RoleAt(role, union_id, ROLE_LEVEL[role], name),))


@dataclass(frozen=True)
class Sender:
    """Somebody who sends things down in the name of their union. `run_jobs` writes the rows."""

    database: Database
    actor: Actor
    run_jobs: Callable[..., int]

    @property
    def union_id(self) -> UUID:
        return self.actor.roles[0].union_id

    def send(
        self, unions: Sequence[UUID], *, kind: str = "task", form: dict[str, Any] | None = FORM,
        copies: Sequence[UUID] = (), **changes: Any,
    ) -> UUID:  # fmt: skip
        """An assignment that has reached these unions."""
        now = clock.now()
        with self.database.transaction() as session:
            form_id = None
            if form is not None:
                definition = Definition.model_validate(form)
                made = create_form(session, self.union_id, FormIn(title="冬检"), definition, actor=self.actor, now=now)
                form_id = made.id
            body = DraftIn(
                title=changes.pop("title", "冬季取暖检查"), text="请在期限内填好。", form_id=form_id,
                wants_receipt=changes.pop("wants_receipt", True), wants_reply=changes.pop("wants_reply", True),
                checker=changes.pop("checker", Checker.SENDER), due_on=changes.pop("due_on", LATER),
                rule=RecipientRule(plus=tuple(unions), copies=tuple(copies)), **changes,
            )  # fmt: skip
            draft = draft_assignment(session, kind, body, actor=self.actor, now=now)
            send_assignment(session, draft.id, draft.version, actor=self.actor, now=now)
        self.run_jobs()
        return draft.id

    def ask(self, union_id: UUID, **changes: Any) -> UUID:
        """The row of one union that is asked."""
        return self.rows(self.send([union_id], **changes))[union_id]

    def rows(self, assignment_id: UUID) -> dict[UUID, UUID]:
        with self.database.reading() as session:
            found = session.execute(
                select(Recipient.union_id, Recipient.id).where(Recipient.assignment_id == assignment_id)
            )
            return {row.union_id: row.id for row in found}


def load_row(database: Database, recipient_id: UUID) -> Recipient:
    with database.reading() as session:
        return session.get_one(Recipient, recipient_id)


def load_assignment(database: Database, assignment_id: UUID) -> Assignment:
    with database.reading() as session:
        return session.get_one(Assignment, assignment_id)


def load_draft(database: Database, recipient_id: UUID) -> Response | None:
    with database.reading() as session:
        return session.get(Response, recipient_id)


def load_versions(database: Database, recipient_id: UUID) -> list[ResponseVersion]:
    with database.reading() as session:
        return list(
            session.scalars(
                select(ResponseVersion)
                .where(ResponseVersion.recipient_id == recipient_id)
                .order_by(ResponseVersion.number)
            )
        )


@dataclass(frozen=True)
class Officer:
    """Somebody at a desk who answers one task, or checks it."""

    desk: Desk
    task: UUID

    @property
    def path(self) -> str:
        return f"/console/tasks/{self.task}"

    @property
    def page(self) -> str:
        return self.desk.get(self.path).ok().text

    def fill(self, what: str = "save", **fields: str) -> Answer:
        """Post the form of the page with the version and the key that it has now, unless they are given."""
        sent = {"f1": "周工", "c1.result": "passed", **fields}
        return self.desk.post(f"{self.path}/{what}", {**self.hidden(), **sent})

    def hidden(self) -> dict[str, str]:
        found = re.findall(r'name="(version|key)"\s+value="([^"]+)"', self.page)
        return dict(reversed(found))  # of the form itself, which comes before those beside it

    def decide(self, what: str, version: int, **fields: str) -> Answer:
        return self.desk.post(f"{self.path}/{what}", {"version": str(version), **fields})
