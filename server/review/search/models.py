"""The table of the search: a row of tokens per submission, and the full-text index over it.

PostgreSQL keeps the tokens as a tsvector under GIN. SQLite keeps them as text, with an FTS5 table of external content
that triggers hold in step.
"""

from uuid import UUID

from sqlalchemy import DDL, BigInteger, ForeignKey, Index, Integer, Text, Uuid, event
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.schema import ExecutableDDLElement

from server.core.db import Base


class SubmissionText(Base):
    """What can be searched of a submission, as tokens (see rules.py)."""

    __tablename__ = "submission_texts"

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer(), "sqlite"), primary_key=True)
    submission_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("submissions.id", ondelete="CASCADE"), unique=True)
    tokens: Mapped[str] = mapped_column(Text().with_variant(TSVECTOR(), "postgresql"))


SEARCH_INDEX = Index("ix_submission_texts_tokens", SubmissionText.tokens, postgresql_using="gin").ddl_if(
    dialect="postgresql"
)

SQLITE_SEARCH = (
    """CREATE VIRTUAL TABLE submission_search USING fts5(
        tokens, content='submission_texts', content_rowid='id', tokenize='ascii', columnsize=0
    )""",
    """CREATE TRIGGER submission_texts_inserted AFTER INSERT ON submission_texts BEGIN
        INSERT INTO submission_search(rowid, tokens) VALUES (new.id, new.tokens);
    END""",
    """CREATE TRIGGER submission_texts_deleted AFTER DELETE ON submission_texts BEGIN
        INSERT INTO submission_search(submission_search, rowid, tokens) VALUES ('delete', old.id, old.tokens);
    END""",
    """CREATE TRIGGER submission_texts_updated AFTER UPDATE ON submission_texts BEGIN
        INSERT INTO submission_search(submission_search, rowid, tokens) VALUES ('delete', old.id, old.tokens);
        INSERT INTO submission_search(rowid, tokens) VALUES (new.id, new.tokens);
    END""",
)

for _statement in SQLITE_SEARCH:
    ddl: ExecutableDDLElement = DDL(_statement)  # type: ignore[no-untyped-call]  # SQLAlchemy left it untyped
    event.listen(SubmissionText.__table__, "after_create", ddl.execute_if(dialect="sqlite"))
