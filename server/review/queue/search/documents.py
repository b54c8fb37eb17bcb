"""Keeping the search up to date, and asking it."""

from typing import Any, cast
from uuid import UUID

from sqlalchemy import Insert, Select, Table, select, table, text
from sqlalchemy import column as plain_column
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session
from sqlalchemy.sql import cast as sql_cast

from server.review.queue.models import SubmissionText
from server.review.queue.search import tokens
from server.review.submissions.kinds.registry import read_content
from server.review.submissions.models import Answer, Submission
from server.unions.campaigns.queries import campaign_facts
from server.unions.tree.models import Union

_TEXTS = cast(Table, SubmissionText.__table__)
_SUBJECT = select(
    Submission.kind, Submission.campaign_id, Submission.category, Submission.place, Union.name.label("enterprise_name")
).outerjoin(Union, Union.id == Submission.enterprise_id)
_ANSWERS = select(Answer.text).where(Answer.completed_at.is_not(None)).order_by(Answer.id)


def index_submission(session: Session, submission_id: UUID) -> None:
    """Write what can be searched of a submission: words, place, category, enterprise, answers. Safe to repeat."""
    row = session.execute(_SUBJECT.where(Submission.id == submission_id)).one()
    campaign = campaign_facts(session, row.campaign_id)
    fields = [
        read_content(session, row.kind, submission_id).description,
        row.place,
        campaign.category_name(row.category),
        row.enterprise_name or "",
        *session.scalars(_ANSWERS.where(Answer.submission_id == submission_id)),
    ]
    found = tokens.tokens_of(fields)
    statement: Insert
    if session.get_bind().dialect.name == "sqlite":
        document = tokens.sqlite_document(found)
        lite = sqlite.insert(_TEXTS)
        statement = lite.on_conflict_do_update(index_elements=["submission_id"], set_={"tokens": lite.excluded.tokens})
    else:
        document = tokens.postgresql_document(found)
        postgres = postgresql.insert(_TEXTS)
        statement = postgres.on_conflict_do_update(
            index_elements=["submission_id"], set_={"tokens": postgres.excluded.tokens}
        )
    session.execute(statement, {"submission_id": submission_id, "tokens": document})


def matching(session: Session, query: str, limit: int | None = None) -> Select[Any] | None:
    """A select of the ids of submissions that contain every word of `query`, up to `limit`, the latest to be indexed
    first where the database can tell; None if it has no words."""
    terms = tokens.terms_of(query)
    if not terms:
        return None
    if session.get_bind().dialect.name == "sqlite":
        search = table("submission_search", plain_column("rowid"))
        rows = select(search.c.rowid).where(
            text("submission_search MATCH :search_terms").bindparams(search_terms=tokens.sqlite_query(terms))
        )
        if limit is not None:
            rows = rows.order_by(search.c.rowid.desc()).limit(limit)
        return select(SubmissionText.submission_id).where(SubmissionText.id.in_(rows))
    wanted = sql_cast(tokens.postgresql_query(terms), TSQUERY)
    found = select(SubmissionText.submission_id).where(SubmissionText.tokens.bool_op("@@")(wanted))
    return found if limit is None else found.limit(limit)
