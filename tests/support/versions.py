"""Versions as the forms on pages carry them, read where the pages read them: a page costs twenty statements."""

import re
from uuid import UUID

from sqlalchemy import select

from server.core.db import Database
from server.review.submissions.models import Submission
from tests.support.callers import Desk, InProcess

VERSION = re.compile(r'name="version" value="(\d+)"')


def version_of(desk: Desk, submission_id: UUID | str) -> str:
    """The version that a submission's forms would carry now; 1 if there is no such submission."""
    if not isinstance(desk.transport, InProcess):  # the service has its database to itself
        found = VERSION.search(desk.get(f"/console/submissions/{submission_id}").text)
        return found[1] if found else "1"
    app = desk.transport.app
    database: Database = app.extensions["database"]
    with database.reading() as session:
        return str(session.scalar(select(Submission.version).where(Submission.id == UUID(str(submission_id)))) or 1)
