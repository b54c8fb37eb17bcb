"""Hands for rectifications: a reported and accepted hazard, desks that make moves, after-photos."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from server.core import ids
from server.core.db import Database
from server.kit.documents.models import Document
from server.review.rectification.models import Rectification, RectificationStep
from tests.support.callers import Answer, Desk, Phone
from tests.support.images import Sample, jpeg
from tests.support.versions import version_of
from tests.support.world import Someone, World

AFTER = jpeg(71)
LIST = "/console/rectifications"  # a page with a form's token, lighter than the home page


@dataclass
class Hand:
    """Somebody at a desk who makes moves on rectifications."""

    desk: Desk
    token: str = ""  # in place of the desk's own

    def open(self, rectification_id: UUID) -> Answer:
        return self.desk.get(f"/console/rectifications/{rectification_id}")

    def move(self, row: Rectification, move: str, **fields: str) -> Answer:
        """A form sent, with the version of `row`."""
        sent = {"version": str(row.version), **fields}
        return self.desk.post(f"/console/rectifications/{row.id}/{move}", sent)

    def declare(
        self,
        row: Rectification,
        evidence_id: UUID,
        *samples: Sample,
        text: str = "已加护栏",
        version: int | None = None,
    ) -> Answer:
        """Say that it is done, with these photos to come."""
        body = {
            "version": version or row.version,
            "text": text,
            "photos": [{"sha256": each.sha256, "size": len(each.content)} for each in samples],
        }
        return self._send("POST", f"/console/rectifications/{row.id}/evidence/{evidence_id}", json.dumps(body).encode())

    def upload(self, row: Rectification, evidence_id: UUID, sample: Sample, position: int = 0) -> Answer:
        """Send one of them."""
        return self.desk.transport.send(
            "POST", f"/console/rectifications/{row.id}/evidence/{evidence_id}/photos",
            fields={"position": str(position)}, files={"file": (sample.name, sample.content, sample.media_type)},
            headers=self._headers(),
        )  # fmt: skip

    def submit(self, row: Rectification, *samples: Sample, text: str = "已加护栏") -> UUID:
        """All of it: declared, every photo sent. Returns the evidence's id."""
        evidence_id = ids.new_id()
        chosen = samples or (AFTER,)
        positions = self.declare(row, evidence_id, *chosen, text=text).ok().json["positions"]
        for position, sample in zip(positions, chosen, strict=True):
            self.upload(row, evidence_id, sample, position).ok()
        return evidence_id

    def issue(self, row: Rectification, paper: str) -> int:
        """Issue a paper of it. Returns the status of the answer."""
        return self.desk.post(f"/console/rectifications/{row.id}/papers/{paper}", {}).status

    def paper(self, row: Rectification, document_id: UUID) -> bytes:
        """The Word file of a paper."""
        return self.desk.get(f"/console/rectifications/{row.id}/papers/{document_id}.docx").ok().body

    def _headers(self) -> dict[str, str]:
        return {"X-CSRFToken": self.token or self.desk.form_token, "Accept": "application/json"}

    def _send(self, method: str, path: str, body: bytes) -> Answer:
        headers = {**self._headers(), "Content-Type": "application/json"}
        return self.desk.transport.send(method, path, body=body, headers=headers)


@dataclass
class Case:
    """One hazard and what became of it."""

    database: Database
    submission_id: UUID

    @property
    def row(self) -> Rectification:
        """The newest rectification as it is now."""
        with self.database.reading() as session:
            return session.scalars(
                select(Rectification)
                .where(Rectification.submission_id == self.submission_id)
                .order_by(Rectification.id.desc())
                .limit(1)
            ).one()

    @property
    def steps(self) -> list[RectificationStep]:
        """Its log."""
        with self.database.reading() as session:
            return list(
                session.scalars(
                    select(RectificationStep)
                    .where(RectificationStep.rectification_id == self.row.id)
                    .order_by(RectificationStep.id)
                )
            )

    @property
    def papers(self) -> list[Document]:
        """What was issued of it, oldest first."""
        with self.database.reading() as session:
            of_it = select(Document).where(Document.owner_id == self.row.id)
            return list(session.scalars(of_it.order_by(Document.issued_at, Document.id)))

    @property
    def moves(self) -> list[str]:
        return [str(step.move) for step in self.steps]


@pytest.fixture
def hand_of(desk_of: Callable[[Someone], Desk]) -> Callable[[Someone], Hand]:
    """`hand_of(world.people.town_reviewer)`; the same person gets the same desk."""
    known: dict[UUID, Hand] = {}

    def sit(who: Someone) -> Hand:
        if who.id not in known:
            known[who.id] = Hand(desk_of(who))
        return known[who.id]

    return sit


@pytest.fixture
def rectifier(hand_of: Callable[[Someone], Hand], world: World) -> Hand:
    """The shipyard's reviewer, who puts things right there."""
    return hand_of(world.people.enterprise_reviewer)


@pytest.fixture
def town(hand_of: Callable[[Someone], Hand], world: World) -> Hand:
    """The reviewer of the town above the shipyard."""
    return hand_of(world.people.town_reviewer)


@pytest.fixture
def accepted(phone: Phone, world: World, database: Database, hand_of: Callable[[Someone], Hand]) -> Callable[..., Case]:
    """`accepted(grade=3)`: a hazard of the shipyard, accepted by the town (or `by` somebody)."""

    def make(
        *, grade: int = 3, by: Someone | None = None, fields: dict[str, str] | None = None, **changes: Any
    ) -> Case:
        hazard = {"enterprise_id": world.unions.shipyard, **changes}
        submission_id = phone.report(**hazard)
        desk = hand_of(by or world.people.town_reviewer).desk
        sent = {"version": version_of(desk, submission_id), "grade": str(grade), **(fields or {})}
        answer = desk.post(f"/console/submissions/{submission_id}/accept", sent)
        assert answer.status == 303, answer.text[:2000]
        return Case(database, submission_id)

    return make
