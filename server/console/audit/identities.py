"""Rows of the log that would tell who reported something anonymously: shown, but without the name.

The log itself keeps everything. A row gives somebody away when it names both a submission (or what came of it) and a
person whose part in it is anonymous (`review/submissions/parts.py`), as the one who acted, as its subject or in its
detail.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import select, union_all
from sqlalchemy.orm import Session

from server.core.audit.queries import AuditRow
from server.oversight.awards.models import AwardEntry
from server.review.rectification.models import Rectification
from server.review.submissions.identity import ANONYMOUS
from server.review.submissions.parts import map_unnamed
from server.rewards.points.models import PointsTransfer
from server.unions.actor import Actor


def hide_reporters(
    session: Session, actor: Actor, rows: Sequence[AuditRow], asked_for: Collection[UUID]
) -> tuple[list[AuditRow], frozenset[UUID]]:
    """The rows as the viewer may see them, and the ids of those that were masked.

    `asked_for`: people that the viewer searched the log for. What would give one of them away is not among the rows at
    all: to find it under their name would be to know.
    """
    mentioned = {row.id: set(_mentioned(row)) for row in rows}
    betrayals = _betrayals(session, actor, mentioned)
    shown, masked = [], set()
    for row in rows:
        betrayed = betrayals[row.id]
        if betrayed & set(asked_for):
            continue
        if betrayed:
            masked.add(row.id)
        shown.append(_mask(row, betrayed) if betrayed else row)
    return shown, frozenset(masked)


def _betrayals(session: Session, actor: Actor, mentioned: Mapping[UUID, Collection[UUID]]) -> dict[UUID, set[UUID]]:
    """By row, the people whom it would tell to have had an anonymous part in what it is about."""
    everything = set().union(*mentioned.values()) if mentioned else set()
    about, hidden = _submissions_of(session, everything), map_unnamed(session, everything, actor)
    return {
        row_id: {each for each in named if hidden.get(each, set()) & {about.get(one, one) for one in named}}
        for row_id, named in mentioned.items()
    }


def _submissions_of(session: Session, mentioned: Collection[UUID]) -> dict[UUID, UUID]:
    """The submission that a rectification, award or credit is about, by its id."""
    if not mentioned:
        return {}
    found = [
        select(table.id, table.submission_id).where(table.id.in_(mentioned), table.submission_id.is_not(None))
        for table in (Rectification, AwardEntry, PointsTransfer)
    ]
    return {row.id: row.submission_id for row in session.execute(union_all(*found))}


def _mentioned(row: AuditRow) -> Iterator[UUID]:
    if row.actor_id is not None:
        yield row.actor_id
    yield from _ids_in([row.subject_id, row.detail])


def _ids_in(value: Any) -> Iterator[UUID]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from _ids_in(each)
    elif isinstance(value, str) and len(value) == 36:
        try:
            yield UUID(value)
        except ValueError:
            return


def _mask(row: AuditRow, people: Collection[UUID]) -> AuditRow:
    names = {str(each) for each in people}
    return replace(
        row,
        actor_id=None if row.actor_id in people else row.actor_id,
        subject_id=ANONYMOUS if row.subject_id in names else row.subject_id,
        detail=_masked(row.detail, names),
        address="",
        request_id="",
    )


def _masked(value: Any, names: Collection[str]) -> Any:
    if isinstance(value, dict):
        return {key: _masked(each, names) for key, each in value.items()}
    if isinstance(value, list):
        return [_masked(each, names) for each in value]
    return ANONYMOUS if isinstance(value, str) and value in names else value
