"""Asking the search."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, func, select, table, text
from sqlalchemy import column as plain_column
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session
from sqlalchemy.sql import cast as sql_cast

from server.review.search import rules
from server.review.search.models import SubmissionText
from server.review.submissions.models import Submission
from server.review.submissions.texts import numbers_meant
from server.unions.actor import Actor
from server.unions.roles import Level

FEW = 100
"""Finds that are told to the database one by one."""
MANY = 6_000
"""Finds from which on a list is walked and each row asked for its words: among a million rows, to gather as many and
sort them takes about as long as to come upon a page of them."""
LOOKED_AT, COMMON = 5_000, 50
"""The newest texts that are looked at before the index is asked, and how many of them make words common: PostgreSQL
gathers all places of a word, some 100,000 among a million, before it gives the first."""


def meant_by(session: Session, actor: Actor, column: ColumnElement[Any], words: str) -> list[ColumnElement[bool]]:
    """The condition that the submission whose id stands in `column` is the one of that number, or holds every word."""
    numbers = numbers_meant(words)
    if numbers:
        return _are(session, column, session.scalars(select(Submission.id).where(Submission.number.in_(numbers))).all())
    return having(session, actor, column, words)


def having(session: Session, actor: Actor, column: ColumnElement[Any], words: str) -> list[ColumnElement[bool]]:
    """The condition that the submission whose id stands in `column` holds every word, in a list of the actor's."""
    terms = rules.terms_of(words)
    if not terms:
        return []
    if _sees_little(actor):
        return [_holds(session, column, terms)]
    known = _known(session, words)
    if known.few is not None:  # said one by one: a planner that guesses how many there are would look through the list
        return _are(session, column, known.few)
    return [_holds(session, column, terms) if known.is_common else column.in_(_matching(session, terms))]


@dataclass(frozen=True, slots=True)
class _Known:
    """What there is of words: those few submissions, None where there are more; whether they lie everywhere."""

    few: Sequence[UUID] | None = None
    is_common: bool = False


def _known(session: Session, words: str) -> _Known:
    """Asked once, however many lists are searched."""
    asked: dict[str, _Known] = session.info.setdefault("known_words", {})
    if words not in asked:
        asked[words] = _look_up(session, rules.terms_of(words))
    return asked[words]


def _look_up(session: Session, terms: Sequence[str]) -> _Known:
    if not _is_sqlite(session) and _among_the_newest(session, terms) >= COMMON:
        return _Known(is_common=True)
    known = _matching(session, terms, MANY + 1).cte("known")
    count = select(func.count()).select_from(known).scalar_subquery()
    found = session.execute(select(known.c.submission_id, count.label("total")).limit(FEW + 1)).all()
    if len(found) <= FEW:
        return _Known([each.submission_id for each in found])
    return _Known(is_common=found[0].total > MANY)


def _among_the_newest(session: Session, terms: Sequence[str]) -> int:
    return session.scalar(select(func.count()).select_from(_newest_with(terms).subquery())) or 0


def _newest_with(terms: Sequence[str]) -> Select[Any]:
    """Those of the newest texts that hold the words, by PostgreSQL, without its index."""
    newest = select(SubmissionText).order_by(SubmissionText.id.desc()).limit(LOOKED_AT).subquery()
    return select(newest.c.submission_id).where(_meets(newest.c.tokens, terms))


def _meets(tokens: ColumnElement[Any], terms: Sequence[str]) -> ColumnElement[bool]:
    """Whether a document of PostgreSQL's has all words."""
    return tokens.bool_op("@@")(sql_cast(rules.postgresql_query(terms), TSQUERY))


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


def _are(session: Session, column: ColumnElement[Any], few: Sequence[UUID]) -> list[ColumnElement[bool]]:
    """The rows of these submissions, told by their own ids: any other column SQLite would rather ask of every row."""
    key = column.table.c.id
    found = few if column is key or not few else session.scalars(select(key).where(column.in_(few))).all()
    return [key.in_(found) if found else false()]  # of an empty IN SQLite would ask every row


def ids_meant_by(
    session: Session, actor: Actor, column: ColumnElement[Any], words: str, limit: int | None
) -> Select[Any] | None:
    """The rows of a table that has the ids of submissions in `column`, up to `limit` that hold every word: hits are
    counted among them. None where nothing is looked for, or a number, or in little: then it is counted row by row."""
    found = None if numbers_meant(words) or _sees_little(actor) else _sample(session, words, limit)
    return None if found is None else select(column.table.c.id).where(column.in_(found))


def ids_having(session: Session, actor: Actor, words: str, limit: int | None) -> Select[Any] | None:
    """The same of submissions themselves, numbers among the words."""
    return None if _sees_little(actor) else _sample(session, words, limit)


def _sample(session: Session, words: str, limit: int | None) -> Select[Any] | None:
    """Up to `limit` that hold every word, None for all; of what lies everywhere those among the newest texts."""
    terms = rules.terms_of(words)
    if limit is not None and terms and not _is_sqlite(session) and _known(session, words).is_common:
        return _newest_with(terms).limit(limit)
    return matching(session, words, limit)


def _sees_little(actor: Actor) -> bool:
    """Whether all that the actor sees is soon looked through, sooner than the index gathers what others wrote."""
    return all(role_at.level is Level.ENTERPRISE for role_at in actor.roles)


def _holds(session: Session, column: ColumnElement[Any], terms: Sequence[str]) -> ColumnElement[bool]:
    """The same of one row, whose words are looked at when the list comes to it: a page is full soon, and what lies
    everywhere need not be gathered first. A subquery of one value, which no planner turns into a join."""
    if _is_sqlite(session):
        holds = and_(*(SubmissionText.tokens.contains(part) for part in rules.sqlite_parts(terms)))
    else:
        holds = _meets(SubmissionText.tokens.expression, terms)
    return select(holds).where(SubmissionText.submission_id == column).scalar_subquery().is_(True)


def matching(session: Session, query: str, limit: int | None = None) -> Select[Any] | None:
    """A select of the ids of submissions that contain every word of `query`, up to `limit`, the latest to be indexed
    first where the database can tell; None if it has no words."""
    terms = rules.terms_of(query)
    return _matching(session, terms, limit) if terms else None


def _matching(session: Session, terms: Sequence[str], limit: int | None = None) -> Select[Any]:
    if _is_sqlite(session):
        search = table("submission_search", plain_column("rowid"))
        rows = select(search.c.rowid).where(
            text("submission_search MATCH :search_terms").bindparams(search_terms=rules.sqlite_query(terms))
        )
        if limit is not None:
            rows = rows.order_by(search.c.rowid.desc()).limit(limit)
        return select(SubmissionText.submission_id).where(SubmissionText.id.in_(rows))
    found = select(SubmissionText.submission_id).where(_meets(SubmissionText.tokens.expression, terms))
    return found if limit is None else found.limit(limit)
