"""Reads of hazards."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, cast
from uuid import UUID

from sqlalchemy import Table, bindparam, select
from sqlalchemy.orm import Session

from server.activities.hazards.actions import PreparedHazard
from server.activities.hazards.models import Datum, Hazard
from server.activities.hazards.schemas import HazardIn
from server.activities.locations.models import Location
from server.activities.locations.rules import place_text, spell
from server.core.db import read_ahead
from server.core.prepared import Prepared
from server.review.submissions.kinds.content import Content, Coordinates, LocationCode
from server.review.submissions.kinds.progress import progress_steps
from server.review.submissions.models import Move, Status
from server.review.submissions.schemas import CoordinatesOut, PhotoOut, StepFacts, SubmissionOut, TimelineEntry
from server.review.submissions.texts import MOVE_TITLES, STATUS_TEXTS, union_label
from server.unions.tree.lookup.invites import normalise_invite_code

_HAZARDS, _LOCATIONS = cast(Table, Hazard.__table__), cast(Table, Location.__table__)
_H, _L = _HAZARDS.c, _LOCATIONS.c
_CONTENTS = select(
    _H.submission_id, _H.description, _H.latitude, _H.longitude, _H.datum, _H.accuracy,
    _L.id.label("location_id"), _L.code, _L.name, _L.whereabouts,
).outerjoin_from(_HAZARDS, _LOCATIONS, _L.id == _H.location_id)  # fmt: skip
_CONTENT = Prepared(_CONTENTS.where(_H.submission_id == bindparam("submission_id")))  # part of every arrival


class _Said(NamedTuple):
    """A row of `_CONTENTS`."""

    submission_id: UUID
    description: str
    latitude: float | None
    longitude: float | None
    datum: Datum | None
    accuracy: float | None
    location_id: UUID | None
    code: str
    name: str
    whereabouts: str


def read_hazard(session: Session, submission_id: UUID) -> Content:
    """What the hazard says, for the review wing."""
    rows = read_ahead(session, _CONTENT, {"submission_id": submission_id})
    return _content(_Said._make(rows[0])) if rows else Content()


def read_hazards(session: Session, submission_ids: Collection[UUID]) -> Mapping[UUID, Content]:
    """What these hazards say, by id."""
    rows = session.execute(_CONTENTS.where(_H.submission_id.in_(submission_ids)))
    return {row.submission_id: _content(row) for row in map(_Said._make, rows)}


def _content(row: _Said) -> Content:
    point = None
    if row.latitude is not None and row.longitude is not None and row.datum is not None:
        point = Coordinates(row.latitude, row.longitude, row.datum.value, row.accuracy)
    code = None
    if row.location_id is not None:
        code = LocationCode(row.location_id, spell(row.code), place_text(row.name, row.whereabouts))
    return Content(row.description, point, code)


def describe_new(prepared: PreparedHazard, photo_ids: Sequence[UUID], now: datetime) -> SubmissionOut:
    """A hazard just written, as `get_own_submission` would give it, but without asking the database again."""
    new, body, route = prepared.submission, prepared.body, prepared.route
    facts = StepFacts(
        kind=new.kind,
        status=Status.INCOMPLETE,
        created_at=now,
        updated_at=now,
        photos_expected=new.photos_expected,
        photos_received=0,
        union_name=route.union_name,
    )
    return SubmissionOut(
        id=new.id,
        number=None,
        kind=new.kind,
        status=Status.INCOMPLETE,
        status_text=STATUS_TEXTS[Status.INCOMPLETE],
        category=new.category,
        category_name=prepared.campaign.category_name(new.category),
        excerpt=new.excerpt,
        place=new.place,
        enterprise_name=route.enterprise_name,
        grade=None,
        photos_expected=new.photos_expected,
        photos_received=0,
        thumbnail_url=None,
        created_at=now,
        updated_at=now,
        needs_answer=False,
        is_done=False,
        is_anonymous=new.is_anonymous,
        is_direct=new.kept_from_id is not None,
        handler_name=union_label(route.union_name),
        description=body.description,
        coordinates=CoordinatesOut(**body.coordinates.model_dump(mode="json")) if body.coordinates else None,
        location_code=spell(normalise_invite_code(body.location_code or "")) if prepared.location_id else None,
        photos=_awaited(photo_ids, body),
        question=None,
        reply=None,
        due_at=None,
        duplicate_of=None,
        joined_id=None,
        timeline=[TimelineEntry(at=now, kind=Move.CREATE, title=MOVE_TITLES[Move.CREATE], text=None, by="我")],
        steps=progress_steps(facts),
        can_withdraw=True,
    )


def _awaited(photo_ids: Sequence[UUID], body: HazardIn) -> list[PhotoOut]:
    return [
        PhotoOut(
            id=photo_id,
            position=position,
            sha256=photo.sha256,
            state="awaited",
            thumbnail_url=None,
            display_url=None,
            from_answer=False,
        )
        for position, (photo_id, photo) in enumerate(zip(photo_ids, body.photos, strict=True))
    ]
