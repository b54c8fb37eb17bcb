"""Assessments: schemes, runs, units with their values and scores, objections."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0088"
down_revision = "0087"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    _add_assessment_schemes()
    _add_assessment_scheme_versions()
    _add_assessments()
    _add_assessed_units()
    _add_assessment_figures()
    _add_assessment_marks()
    _add_assessment_objections()


def _add_assessment_schemes() -> None:
    op.create_table(
        "assessment_schemes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("union_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("about", sa.String(length=500), nullable=False),
        sa.Column("definition", JSON, nullable=False),
        sa.Column("item_count", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("edited_by_id", sa.Uuid(), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["edited_by_id"], ["people.id"], name=op.f("fk_assessment_schemes_edited_by_id_people")
        ),
        sa.ForeignKeyConstraint(["union_id"], ["unions.id"], name=op.f("fk_assessment_schemes_union_id_unions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_schemes")),
    )
    op.create_index("ix_assessment_schemes_union", "assessment_schemes", ["union_id", "id"])


def _add_assessment_scheme_versions() -> None:
    op.create_table(
        "assessment_scheme_versions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("scheme_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("definition", JSON, nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("published_by_id", sa.Uuid(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(content_hash) = 64", name=op.f("ck_assessment_scheme_versions_hash_length")),
        sa.CheckConstraint(
            "number = 1 OR length(reason) > 0", name=op.f("ck_assessment_scheme_versions_changed_with_a_reason")
        ),
        sa.ForeignKeyConstraint(
            ["published_by_id"], ["people.id"], name=op.f("fk_assessment_scheme_versions_published_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["scheme_id"],
            ["assessment_schemes.id"],
            name=op.f("fk_assessment_scheme_versions_scheme_id_assessment_schemes"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_scheme_versions")),
        sa.UniqueConstraint(
            "scheme_id", "content_hash", name=op.f("uq_assessment_scheme_versions_scheme_id_content_hash")
        ),
        sa.UniqueConstraint("scheme_id", "number", name=op.f("uq_assessment_scheme_versions_scheme_id_number")),
    )


def _add_assessments() -> None:
    op.create_table(
        "assessments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "prepared",
                "self",
                "counting",
                "checking",
                "spot",
                "summed",
                "objections",
                "published",
                "final",
                "archived",
                "cancelled",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sender_id", sa.Uuid(), nullable=False),
        sa.Column("scheme_version_id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=True),
        sa.Column("form_id", sa.Uuid(), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=True),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("terms", JSON, nullable=False),
        sa.Column("entrants", JSON, nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("objections_until", sa.Date(), nullable=True),
        sa.Column("published_until", sa.Date(), nullable=True),
        sa.Column("result_hash", sa.String(length=64), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("opened_by_id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("district_id", sa.Uuid(), nullable=True),
        sa.Column("town_id", sa.Uuid(), nullable=True),
        sa.Column("enterprise_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "status <> 'cancelled' OR reason IS NOT NULL", name=op.f("ck_assessments_reason_when_cancelled")
        ),
        sa.CheckConstraint(
            "status IN ('prepared', 'cancelled') OR assignment_id IS NOT NULL",
            name=op.f("ck_assessments_sent_when_begun"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('summed', 'objections', 'published', 'final', 'archived') OR result_hash IS NOT NULL",
            name=op.f("ck_assessments_scored_when_summed"),
        ),
        sa.CheckConstraint("since <= until", name=op.f("ck_assessments_period_runs_forward")),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignments.id"], name=op.f("fk_assessments_assignment_id_assignments")
        ),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_assessments_campaign_id_campaigns")),
        sa.ForeignKeyConstraint(["city_id"], ["unions.id"], name=op.f("fk_assessments_city_id_unions")),
        sa.ForeignKeyConstraint(["district_id"], ["unions.id"], name=op.f("fk_assessments_district_id_unions")),
        sa.ForeignKeyConstraint(["enterprise_id"], ["unions.id"], name=op.f("fk_assessments_enterprise_id_unions")),
        sa.ForeignKeyConstraint(["form_id"], ["forms.id"], name=op.f("fk_assessments_form_id_forms")),
        sa.ForeignKeyConstraint(["opened_by_id"], ["people.id"], name=op.f("fk_assessments_opened_by_id_people")),
        sa.ForeignKeyConstraint(
            ["scheme_version_id"],
            ["assessment_scheme_versions.id"],
            name=op.f("fk_assessments_scheme_version_id_assessment_scheme_versions"),
        ),
        sa.ForeignKeyConstraint(["sender_id"], ["unions.id"], name=op.f("fk_assessments_sender_id_unions")),
        sa.ForeignKeyConstraint(["town_id"], ["unions.id"], name=op.f("fk_assessments_town_id_unions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessments")),
        sa.UniqueConstraint("assignment_id", name=op.f("uq_assessments_assignment_id")),
    )
    op.create_index("ix_assessments_city", "assessments", ["city_id", "id"])
    op.create_index("ix_assessments_district", "assessments", ["district_id", "id"])
    op.create_index("ix_assessments_enterprise", "assessments", ["enterprise_id", "id"])
    op.create_index("ix_assessments_scheme_version", "assessments", ["scheme_version_id"])
    op.create_index("ix_assessments_town", "assessments", ["town_id", "id"])


def _add_assessed_units() -> None:
    op.create_table(
        "assessed_units",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("union_id", sa.Uuid(), nullable=False),
        sa.Column("recipient_id", sa.Uuid(), nullable=False),
        sa.Column("response_id", sa.Uuid(), nullable=True),
        sa.Column("peer", sa.String(length=30), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("signals", JSON, nullable=False),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_by_id", sa.Uuid(), nullable=True),
        sa.Column("spot_checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("spot_checked_by_id", sa.Uuid(), nullable=True),
        sa.Column("result", JSON, nullable=True),
        sa.Column("total_hundredths", sa.Integer(), nullable=True),
        sa.Column("band", sa.String(length=20), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("advice", sa.Text(), nullable=False),
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("district_id", sa.Uuid(), nullable=True),
        sa.Column("town_id", sa.Uuid(), nullable=True),
        sa.Column("enterprise_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(checked_at IS NULL) = (checked_by_id IS NULL)", name=op.f("ck_assessed_units_check_is_whole")
        ),
        sa.CheckConstraint(
            "(result IS NULL) = (total_hundredths IS NULL)", name=op.f("ck_assessed_units_result_is_whole")
        ),
        sa.CheckConstraint(
            "(spot_checked_at IS NULL) = (spot_checked_by_id IS NULL)",
            name=op.f("ck_assessed_units_spot_check_is_whole"),
        ),
        sa.CheckConstraint(
            "spot_checked_by_id IS NULL OR spot_checked_by_id <> checked_by_id",
            name=op.f("ck_assessed_units_two_pairs_of_eyes"),
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessments.id"], name=op.f("fk_assessed_units_assessment_id_assessments")
        ),
        sa.ForeignKeyConstraint(["checked_by_id"], ["people.id"], name=op.f("fk_assessed_units_checked_by_id_people")),
        sa.ForeignKeyConstraint(["city_id"], ["unions.id"], name=op.f("fk_assessed_units_city_id_unions")),
        sa.ForeignKeyConstraint(["district_id"], ["unions.id"], name=op.f("fk_assessed_units_district_id_unions")),
        sa.ForeignKeyConstraint(["enterprise_id"], ["unions.id"], name=op.f("fk_assessed_units_enterprise_id_unions")),
        sa.ForeignKeyConstraint(
            ["recipient_id"],
            ["assignment_recipients.id"],
            name=op.f("fk_assessed_units_recipient_id_assignment_recipients"),
        ),
        sa.ForeignKeyConstraint(
            ["response_id"], ["response_versions.id"], name=op.f("fk_assessed_units_response_id_response_versions")
        ),
        sa.ForeignKeyConstraint(
            ["spot_checked_by_id"], ["people.id"], name=op.f("fk_assessed_units_spot_checked_by_id_people")
        ),
        sa.ForeignKeyConstraint(["town_id"], ["unions.id"], name=op.f("fk_assessed_units_town_id_unions")),
        sa.ForeignKeyConstraint(["union_id"], ["unions.id"], name=op.f("fk_assessed_units_union_id_unions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessed_units")),
        sa.UniqueConstraint("assessment_id", "union_id", name=op.f("uq_assessed_units_assessment_id_union_id")),
        sa.UniqueConstraint("recipient_id", name=op.f("uq_assessed_units_recipient_id")),
    )
    op.create_index("ix_assessed_units_assessment", "assessed_units", ["assessment_id", "id"])
    op.create_index("ix_assessed_units_city", "assessed_units", ["city_id", "id"])
    op.create_index("ix_assessed_units_district", "assessed_units", ["district_id", "id"])
    op.create_index("ix_assessed_units_enterprise", "assessed_units", ["enterprise_id", "id"])
    op.create_index("ix_assessed_units_town", "assessed_units", ["town_id", "id"])
    op.create_index("ix_assessed_units_union", "assessed_units", ["union_id", "id"])


def _add_assessment_figures() -> None:
    op.create_table(
        "assessment_figures",
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.String(length=30), nullable=False),
        sa.Column("indicator", sa.String(length=40), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "hazards",
                "rectifications",
                "suggestions",
                "letters",
                "tasks",
                "inspections",
                "supervision",
                "systems",
                "training",
                "drills",
                "alerts",
                "accidents",
                "rewards",
                name="source",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("meaning", sa.String(length=500), nullable=False),
        sa.Column("value", sa.String(length=60), nullable=True),
        sa.Column("over", sa.Integer(), nullable=True),
        sa.Column("under", sa.Integer(), nullable=True),
        sa.Column("href", sa.String(length=500), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(over IS NULL) = (under IS NULL)", name=op.f("ck_assessment_figures_share_is_whole")),
        sa.ForeignKeyConstraint(
            ["unit_id"],
            ["assessed_units.id"],
            name=op.f("fk_assessment_figures_unit_id_assessed_units"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("unit_id", "item", name=op.f("pk_assessment_figures")),
    )


def _add_assessment_marks() -> None:
    op.create_table(
        "assessment_marks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.String(length=30), nullable=False),
        sa.Column(
            "stage",
            sa.Enum(
                "self", "first", "spot", "objection", name="stage", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("value", sa.String(length=60), nullable=True),
        sa.Column("is_applicable", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "is_applicable OR value IS NULL", name=op.f("ck_assessment_marks_no_value_where_it_does_not_apply")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_assessment_marks_by_id_people")),
        sa.ForeignKeyConstraint(
            ["unit_id"],
            ["assessed_units.id"],
            name=op.f("fk_assessment_marks_unit_id_assessed_units"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_marks")),
    )
    op.create_index("ix_assessment_marks_by", "assessment_marks", ["by_id"])
    op.create_index("ix_assessment_marks_unit", "assessment_marks", ["unit_id", "id"])


def _add_assessment_objections() -> None:
    op.create_table(
        "assessment_objections",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.String(length=30), nullable=False),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("raised_by_id", sa.Uuid(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_upheld", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.String(length=500), nullable=True),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answer IS NULL) AND (answered_at IS NULL) = (is_upheld IS NULL) AND (answered_at IS NULL) = (answered_by_id IS NULL)",
            name=op.f("ck_assessment_objections_answer_is_whole"),
        ),
        sa.CheckConstraint(
            "answered_by_id IS NULL OR answered_by_id <> raised_by_id",
            name=op.f("ck_assessment_objections_answered_by_another"),
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["people.id"], name=op.f("fk_assessment_objections_answered_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["raised_by_id"], ["people.id"], name=op.f("fk_assessment_objections_raised_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"],
            ["assessed_units.id"],
            name=op.f("fk_assessment_objections_unit_id_assessed_units"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_objections")),
    )
    op.create_index("ix_assessment_objections_unit", "assessment_objections", ["unit_id", "id"])
