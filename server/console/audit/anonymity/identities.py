"""Rows of the log that would tell who reported something anonymously: shown, but without the name.

The log itself keeps everything. A row gives somebody away when it names both a submission (or what came of it) and a
person whose part in it is anonymous (`review/submissions/anonymity/parts.py`), as the one who acted, as its subject or
in its detail.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import select, union_all
from sqlalchemy.orm import Session

from server.core.audit.queries import AuditRow
from server.oversight.awards.models import AwardEntry
from server.review.rectification.models import Rectification
from server.review.submissions.anonymity.identity import ANONYMOUS, may_see_reporter
from server.review.submissions.anonymity.parts import map_unnamed
from server.review.submissions.models import Submission
from server.rewards.points.models import PointsTransfer
from server.unions.actor import Actor


def hide_reporters(
    session: Session, actor: Actor, rows: Sequence[AuditRow], asked_for: Collection[UUID]
) -> tuple[list[AuditRow], frozenset[UUID]]:
    """The rows as the viewer may see them, and the ids of those that were masked.

    `asked_for`: people that the viewer searched the log for. What would give one of them away is not among the rows at
    all: to find it under their name would be to know.
    """
    found = {row.id: set(mentioned(row)) for row in rows}
    everything = set().union(*found.values()) if found else set()
    about = _submissions_of(session, everything)
    hidden = map_unnamed(session, everything, actor)
    unknown = _sent_by_unknown(session, {about.get(each, each) for each in everything}, actor)
    shown, masked = [], set()
    for row in rows:
        subjects = {about.get(each, each) for each in found[row.id]}
        betrayed = {each for each in found[row.id] if hidden.get(each, set()) & subjects}
        if betrayed & set(asked_for):
            continue
        if betrayed:
            masked.add(row.id)
        if betrayed or (row.actor_id is None and subjects & unknown):  # what the reporter's phone made the system do
            shown.append(_mask(row, betrayed))
        else:
            shown.append(row)
    return shown, frozenset(masked)


def _sent_by_unknown(session: Session, submission_ids: Collection[UUID], actor: Actor) -> set[UUID]:
    """Those that were sent anonymously, by somebody whom the viewer may not know."""
    if not submission_ids:
        return set()
    found = session.scalars(select(Submission).where(Submission.id.in_(submission_ids), Submission.is_anonymous))
    return {each.id for each in found if not may_see_reporter(actor, each)}


def _submissions_of(session: Session, mentioned: Collection[UUID]) -> dict[UUID, UUID]:
    """The submission that a rectification, award or credit is about, by its id."""
    if not mentioned:
        return {}
    found = [
        select(table.id, table.submission_id).where(table.id.in_(mentioned), table.submission_id.is_not(None))
        for table in (Rectification, AwardEntry, PointsTransfer)
    ]
    return {row.id: row.submission_id for row in session.execute(union_all(*found))}


def mentioned(row: AuditRow) -> Iterator[UUID]:
    """Every id in a row: who acted, on what, and those of the detail."""
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
