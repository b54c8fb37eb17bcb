"""Keeping the search up to date."""

from typing import cast
from uuid import UUID

from sqlalchemy import Insert, Table, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from server.review.search import rules
from server.review.search.models import SubmissionText
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
    found = rules.tokens_of(fields)
    statement: Insert
    if session.get_bind().dialect.name == "sqlite":
        document = rules.sqlite_document(found)
        lite = sqlite.insert(_TEXTS)
        statement = lite.on_conflict_do_update(index_elements=["submission_id"], set_={"tokens": lite.excluded.tokens})
    else:
        document = rules.postgresql_document(found)
        postgres = postgresql.insert(_TEXTS)
        statement = postgres.on_conflict_do_update(
            index_elements=["submission_id"], set_={"tokens": postgres.excluded.tokens}
        )
    session.execute(statement, {"submission_id": submission_id, "tokens": document})
