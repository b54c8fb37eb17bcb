"""Add rectification."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rectifications",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "accepted",
                "disputed",
                "submitted",
                "closed",
                "voided",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(length=30), nullable=False),
        sa.Column("grade", sa.Integer(), nullable=False),
        sa.Column("excerpt", sa.String(length=120), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("district_id", sa.Uuid(), nullable=True),
        sa.Column("town_id", sa.Uuid(), nullable=True),
        sa.Column("enterprise_id", sa.Uuid(), nullable=True),
        sa.Column("addressee_id", sa.Uuid(), nullable=False),
        sa.Column("issuer_id", sa.Uuid(), nullable=False),
        sa.Column("measures", sa.Text(), nullable=False),
        sa.Column("responsible", sa.String(length=50), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rest_days", sa.Integer(), nullable=True),
        sa.Column("asked_days", sa.Integer(), nullable=True),
        sa.Column("rectified_by_id", sa.Uuid(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.Uuid(), nullable=True),
        sa.Column(
            "recheck_way",
            sa.Enum("on_site", "by_photos", name="recheck_way", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("reopen_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reopenings", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(status = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_rectifications_closed_when_closed")
        ),
        sa.CheckConstraint(
            "(status IN ('disputed', 'submitted')) = (rest_days IS NOT NULL)",
            name=op.f("ck_rectifications_deadline_stands_still_when_waiting"),
        ),
        sa.CheckConstraint(
            "asked_days IS NULL OR status IN ('open', 'accepted')",
            name=op.f("ck_rectifications_extension_only_while_due"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('submitted', 'closed') OR rectified_by_id IS NOT NULL",
            name=op.f("ck_rectifications_done_by_somebody"),
        ),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (closed_by_id IS NULL)", name=op.f("ck_rectifications_closed_by_somebody")
        ),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (recheck_way IS NULL)", name=op.f("ck_rectifications_closed_after_a_recheck")
        ),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (reopen_until IS NULL)", name=op.f("ck_rectifications_reopened_only_when_closed")
        ),
        sa.CheckConstraint(
            "asked_days IS NULL OR asked_days BETWEEN 1 AND 180", name=op.f("ck_rectifications_extension_in_range")
        ),
        sa.CheckConstraint(
            "closed_by_id IS NULL OR closed_by_id <> rectified_by_id",
            name=op.f("ck_rectifications_rechecked_by_another"),
        ),
        sa.CheckConstraint("grade BETWEEN 1 AND 4", name=op.f("ck_rectifications_grade_in_range")),
        sa.ForeignKeyConstraint(["addressee_id"], ["unions.id"], name=op.f("fk_rectifications_addressee_id_unions")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_rectifications_campaign_id_campaigns")
        ),
        sa.ForeignKeyConstraint(["city_id"], ["unions.id"], name=op.f("fk_rectifications_city_id_unions")),
        sa.ForeignKeyConstraint(["closed_by_id"], ["people.id"], name=op.f("fk_rectifications_closed_by_id_people")),
        sa.ForeignKeyConstraint(["district_id"], ["unions.id"], name=op.f("fk_rectifications_district_id_unions")),
        sa.ForeignKeyConstraint(["enterprise_id"], ["unions.id"], name=op.f("fk_rectifications_enterprise_id_unions")),
        sa.ForeignKeyConstraint(["issuer_id"], ["unions.id"], name=op.f("fk_rectifications_issuer_id_unions")),
        sa.ForeignKeyConstraint(
            ["rectified_by_id"], ["people.id"], name=op.f("fk_rectifications_rectified_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_rectifications_submission_id_submissions")
        ),
        sa.ForeignKeyConstraint(["town_id"], ["unions.id"], name=op.f("fk_rectifications_town_id_unions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rectifications")),
    )
    op.create_index("ix_rectifications_city_due", "rectifications", ["status", "city_id", "due_at", "id"], unique=False)
    op.create_index(
        "ix_rectifications_district_due", "rectifications", ["status", "district_id", "due_at", "id"], unique=False
    )
    op.create_index(
        "ix_rectifications_due",
        "rectifications",
        ["due_at", "id"],
        unique=False,
        sqlite_where=sa.text("status NOT IN ('closed', 'voided')"),
        postgresql_where=sa.text("status NOT IN ('closed', 'voided')"),
    )
    op.create_index(
        "ix_rectifications_enterprise_due", "rectifications", ["status", "enterprise_id", "due_at", "id"], unique=False
    )
    op.create_index("ix_rectifications_town_due", "rectifications", ["status", "town_id", "due_at", "id"], unique=False)
    op.create_index(
        "uq_rectifications_submission",
        "rectifications",
        ["submission_id"],
        unique=True,
        sqlite_where=sa.text("status <> 'voided'"),
        postgresql_where=sa.text("status <> 'voided'"),
    )
    op.create_table(
        "rectification_evidence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rectification_id", sa.Uuid(), nullable=False),
        sa.Column(
            "move",
            sa.Enum(
                "open",
                "accept",
                "dispute",
                "uphold",
                "drop",
                "ask_extension",
                "grant_extension",
                "refuse_extension",
                "submit",
                "send_back",
                "close",
                "reopen",
                "void",
                "note",
                name="move",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_rectification_evidence_person_id_people")),
        sa.ForeignKeyConstraint(
            ["rectification_id"],
            ["rectifications.id"],
            name=op.f("fk_rectification_evidence_rectification_id_rectifications"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rectification_evidence")),
    )
    op.create_index(
        op.f("ix_rectification_evidence_rectification_id"), "rectification_evidence", ["rectification_id"], unique=False
    )
    op.create_table(
        "rectification_steps",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rectification_id", sa.Uuid(), nullable=False),
        sa.Column(
            "move",
            sa.Enum(
                "open",
                "accept",
                "dispute",
                "uphold",
                "drop",
                "ask_extension",
                "grant_extension",
                "refuse_extension",
                "submit",
                "send_back",
                "close",
                "reopen",
                "void",
                "note",
                name="move",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "from_status",
            sa.Enum(
                "open",
                "accepted",
                "disputed",
                "submitted",
                "closed",
                "voided",
                name="from_status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "to_status",
            sa.Enum(
                "open",
                "accepted",
                "disputed",
                "submitted",
                "closed",
                "voided",
                name="to_status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("union_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column(
            "data",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=Text()), "postgresql"
            ),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(["actor_id"], ["people.id"], name=op.f("fk_rectification_steps_actor_id_people")),
        sa.ForeignKeyConstraint(
            ["rectification_id"],
            ["rectifications.id"],
            name=op.f("fk_rectification_steps_rectification_id_rectifications"),
        ),
        sa.ForeignKeyConstraint(["union_id"], ["unions.id"], name=op.f("fk_rectification_steps_union_id_unions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rectification_steps")),
    )
    op.create_index(
        op.f("ix_rectification_steps_rectification_id"), "rectification_steps", ["rectification_id"], unique=False
    )
