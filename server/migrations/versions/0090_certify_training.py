"""Tests and certificates of training."""

import sqlalchemy as sa
from alembic import op

revision = "0090"
down_revision = "0089"
branch_labels = None
depends_on = None

_AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "training_tests",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("pass_mark", sa.Integer(), nullable=False),
        sa.Column("entered_by_id", sa.Uuid(), nullable=False),
        sa.Column("entered_at", _AT, nullable=False),
        sa.ForeignKeyConstraint(["entered_by_id"], ["people.id"], name=op.f("fk_training_tests_entered_by_id_people")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["training_sessions.id"], name=op.f("fk_training_tests_session_id_training_sessions")
        ),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_training_tests")),
    )
    op.create_index("ix_training_tests_entered_by", "training_tests", ["entered_by_id"])
    op.create_table(
        "training_certificates",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("attendance_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.Column("enterprise_name", sa.String(length=100), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("issuer_name", sa.String(length=100), nullable=False),
        sa.Column("issued_by_id", sa.Uuid(), nullable=False),
        sa.Column("issued_at", _AT, nullable=False),
        sa.Column("withdrawn_at", _AT, nullable=True),
        sa.Column("withdrawn_by_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("district_id", sa.Uuid(), nullable=True),
        sa.Column("town_id", sa.Uuid(), nullable=True),
        sa.Column("enterprise_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by_id IS NULL) AND (withdrawn_at IS NULL) = (length(reason) = 0)",
            name=op.f("ck_training_certificates_withdrawn_with_a_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["attendance_id"],
            ["training_attendances.id"],
            name=op.f("fk_training_certificates_attendance_id_training_attendances"),
        ),
        sa.ForeignKeyConstraint(["city_id"], ["unions.id"], name=op.f("fk_training_certificates_city_id_unions")),
        sa.ForeignKeyConstraint(
            ["district_id"], ["unions.id"], name=op.f("fk_training_certificates_district_id_unions")
        ),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["unions.id"], name=op.f("fk_training_certificates_enterprise_id_unions")
        ),
        sa.ForeignKeyConstraint(
            ["issued_by_id"], ["people.id"], name=op.f("fk_training_certificates_issued_by_id_people")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_training_certificates_person_id_people")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["training_sessions.id"], name=op.f("fk_training_certificates_session_id_training_sessions")
        ),
        sa.ForeignKeyConstraint(["town_id"], ["unions.id"], name=op.f("fk_training_certificates_town_id_unions")),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"], ["people.id"], name=op.f("fk_training_certificates_withdrawn_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_certificates")),
        sa.UniqueConstraint("code", name=op.f("uq_training_certificates_code")),
    )
    op.create_index("ix_training_certificates_city", "training_certificates", ["city_id", "id"])
    op.create_index("ix_training_certificates_district", "training_certificates", ["district_id", "id"])
    op.create_index("ix_training_certificates_enterprise", "training_certificates", ["enterprise_id", "id"])
    op.create_index("ix_training_certificates_person", "training_certificates", ["person_id"])
    op.create_index("ix_training_certificates_session", "training_certificates", ["session_id", "id"])
    op.create_index("ix_training_certificates_town", "training_certificates", ["town_id", "id"])
    op.create_index(
        "uq_training_certificates_standing",
        "training_certificates",
        ["attendance_id"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
