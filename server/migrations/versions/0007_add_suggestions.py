"""Add suggestions, and their categories to campaigns."""

import json

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

CATEGORIES = [
    {"code": code, "name": name, "hint": hint, "gb6441": None}
    for code, name, hint in (
        ("s_equipment", "设备设施", "加装防护、换掉老旧设备、改进工具"),
        ("s_process", "工艺操作", "换一种做法，更安全、更省力"),
        ("s_protection", "劳动保护", "防护用品、防暑降温、防尘防噪"),
        ("s_training", "教育培训", "怎样学得会、记得住、用得上"),
        ("s_rules", "制度管理", "规程、巡查、交接班、奖惩"),
        ("s_emergency", "应急救援", "预案、演练、器材、疏散"),
        ("s_other", "其他建议", "说不清是哪一类，写下来就行"),
    )
]
"""What campaigns that are there already start with."""


def upgrade() -> None:
    op.add_column(
        "campaigns",
        sa.Column(
            "suggestion_categories",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
            server_default=json.dumps(CATEGORIES, ensure_ascii=False),
        ),
    )
    op.create_table(
        "suggestions",
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("present_state", sa.Text(), nullable=False),
        sa.Column("proposal", sa.Text(), nullable=False),
        sa.Column("benefit", sa.Text(), nullable=False),
        sa.Column("may_publish", sa.Boolean(), nullable=False),
        sa.Column("money_cents", sa.Integer(), nullable=True),
        sa.Column("hours", sa.Integer(), nullable=True),
        sa.Column("risk", sa.Text(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by_id", sa.Uuid(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("supporters", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_by_id IS NULL)", name=op.f("ck_suggestions_confirmation_is_whole")
        ),
        sa.CheckConstraint("money_cents >= 0 AND hours >= 0", name=op.f("ck_suggestions_benefit_is_positive")),
        sa.CheckConstraint(
            "published_at IS NULL OR may_publish", name=op.f("ck_suggestions_published_only_with_consent")
        ),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["people.id"], name=op.f("fk_suggestions_confirmed_by_id_people")),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submissions.id"],
            name=op.f("fk_suggestions_submission_id_submissions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("submission_id", name=op.f("pk_suggestions")),
    )
    op.create_index(
        "ix_suggestions_published",
        "suggestions",
        ["published_at", "submission_id"],
        unique=False,
        sqlite_where=sa.text("published_at IS NOT NULL"),
        postgresql_where=sa.text("published_at IS NOT NULL"),
    )
    op.create_table(
        "suggestion_co_authors",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=30), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("is_confirmed", sa.Boolean(), nullable=True),
        sa.CheckConstraint(
            "person_id IS NOT NULL OR is_confirmed IS NULL", name=op.f("ck_suggestion_co_authors_answers_are_somebodys")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_suggestion_co_authors_person_id_people")),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["suggestions.submission_id"],
            name=op.f("fk_suggestion_co_authors_submission_id_suggestions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestion_co_authors")),
    )
    op.create_index(op.f("ix_suggestion_co_authors_person_id"), "suggestion_co_authors", ["person_id"], unique=False)
    op.create_index(
        op.f("ix_suggestion_co_authors_submission_id"), "suggestion_co_authors", ["submission_id"], unique=False
    )
    op.create_table(
        "suggestion_plan_steps",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(length=200), nullable=False),
        sa.Column("owner", sa.String(length=50), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["suggestions.submission_id"],
            name=op.f("fk_suggestion_plan_steps_submission_id_suggestions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestion_plan_steps")),
    )
    op.create_index(
        op.f("ix_suggestion_plan_steps_submission_id"), "suggestion_plan_steps", ["submission_id"], unique=False
    )
    op.create_table(
        "suggestion_supports",
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_suggestion_supports_person_id_people")),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["suggestions.submission_id"],
            name=op.f("fk_suggestion_supports_submission_id_suggestions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("submission_id", "person_id", name=op.f("pk_suggestion_supports")),
    )
