"""Versions as the forms on pages carry them, read where the pages read them: a page costs twenty statements."""

from uuid import UUID

from sqlalchemy import select

from server.core.db import Database
from server.review.submissions.models import Submission
from tests.support.callers import Desk, InProcess


def version_of(desk: Desk, submission_id: UUID | str) -> str:
    """The version that a submission's forms would carry now; 1 if there is no such submission."""
    assert isinstance(desk.transport, InProcess)
    app = desk.transport.app
    database: Database = app.extensions["database"]
    with database.reading() as session:
        return str(session.scalar(select(Submission.version).where(Submission.id == UUID(str(submission_id)))) or 1)
