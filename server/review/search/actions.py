"""Keeping the search up to date."""

from typing import cast
from uuid import UUID

from sqlalchemy import Table, bindparam, select
from sqlalchemy.orm import Session

from server.core.db import upsert
from server.core.prepared import Prepared
from server.review.search import rules
from server.review.search.models import SubmissionText
from server.review.submissions.kinds.registry import read_content
from server.review.submissions.models import Answer, Submission
from server.unions.campaigns.queries import campaign_facts
from server.unions.tree.models import Union

_TEXTS = cast(Table, SubmissionText.__table__)
_ROWS, _SAID, _UNIONS = (cast(Table, each.__table__).c for each in (Submission, Answer, Union))

# Part of every report's arrival.
_SUBJECT = Prepared(
    select(_ROWS.kind, _ROWS.campaign_id, _ROWS.category, _ROWS.place, _UNIONS.name)
    .outerjoin_from(_ROWS.id.table, _UNIONS.id.table, _UNIONS.id == _ROWS.enterprise_id)
    .where(_ROWS.id == bindparam("submission_id"))
)
_ANSWERS = Prepared(
    select(_SAID.text)
    .where(_SAID.completed_at.is_not(None), _SAID.submission_id == bindparam("submission_id"))
    .order_by(_SAID.id)
)

_NEW = upsert(_TEXTS).inline()
_WRITE = Prepared(
    _NEW.on_conflict_do_update(index_elements=["submission_id"], set_={"tokens": _NEW.excluded.tokens}),
    ["submission_id", "tokens"],
)
_DOCUMENT = {"sqlite": rules.sqlite_document, "postgresql": rules.postgresql_document}


def index_submission(session: Session, submission_id: UUID) -> None:
    """Write what can be searched of a submission: words, place, category, enterprise, answers. Safe to repeat."""
    session.flush()
    connection, asked = session.connection(), {"submission_id": submission_id}
    [(kind, campaign_id, category, place, enterprise_name)] = _SUBJECT.execute(connection, asked)
    fields = [
        read_content(session, kind, submission_id).description,
        place,
        campaign_facts(session, campaign_id).category_name(category),
        enterprise_name or "",
        *(text for (text,) in _ANSWERS.execute(connection, asked)),
    ]
    document = _DOCUMENT[connection.dialect.name](rules.tokens_of(fields))
    _WRITE.execute(connection, {"submission_id": submission_id, "tokens": document})
