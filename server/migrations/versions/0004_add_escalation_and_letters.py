"""Add what is overdue and how it climbs the tree, and letters with their numbers."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "letter_counters",
        sa.Column("issuer_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("notice", "opinion", "proposal", name="kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["issuer_id"], ["unions.id"], name=op.f("fk_letter_counters_issuer_id_unions")),
        sa.PrimaryKeyConstraint("issuer_id", "kind", "year", name=op.f("pk_letter_counters")),
    )
    op.create_table(
        "letters",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("notice", "opinion", "proposal", name="kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "issued",
                "replied",
                "withdrawn",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("issuer_id", sa.Uuid(), nullable=False),
        sa.Column("issuer_name", sa.String(length=100), nullable=False),
        sa.Column("addressee_id", sa.Uuid(), nullable=False),
        sa.Column("addressee_name", sa.String(length=100), nullable=False),
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("district_id", sa.Uuid(), nullable=True),
        sa.Column("town_id", sa.Uuid(), nullable=True),
        sa.Column("enterprise_id", sa.Uuid(), nullable=True),
        sa.Column("mark", sa.String(length=10), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("subject", sa.String(length=100), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("reply_days", sa.Integer(), nullable=False),
        sa.Column("drafted_by_id", sa.Uuid(), nullable=False),
        sa.Column("issued_by_id", sa.Uuid(), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("content_hash", sa.String(length=64), nullable=True),
        sa.Column("reply", sa.Text(), nullable=True),
        sa.Column("replied_by", sa.String(length=50), nullable=True),
        sa.Column("replied_on", sa.Date(), nullable=True),
        sa.Column("is_paper", sa.Boolean(), nullable=True),
        sa.Column("reply_recorded_by_id", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_reason", sa.String(length=500), nullable=True),
        sa.Column(
            "pdf_state",
            sa.Enum(
                "waiting", "ready", "failed", name="pdf_state", native_enum=False, create_constraint=True, length=32
            ),
            nullable=True,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(status = 'draft') = (number IS NULL)", name=op.f("ck_letters_numbered_when_issued")),
        sa.CheckConstraint(
            "(status = 'replied') = (reply IS NOT NULL) AND (reply IS NULL) = (replied_on IS NULL) AND (reply IS NULL) = (is_paper IS NULL)",
            name=op.f("ck_letters_reply_is_whole"),
        ),
        sa.CheckConstraint(
            "(status = 'withdrawn') = (withdrawn_at IS NOT NULL)", name=op.f("ck_letters_withdrawn_when_withdrawn")
        ),
        sa.CheckConstraint(
            "(number IS NULL) = (issued_at IS NULL) AND (number IS NULL) = (due_at IS NULL) AND (number IS NULL) = (due_on IS NULL) AND (number IS NULL) = (content_hash IS NULL) AND (number IS NULL) = (year IS NULL) AND (number IS NULL) = (issued_by_id IS NULL)",
            name=op.f("ck_letters_issue_is_whole"),
        ),
        sa.CheckConstraint("reply_days BETWEEN 1 AND 60", name=op.f("ck_letters_reply_days_in_range")),
        sa.ForeignKeyConstraint(["addressee_id"], ["unions.id"], name=op.f("fk_letters_addressee_id_unions")),
        sa.ForeignKeyConstraint(["city_id"], ["unions.id"], name=op.f("fk_letters_city_id_unions")),
        sa.ForeignKeyConstraint(["district_id"], ["unions.id"], name=op.f("fk_letters_district_id_unions")),
        sa.ForeignKeyConstraint(["drafted_by_id"], ["people.id"], name=op.f("fk_letters_drafted_by_id_people")),
        sa.ForeignKeyConstraint(["enterprise_id"], ["unions.id"], name=op.f("fk_letters_enterprise_id_unions")),
        sa.ForeignKeyConstraint(["issued_by_id"], ["people.id"], name=op.f("fk_letters_issued_by_id_people")),
        sa.ForeignKeyConstraint(["issuer_id"], ["unions.id"], name=op.f("fk_letters_issuer_id_unions")),
        sa.ForeignKeyConstraint(
            ["reply_recorded_by_id"], ["people.id"], name=op.f("fk_letters_reply_recorded_by_id_people")
        ),
        sa.ForeignKeyConstraint(["town_id"], ["unions.id"], name=op.f("fk_letters_town_id_unions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letters")),
    )
    op.create_index("ix_letters_city", "letters", ["city_id", "id"], unique=False)
    op.create_index("ix_letters_district", "letters", ["district_id", "id"], unique=False)
    op.create_index("ix_letters_enterprise", "letters", ["enterprise_id", "id"], unique=False)
    op.create_index("ix_letters_town", "letters", ["town_id", "id"], unique=False)
    op.create_index("uq_letters_number", "letters", ["issuer_id", "kind", "year", "number"], unique=True)
    op.create_table(
        "overdue_items",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("submission", "rectification", name="kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("category", sa.String(length=30), nullable=False),
        sa.Column("grade", sa.Integer(), nullable=True),
        sa.Column("excerpt", sa.String(length=120), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("district_id", sa.Uuid(), nullable=True),
        sa.Column("town_id", sa.Uuid(), nullable=True),
        sa.Column("enterprise_id", sa.Uuid(), nullable=True),
        sa.Column("responsible_id", sa.Uuid(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("climbed_to_id", sa.Uuid(), nullable=True),
        sa.Column("next_step_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(step = 0) = (climbed_to_id IS NULL)", name=op.f("ck_overdue_items_step_reaches_somebody")),
        sa.CheckConstraint("step BETWEEN 0 AND 4", name=op.f("ck_overdue_items_step_in_range")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_overdue_items_campaign_id_campaigns")),
        sa.ForeignKeyConstraint(["city_id"], ["unions.id"], name=op.f("fk_overdue_items_city_id_unions")),
        sa.ForeignKeyConstraint(["climbed_to_id"], ["unions.id"], name=op.f("fk_overdue_items_climbed_to_id_unions")),
        sa.ForeignKeyConstraint(["district_id"], ["unions.id"], name=op.f("fk_overdue_items_district_id_unions")),
        sa.ForeignKeyConstraint(["enterprise_id"], ["unions.id"], name=op.f("fk_overdue_items_enterprise_id_unions")),
        sa.ForeignKeyConstraint(["responsible_id"], ["unions.id"], name=op.f("fk_overdue_items_responsible_id_unions")),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_overdue_items_submission_id_submissions")
        ),
        sa.ForeignKeyConstraint(["town_id"], ["unions.id"], name=op.f("fk_overdue_items_town_id_unions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_overdue_items")),
    )
    op.create_index(
        "ix_overdue_items_city_due",
        "overdue_items",
        ["city_id", "due_at", "id"],
        unique=False,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "ix_overdue_items_district_due",
        "overdue_items",
        ["district_id", "due_at", "id"],
        unique=False,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "ix_overdue_items_enterprise_due",
        "overdue_items",
        ["enterprise_id", "due_at", "id"],
        unique=False,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "ix_overdue_items_next_step",
        "overdue_items",
        ["next_step_at", "id"],
        unique=False,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index("ix_overdue_items_submission", "overdue_items", ["submission_id"], unique=False)
    op.create_index(
        "ix_overdue_items_town_due",
        "overdue_items",
        ["town_id", "due_at", "id"],
        unique=False,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "uq_overdue_items_running",
        "overdue_items",
        ["item_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "escalations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("overdue_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("union_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("step BETWEEN 1 AND 4", name=op.f("ck_escalations_step_in_range")),
        sa.ForeignKeyConstraint(
            ["overdue_id"], ["overdue_items.id"], name=op.f("fk_escalations_overdue_id_overdue_items")
        ),
        sa.ForeignKeyConstraint(["union_id"], ["unions.id"], name=op.f("fk_escalations_union_id_unions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalations")),
    )
    op.create_index("uq_escalations_step", "escalations", ["overdue_id", "step"], unique=True)
    op.create_table(
        "letter_items",
        sa.Column("letter_id", sa.Uuid(), nullable=False),
        sa.Column("rectification_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["letters.id"], name=op.f("fk_letter_items_letter_id_letters"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["rectification_id"], ["rectifications.id"], name=op.f("fk_letter_items_rectification_id_rectifications")
        ),
        sa.PrimaryKeyConstraint("letter_id", "rectification_id", name=op.f("pk_letter_items")),
    )
    op.create_index("ix_letter_items_rectification", "letter_items", ["rectification_id"], unique=False)
