"""Everything that is kept about a person: whatever the slices declare as a person's own rows."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from enum import Enum
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from server.channels.official_account.models import PictureState, Voice
from server.channels.official_account.voices.keeping import object_key as voice_key
from server.core.slice import PersonalRows, declared
from server.kit.files.models import AttachedFile, FileState
from server.kit.files.rules import PICTURES
from server.kit.files.serving.keys import object_key
from server.photos.models import Photo, PhotoState
from server.photos.pictures.keys import Variant, derived_key
from server.review.submissions.queries import sent_by

OF_OTHERS = re.compile(r"(_by_id|^actor_id)$")  # who handled it is their business

Row = dict[str, Any]


def gather(session: Session, person_id: UUID) -> dict[str, list[Row]]:
    """All of it by title, as plain values."""
    found: dict[str, list[Row]] = {}
    for personal in declared().personal:
        if personal.title:
            found.setdefault(personal.title, []).extend(_rows(session, personal, person_id))
    return {title: rows for title, rows in found.items() if rows}


def stored_of(session: Session, person_id: UUID) -> Iterator[tuple[str, str]]:
    """Every photo and file of the person's that can be opened: its name in the archive, and where it lies."""
    photos = select(Photo).where(Photo.owner_id == person_id, Photo.state == PhotoState.READY).order_by(Photo.id)
    for photo in session.scalars(photos):
        yield _photo_name(photo), derived_key(photo.id, Variant.DISPLAY)
    files = select(AttachedFile).where(AttachedFile.uploaded_by_id == person_id, AttachedFile.state == FileState.READY)
    for file in session.scalars(files.order_by(AttachedFile.id)):
        yield _file_name(file), object_key(file.object_id, Variant.DISPLAY if file.is_picture else Variant.ORIGINAL)

    spoken = select(Voice).where(sent_by(Voice.submission_id)(person_id), Voice.state == PictureState.KEPT)
    for voice in session.scalars(spoken.order_by(Voice.id)):
        yield _voice_name(voice), voice_key(voice.id)


def _photo_name(photo: Any) -> str:
    return f"照片/{photo.submission_id}/{photo.position + 1}.jpg"


def _file_name(file: Any) -> str:
    return f"附件/{file.id}/{file.name}{'.jpg' if file.media_type in PICTURES else ''}"


def _voice_name(voice: Any) -> str:
    return f"语音/{voice.submission_id}/{voice.id}.mp3"


NAMES = {Photo: _photo_name, AttachedFile: _file_name, Voice: _voice_name}


def _rows(session: Session, personal: PersonalRows, person_id: UUID) -> Iterator[Row]:
    table = cast(Table, personal.model.__table__)
    left_out = {column for column in table.c if column.name in personal.hidden or OF_OTHERS.search(column.name)}
    columns = [column for column in table.c if column not in left_out]
    statement = select(*columns).where(personal.rows(person_id)).order_by(*table.primary_key.columns)
    for row in session.execute(statement):
        values = {key: _value(value) for key, value in row._mapping.items()}
        name = NAMES.get(personal.model)
        yield values if name is None else {**values, "file": name(row)}


def _value(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    return str(value) if isinstance(value, UUID) else value
