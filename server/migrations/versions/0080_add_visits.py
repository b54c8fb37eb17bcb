"""Visits of supervision: team, talks, findings, signatures."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0080"
down_revision = "0079"
branch_labels = None
depends_on = None

_AT = sa.DateTime(timezone=True)
_JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "visits",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "planned",
                "recorded",
                "sent",
                "cancelled",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "mode",
            sa.Enum(
                "random",
                "cross",
                "leaders",
                "unannounced",
                name="mode",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("occasion", sa.String(length=100), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=True),
        sa.Column("organizer_id", sa.Uuid(), nullable=False),
        sa.Column(
            "organizer_level",
            sa.Enum(
                "city",
                "district",
                "town",
                "enterprise",
                "team",
                name="organizer_level",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("team_name", sa.String(length=100), nullable=False),
        sa.Column("basis", sa.String(length=500), nullable=False),
        sa.Column("planned_from", sa.Date(), nullable=False),
        sa.Column("planned_to", sa.Date(), nullable=False),
        sa.Column("form_version_id", sa.Uuid(), nullable=True),
        sa.Column("visited_on", sa.Date(), nullable=True),
        sa.Column("answers", _JSON, nullable=False),
        sa.Column("skipped", _JSON, nullable=False),
        sa.Column("situation", sa.Text(), nullable=False),
        sa.Column("activities", sa.Text(), nullable=False),
        sa.Column("record_key", sa.Uuid(), nullable=True),
        sa.Column("record_hash", sa.String(length=64), nullable=True),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", _AT, nullable=True),
        sa.Column("number", sa.String(length=60), nullable=True),
        sa.Column("sent_by_id", sa.Uuid(), nullable=True),
        sa.Column("sent_at", _AT, nullable=True),
        sa.Column("reply_on", sa.Date(), nullable=True),
        sa.Column("opened_by_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", _AT, nullable=False),
        sa.Column("updated_at", _AT, nullable=False),
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("district_id", sa.Uuid(), nullable=True),
        sa.Column("town_id", sa.Uuid(), nullable=True),
        sa.Column("enterprise_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(status = 'sent') = (sent_at IS NOT NULL) AND (sent_at IS NULL) = (number IS NULL) AND (sent_at IS NULL) = (sent_by_id IS NULL) AND (sent_at IS NULL) = (reply_on IS NULL)",
            name=op.f("ck_visits_sending_is_whole"),
        ),
        sa.CheckConstraint(
            "organizer_level IN ('city', 'district', 'town')", name=op.f("ck_visits_organizer_above_enterprise")
        ),
        sa.CheckConstraint(
            "status NOT IN ('recorded', 'sent') OR visited_on IS NOT NULL",
            name=op.f("ck_visits_recorded_with_a_record"),
        ),
        sa.CheckConstraint(
            "(visited_on IS NULL) = (recorded_at IS NULL) AND (visited_on IS NULL) = (recorded_by_id IS NULL) AND (visited_on IS NULL) = (record_key IS NULL) AND (visited_on IS NULL) = (record_hash IS NULL)",
            name=op.f("ck_visits_record_is_whole"),
        ),
        sa.CheckConstraint("planned_from <= planned_to", name=op.f("ck_visits_planned_in_order")),
        sa.ForeignKeyConstraint(["city_id"], ["unions.id"], name=op.f("fk_visits_city_id_unions")),
        sa.ForeignKeyConstraint(["district_id"], ["unions.id"], name=op.f("fk_visits_district_id_unions")),
        sa.ForeignKeyConstraint(["enterprise_id"], ["unions.id"], name=op.f("fk_visits_enterprise_id_unions")),
        sa.ForeignKeyConstraint(
            ["form_version_id"], ["form_versions.id"], name=op.f("fk_visits_form_version_id_form_versions")
        ),
        sa.ForeignKeyConstraint(["opened_by_id"], ["people.id"], name=op.f("fk_visits_opened_by_id_people")),
        sa.ForeignKeyConstraint(["organizer_id"], ["unions.id"], name=op.f("fk_visits_organizer_id_unions")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["people.id"], name=op.f("fk_visits_recorded_by_id_people")),
        sa.ForeignKeyConstraint(["sent_by_id"], ["people.id"], name=op.f("fk_visits_sent_by_id_people")),
        sa.ForeignKeyConstraint(["town_id"], ["unions.id"], name=op.f("fk_visits_town_id_unions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visits")),
    )
    op.create_index("ix_visits_enterprise_day", "visits", ["enterprise_id", "planned_from"])
    op.create_index("ix_visits_organizer", "visits", ["organizer_id", "id"])
    op.create_index("ix_visits_source", "visits", ["source_id"])
    op.create_table(
        "visit_findings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=100), nullable=False),
        sa.Column("description", sa.String(length=500), nullable=False),
        sa.Column("basis", sa.String(length=200), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "people",
                "things",
                "surroundings",
                "management",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("grade", sa.Integer(), nullable=False),
        sa.Column("suspected_major", sa.String(length=200), nullable=False),
        sa.Column("suggestion", sa.String(length=500), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("owner", sa.String(length=50), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=True),
        sa.Column("is_major", sa.Boolean(), nullable=True),
        sa.Column("judge", sa.String(length=100), nullable=True),
        sa.Column("judged_words", sa.String(length=500), nullable=True),
        sa.Column("judged_by_id", sa.Uuid(), nullable=True),
        sa.Column("judged_at", _AT, nullable=True),
        sa.CheckConstraint(
            "(is_major IS NULL) = (judged_at IS NULL) AND (is_major IS NULL) = (judge IS NULL)",
            name=op.f("ck_visit_findings_judgement_is_whole"),
        ),
        sa.CheckConstraint("grade BETWEEN 1 AND 4", name=op.f("ck_visit_findings_grade_in_range")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_visit_findings_numbered_from_one")),
        sa.ForeignKeyConstraint(["judged_by_id"], ["people.id"], name=op.f("fk_visit_findings_judged_by_id_people")),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_visit_findings_submission_id_submissions")
        ),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["visits.id"], name=op.f("fk_visit_findings_visit_id_visits"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_findings")),
        sa.UniqueConstraint("submission_id", name=op.f("uq_visit_findings_submission_id")),
        sa.UniqueConstraint("visit_id", "number", name=op.f("uq_visit_findings_visit_id_number")),
    )
    op.create_table(
        "visit_members",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("words", sa.String(length=100), nullable=False),
        sa.Column("is_leader", sa.Boolean(), nullable=False),
        sa.CheckConstraint("person_id IS NOT NULL OR words <> ''", name=op.f("ck_visit_members_somebody")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_visit_members_person_id_people")),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["visits.id"], name=op.f("fk_visit_members_visit_id_visits"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_members")),
        sa.UniqueConstraint("visit_id", "position", name=op.f("uq_visit_members_visit_id_position")),
    )
    op.create_index("ix_visit_members_person", "visit_members", ["person_id", "visit_id"])
    op.create_table(
        "visit_signatures",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column(
            "side",
            sa.Enum("team", "enterprise", name="side", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "way",
            sa.Enum("drawn", "typed", "refused", name="way", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.Column("post", sa.String(length=50), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("witness", sa.String(length=50), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("signed_at", _AT, nullable=False),
        sa.CheckConstraint(
            "(way = 'drawn') = (file_id IS NOT NULL)", name=op.f("ck_visit_signatures_drawn_with_a_file")
        ),
        sa.CheckConstraint(
            "way <> 'refused' OR (reason <> '' AND witness <> '')", name=op.f("ck_visit_signatures_refused_with_reason")
        ),
        sa.CheckConstraint("way = 'refused' OR name <> ''", name=op.f("ck_visit_signatures_signed_with_a_name")),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["visits.id"], name=op.f("fk_visit_signatures_visit_id_visits"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_signatures")),
        sa.UniqueConstraint("visit_id", "side", name=op.f("uq_visit_signatures_visit_id_side")),
    )
    op.create_table(
        "visit_talks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("topics", sa.String(length=200), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.CheckConstraint("people BETWEEN 1 AND 500", name=op.f("ck_visit_talks_people_in_range")),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["visits.id"], name=op.f("fk_visit_talks_visit_id_visits"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_talks")),
        sa.UniqueConstraint("visit_id", "position", name=op.f("uq_visit_talks_visit_id_position")),
    )
    for level in ("city", "district", "town", "enterprise"):
        op.create_index(f"ix_visits_{level}", "visits", [f"{level}_id", "id"])
        op.create_index(f"ix_visits_{level}_status", "visits", ["status", f"{level}_id", "id"])
