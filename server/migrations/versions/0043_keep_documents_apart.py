"""Keep documents apart from what they are of: their frozen words, number and files, and the numbers of every series."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

_WORDS = {"notice": "提", "opinion": "意", "proposal": "建"}
_NAMES = {"notice": "提示函", "opinion": "意见书", "proposal": "建议书"}
_PDF_STATE = sa.Enum(
    "waiting", "ready", "failed", name="pdf_state", native_enum=False, create_constraint=True, length=32
)
_AT = sa.DateTime(timezone=True)
_COLUMNS: dict[str, Any] = {
    "id": sa.Uuid(), "kind": sa.String(), "issuer_id": sa.Uuid(), "issuer_name": sa.String(),
    "addressee_name": sa.String(), "mark": sa.String(), "year": sa.Integer(), "number": sa.Integer(),
    "subject": sa.String(), "body": sa.Text(), "reply_days": sa.Integer(), "due_on": sa.Date(),
    "content_hash": sa.String(), "issued_at": _AT, "issued_by_id": sa.Uuid(), "pdf_state": sa.String(),
}  # fmt: skip
_LETTERS = sa.table("letters", *(sa.column(name, kind) for name, kind in _COLUMNS.items()))
_COUNTERS = sa.table(
    "letter_counters", sa.column("issuer_id", sa.Uuid()), sa.column("kind", sa.String()), sa.column("year"),
    sa.column("last"),
)  # fmt: skip
_JOBS = sa.table("jobs", sa.column("id", sa.Uuid()), sa.column("name", sa.String()), sa.column("args", sa.JSON()))


def upgrade() -> None:
    documents, series = _create()
    connection = op.get_bind()
    letters = connection.execute(sa.select(_LETTERS).where(_LETTERS.c.number.is_not(None))).mappings().all()
    for letter in letters:
        connection.execute(documents.insert(), _document_of(letter))
    for row in connection.execute(sa.select(_COUNTERS)).mappings().all():
        kept = {"issuer_id": row["issuer_id"], "series": f"letter.{row['kind']}", "year": row["year"]}
        connection.execute(series.insert(), {**kept, "last": row["last"]})
    for job in connection.execute(sa.select(_JOBS).where(_JOBS.c.name == "letters.make_pdf")).mappings().all():
        moved = {"name": "documents.make_pdf", "args": {"document_id": job["args"]["letter_id"]}}
        connection.execute(_JOBS.update().where(_JOBS.c.id == job["id"]).values(**moved))
    op.drop_table("letter_counters")
    with op.batch_alter_table("letters") as table:
        table.drop_constraint(op.f("ck_letters_issue_is_whole"), type_="check")
        table.drop_constraint(op.f("ck_letters_pdf_state"), type_="check")
        table.drop_column("pdf_state")
        table.drop_column("content_hash")
        table.create_check_constraint(
            op.f("ck_letters_issue_is_whole"),
            "(number IS NULL) = (issued_at IS NULL) AND (number IS NULL) = (due_at IS NULL)"
            " AND (number IS NULL) = (due_on IS NULL)"
            " AND (number IS NULL) = (year IS NULL) AND (number IS NULL) = (issued_by_id IS NULL)",
        )


def _create() -> tuple[sa.Table, sa.Table]:
    documents = op.create_table(
        "documents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("issuer_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("issued_at", _AT, nullable=False),
        sa.Column("issued_by_id", sa.Uuid(), nullable=True),
        sa.Column("pdf_state", _PDF_STATE, nullable=True),
        sa.Column("pdf_key", sa.String(length=200), nullable=True),
        sa.CheckConstraint("length(content_hash) = 64", name=op.f("ck_documents_hash_length")),
        sa.CheckConstraint(
            "(pdf_key IS NOT NULL) = (pdf_state IS NOT NULL AND pdf_state = 'ready')",
            name=op.f("ck_documents_kept_when_ready"),
        ),
        sa.ForeignKeyConstraint(["issuer_id"], ["unions.id"], name=op.f("fk_documents_issuer_id_unions")),
        sa.ForeignKeyConstraint(["issued_by_id"], ["people.id"], name=op.f("fk_documents_issued_by_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
        sa.UniqueConstraint("issuer_id", "kind", "number", name=op.f("uq_documents_issuer_id_kind_number")),
    )
    op.create_index("ix_documents_owner", "documents", ["kind", "owner_id"])
    series = op.create_table(
        "document_series",
        sa.Column("issuer_id", sa.Uuid(), nullable=False),
        sa.Column("series", sa.String(length=30), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["issuer_id"], ["unions.id"], name=op.f("fk_document_series_issuer_id_unions")),
        sa.PrimaryKeyConstraint("issuer_id", "series", "year", name=op.f("pk_document_series")),
    )
    return documents, series


def _document_of(letter: Any) -> dict[str, Any]:
    """The document has the letter's id, so that a PDF that is being made finds it; one that is there keeps its place."""
    words = {
        "kind_name": _NAMES[letter["kind"]], "issuer_name": letter["issuer_name"],
        "addressee_name": letter["addressee_name"], "subject": letter["subject"], "body": letter["body"],
        "reply_days": letter["reply_days"], "due_on": letter["due_on"].isoformat(),
    }  # fmt: skip
    same = ("id", "issuer_id", "content_hash", "issued_at", "issued_by_id", "pdf_state")
    return {
        **{name: letter[name] for name in same},
        "kind": "letter",
        "owner_id": letter["id"],
        "number": f"{letter['mark']}{_WORDS[letter['kind']]}〔{letter['year']}〕{letter['number']}号",
        "words": json.dumps(words, ensure_ascii=False, sort_keys=True),
        "pdf_key": f"letters/{letter['id']}.pdf" if letter["pdf_state"] == "ready" else None,
    }
