"""Hands for inspections: a form of the template, sent down, answered by enterprises."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select

from server.assignments.dispatch import actions
from server.assignments.dispatch.models import Assignment, Recipient
from server.assignments.dispatch.queries import form_for
from server.assignments.dispatch.schemas import DraftIn, RecipientRule
from server.assignments.findings.models import Finding
from server.assignments.forms.schemas import Definition
from server.assignments.responses.actions import return_response, submit_response
from server.assignments.responses.models import Response
from server.assignments.responses.schemas import ReturnIn, SubmitIn
from server.assignments.spot_checks.models import SpotCheck
from server.core import clock, ids
from server.core.db import Database
from server.core.storage.base import ObjectStore
from server.kit.files.models import AttachedFile, FileState
from server.kit.files.serving.keys import object_key
from server.review.submissions.models import Submission
from server.unions.roles import Level
from server.unions.tree.actions import answer_traits
from server.unions.tree.lookup.traits import traits
from tests.integration.assignments.sending import Hands, in_days
from tests.support.callers import Desk
from tests.support.images import Sample
from tests.support.world import Someone, World

COPY = "/console/inspections/templates/winter_heating_gas/copy"
ENTERPRISES = {"shipyard": "enterprise_reviewer", "brewery": "other_enterprise_reviewer"}


@dataclass
class Inspector:
    """The town's reviewer, who sends the winter inspection to the shipyard, and whoever answers it."""

    database: Database
    store: ObjectStore
    world: World
    desk_of: Callable[[Someone], Desk]
    run_jobs: Callable[..., int]
    hands: Hands = field(init=False)

    def __post_init__(self) -> None:
        self.hands = Hands(self.database, self.world, self.run_jobs)

    def says(self, union: str, *has: str) -> None:
        """An enterprise says what it has; nothing else."""
        said = {code: code in has for code in traits()}
        with self.database.transaction() as session:
            actor = self.hands.actor("city_reviewer")
            answer_traits(session, getattr(self.world.unions, union), said, actor=actor, now=clock.now())

    def send(self, by: str = "town_reviewer", union: str = "seaside", **rule: Any) -> UUID:
        """The template as the union's form, sent to its enterprises."""
        desk = self.desk_of(getattr(self.world.people, by))
        made = desk.post(COPY, {"union": str(getattr(self.world.unions, union))}, form="/console/")
        form_id = UUID(made.headers["Location"].rpartition("/")[2])
        body = DraftIn(
            title="冬季取暖检查", form_id=form_id, wants_reply=True, due_on=in_days(10),
            rule=RecipientRule(levels=(Level.ENTERPRISE,), **rule),
        )  # fmt: skip
        with self.database.transaction() as session:
            draft = actions.draft_assignment(session, "inspection", body, actor=self.hands.actor(by), now=clock.now())
            draft_id = draft.id
        self.hands.send(draft_id, by)
        return draft_id

    def row(self, assignment_id: UUID, union: str = "shipyard") -> Recipient:
        return self.hands.rows(assignment_id)[getattr(self.world.unions, union)]

    def form(self, row: Recipient) -> Definition:
        """What the recipient is asked now."""
        with self.database.reading() as session:
            row = session.get_one(Recipient, row.id)
            return form_for(session, session.get_one(Assignment, row.assignment_id), row) or Definition()

    def photo(self, row: Recipient | SpotCheck, item: str, sample: Sample) -> str:
        """A picture of an item of the answer, or of what the union found itself."""
        subject = "response" if isinstance(row, Recipient) else "spot_check"
        object_id, file_id = ids.new_id(), ids.new_id()
        self.store.put_bytes(object_key(object_id), sample.content, "image/jpeg")
        with self.database.transaction() as session:
            session.add(
                AttachedFile(
                    id=file_id, subject=subject, subject_id=row.id, field=item, position=0,
                    uploaded_by_id=self.world.people.enterprise_reviewer.id, name="照片.jpg", media_type="image/jpeg",
                    size=len(sample.content), sha256=sample.sha256, state=FileState.READY, object_id=object_id,
                    width=64, height=48, created_at=clock.now(),
                )
            )  # fmt: skip
        return str(file_id)

    def answer(
        self, row: Recipient, said: Mapping[str, Mapping[str, Any]] | None = None, *, union: str = "shipyard"
    ) -> None:
        """Everything passes but what is said otherwise; then the jobs."""
        passed = {"result": "passed", "words": "", "photos": []}
        answers = {item.key: passed for item in self.form(row).fields()} | dict(said or {})
        with self.database.transaction() as session:
            actor = self.hands.actor(ENTERPRISES[union])
            draft = session.get(Response, row.id)
            body = SubmitIn(key=ids.new_id(), version=draft.version if draft else 0, answers=answers)
            submit_response(session, row.id, body, actor=actor, now=clock.now())
        self.run_jobs()

    def send_back(self, row: Recipient, by: str = "town_reviewer") -> None:
        with self.database.transaction() as session:
            now = session.get_one(Recipient, row.id)
            body = ReturnIn(version=now.version, remarks={}, remark="请再看一遍")
            return_response(session, row.id, body, actor=self.hands.actor(by), now=clock.now())

    def findings(self, row: Recipient) -> dict[str, Finding]:
        with self.database.reading() as session:
            found = session.scalars(select(Finding).where(Finding.recipient_id == row.id))
            return {each.item: each for each in found}

    def hazards(self) -> list[Submission]:
        with self.database.reading() as session:
            return list(session.scalars(select(Submission).order_by(Submission.id)))


def failed(words: str = "软管老化开裂", *photos: str) -> dict[str, Any]:
    return {"result": "failed", "words": words, "photos": list(photos)}
