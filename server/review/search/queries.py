"""Asking the search."""

from typing import Any

from sqlalchemy import ColumnElement, Select, select, table, text
from sqlalchemy import column as plain_column
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session
from sqlalchemy.sql import cast as sql_cast

from server.review.search import rules
from server.review.search.models import SubmissionText
from server.review.submissions.models import Submission
from server.review.submissions.texts import numbers_meant


def meant_by(session: Session, column: ColumnElement[Any], words: str) -> list[ColumnElement[bool]]:
    """The condition that the submission whose id stands in `column` is the one of that number, or holds every word."""
    numbers = numbers_meant(words)
    found = select(Submission.id).where(Submission.number.in_(numbers)) if numbers else matching(session, words)
    return [column.in_(found)] if found is not None else []


def matching(session: Session, query: str, limit: int | None = None) -> Select[Any] | None:
    """A select of the ids of submissions that contain every word of `query`, up to `limit`, the latest to be indexed
    first where the database can tell; None if it has no words."""
    terms = rules.terms_of(query)
    if not terms:
        return None
    if session.get_bind().dialect.name == "sqlite":
        search = table("submission_search", plain_column("rowid"))
        rows = select(search.c.rowid).where(
            text("submission_search MATCH :search_terms").bindparams(search_terms=rules.sqlite_query(terms))
        )
        if limit is not None:
            rows = rows.order_by(search.c.rowid.desc()).limit(limit)
        return select(SubmissionText.submission_id).where(SubmissionText.id.in_(rows))
    wanted = sql_cast(rules.postgresql_query(terms), TSQUERY)
    found = select(SubmissionText.submission_id).where(SubmissionText.tokens.bool_op("@@")(wanted))
    return found if limit is None else found.limit(limit)
