"""Rows of the log that would tell who reported something anonymously: shown, but without the name.

The log itself keeps everything. A row gives somebody away when it names both an anonymous submission (or what came of
it) and its reporter, as the one who acted, as its subject or in its detail.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core.audit.queries import AuditRow
from server.review.rectification.models import Rectification
from server.review.submissions.identity import ANONYMOUS, may_see_reporter
from server.review.submissions.models import Submission
from server.unions.actor import Actor

_COLUMNS = (
    Submission.reporter_id,
    Submission.is_anonymous,
    Submission.disclosed_at,
    Submission.city_id,
    Submission.district_id,
    Submission.town_id,
    Submission.enterprise_id,
)


def hide_reporters(
    session: Session, actor: Actor, rows: Sequence[AuditRow], asked_for: Collection[UUID]
) -> tuple[list[AuditRow], frozenset[UUID]]:
    """The rows as the viewer may see them, and the ids of those that were masked.

    `asked_for`: people that the viewer searched the log for. What would give one of them away is not among the rows at
    all: to find it under their name would be to know.
    """
    mentioned = {row.id: set(_mentioned(row)) for row in rows}
    reporters = _hidden_reporters(session, actor, set().union(*mentioned.values()) if mentioned else set())
    shown, masked = [], set()
    for row in rows:
        betrayed = {reporters[each] for each in mentioned[row.id] if each in reporters} & mentioned[row.id]
        if betrayed & set(asked_for):
            continue
        if betrayed:
            masked.add(row.id)
        shown.append(_mask(row, betrayed) if betrayed else row)
    return shown, frozenset(masked)


def _hidden_reporters(session: Session, actor: Actor, mentioned: Collection[UUID]) -> dict[UUID, UUID]:
    """Id of a submission or rectification to its reporter, where the viewer may not know them."""
    if not mentioned:
        return {}
    found = session.execute(
        select(Submission.id, *_COLUMNS)
        .where(Submission.id.in_(mentioned), Submission.is_anonymous.is_(True))
        .union_all(
            select(Rectification.id, *_COLUMNS)
            .join(Submission, Submission.id == Rectification.submission_id)
            .where(Rectification.id.in_(mentioned), Submission.is_anonymous.is_(True))
        )
    )
    return {row.id: row.reporter_id for row in found if not may_see_reporter(actor, row)}


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
