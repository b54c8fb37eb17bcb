"""The records of drills, what they found, how often they are due."""

from datetime import UTC, date, datetime
from uuid import UUID

import sqlalchemy as sa
from alembic import op

revision = "0089"
down_revision = "0088"
branch_labels = None
depends_on = None

_AT = sa.DateTime(timezone=True)
# What the laws that are stored say, from the day on which they came into force; what nobody has checked yet is shown,
# not applied. Kept as rows, so that the city changes them without us.
SHANDONG, FIRE = "山东省安全生产条例第六十三条", "山东省消防条例第四十二条"
RULES = (
    ("high_risk", "general", 6, SHANDONG, True, date(2022, 3, 1)),
    ("high_risk", "on_site", 6, SHANDONG, True, date(2022, 3, 1)),
    ("others", "general", 12, SHANDONG, True, date(2022, 3, 1)),
    ("others", "on_site", 12, SHANDONG, True, date(2022, 3, 1)),
    ("everybody", "fire", 6, FIRE, True, date(2011, 3, 1)),
    ("others", "on_site", 6, "生产安全事故应急预案管理办法第三十三条", False, date(2019, 9, 1)),
)


def upgrade() -> None:
    op.create_table(
        "drill_rules",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "concerns",
            sa.Enum(
                "high_risk",
                "others",
                "everybody",
                name="concerns",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "duty",
            sa.Enum("general", "on_site", "fire", name="duty", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(length=200), nullable=False),
        sa.Column("is_verified", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("changed_by_id", sa.Uuid(), nullable=True),
        sa.Column("changed_at", _AT, nullable=False),
        sa.CheckConstraint("months BETWEEN 1 AND 60", name=op.f("ck_drill_rules_months_in_range")),
        sa.CheckConstraint(
            "valid_until IS NULL OR valid_until >= valid_from", name=op.f("ck_drill_rules_valid_for_a_while")
        ),
        sa.ForeignKeyConstraint(["changed_by_id"], ["people.id"], name=op.f("fk_drill_rules_changed_by_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drill_rules")),
        sa.UniqueConstraint(
            "concerns", "duty", "valid_from", "basis", name=op.f("uq_drill_rules_concerns_duty_valid_from_basis")
        ),
    )
    op.create_table(
        "drill_dues",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("union_id", sa.Uuid(), nullable=False),
        sa.Column(
            "duty",
            sa.Enum("general", "on_site", "fire", name="duty", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("rule_id", sa.Uuid(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.Column("due_at", _AT, nullable=False),
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("district_id", sa.Uuid(), nullable=True),
        sa.Column("town_id", sa.Uuid(), nullable=True),
        sa.Column("enterprise_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["city_id"], ["unions.id"], name=op.f("fk_drill_dues_city_id_unions")),
        sa.ForeignKeyConstraint(["district_id"], ["unions.id"], name=op.f("fk_drill_dues_district_id_unions")),
        sa.ForeignKeyConstraint(["enterprise_id"], ["unions.id"], name=op.f("fk_drill_dues_enterprise_id_unions")),
        sa.ForeignKeyConstraint(["rule_id"], ["drill_rules.id"], name=op.f("fk_drill_dues_rule_id_drill_rules")),
        sa.ForeignKeyConstraint(["town_id"], ["unions.id"], name=op.f("fk_drill_dues_town_id_unions")),
        sa.ForeignKeyConstraint(["union_id"], ["unions.id"], name=op.f("fk_drill_dues_union_id_unions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drill_dues")),
        sa.UniqueConstraint("union_id", "duty", name=op.f("uq_drill_dues_union_id_duty")),
    )
    op.create_index("ix_drill_dues_city", "drill_dues", ["city_id", "due_at", "id"])
    op.create_index("ix_drill_dues_district", "drill_dues", ["district_id", "due_at", "id"])
    op.create_index("ix_drill_dues_enterprise", "drill_dues", ["enterprise_id", "due_at", "id"])
    op.create_index("ix_drill_dues_town", "drill_dues", ["town_id", "due_at", "id"])
    op.create_table(
        "drill_problems",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("measures", sa.String(length=500), nullable=False),
        sa.Column("owner", sa.String(length=50), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("found_by_id", sa.Uuid(), nullable=False),
        sa.Column("found_at", _AT, nullable=False),
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("district_id", sa.Uuid(), nullable=True),
        sa.Column("town_id", sa.Uuid(), nullable=True),
        sa.Column("enterprise_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["city_id"], ["unions.id"], name=op.f("fk_drill_problems_city_id_unions")),
        sa.ForeignKeyConstraint(["district_id"], ["unions.id"], name=op.f("fk_drill_problems_district_id_unions")),
        sa.ForeignKeyConstraint(["enterprise_id"], ["unions.id"], name=op.f("fk_drill_problems_enterprise_id_unions")),
        sa.ForeignKeyConstraint(["found_by_id"], ["people.id"], name=op.f("fk_drill_problems_found_by_id_people")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["training_sessions.id"], name=op.f("fk_drill_problems_session_id_training_sessions")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_drill_problems_submission_id_submissions")
        ),
        sa.ForeignKeyConstraint(["town_id"], ["unions.id"], name=op.f("fk_drill_problems_town_id_unions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drill_problems")),
        sa.UniqueConstraint("submission_id", name=op.f("uq_drill_problems_submission_id")),
    )
    op.create_index("ix_drill_problems_city", "drill_problems", ["city_id", "id"])
    op.create_index("ix_drill_problems_district", "drill_problems", ["district_id", "id"])
    op.create_index("ix_drill_problems_enterprise", "drill_problems", ["enterprise_id", "id"])
    op.create_index("ix_drill_problems_session", "drill_problems", ["session_id", "id"])
    op.create_index("ix_drill_problems_town", "drill_problems", ["town_id", "id"])
    op.create_table(
        "drills",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("plan_name", sa.String(length=100), nullable=False),
        sa.Column("plan_version", sa.String(length=50), nullable=False),
        sa.Column(
            "plan_kind",
            sa.Enum(
                "comprehensive",
                "special",
                "on_site",
                "fire",
                name="plan_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "form",
            sa.Enum("tabletop", "full", name="form", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "scope",
            sa.Enum("single", "combined", name="scope", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "aim",
            sa.Enum("check", "show", "study", name="aim", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("scenario", sa.Text(), nullable=False),
        sa.Column("hazard", sa.String(length=200), nullable=False),
        sa.Column("commander", sa.String(length=100), nullable=False),
        sa.Column("groups", sa.Text(), nullable=False),
        sa.Column("observers", sa.String(length=300), nullable=False),
        sa.Column("equipment", sa.String(length=300), nullable=False),
        sa.Column("evacuation_seconds", sa.Integer(), nullable=True),
        sa.Column("on_shift", sa.Integer(), nullable=True),
        sa.Column("assembled", sa.Integer(), nullable=True),
        sa.Column("must_revise", sa.Boolean(), nullable=True),
        sa.Column("revision", sa.String(length=500), nullable=False),
        sa.Column("reported_to", sa.String(length=100), nullable=False),
        sa.Column("reported_on", sa.Date(), nullable=True),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=False),
        sa.Column("updated_at", _AT, nullable=False),
        sa.CheckConstraint("(reported_to = '') = (reported_on IS NULL)", name=op.f("ck_drills_report_is_whole")),
        sa.CheckConstraint("assembled IS NULL OR assembled >= 0", name=op.f("ck_drills_assembled_not_negative")),
        sa.CheckConstraint(
            "evacuation_seconds IS NULL OR evacuation_seconds > 0", name=op.f("ck_drills_evacuation_took_time")
        ),
        sa.CheckConstraint("on_shift IS NULL OR on_shift >= 0", name=op.f("ck_drills_on_shift_not_negative")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["people.id"], name=op.f("fk_drills_recorded_by_id_people")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["training_sessions.id"], name=op.f("fk_drills_session_id_training_sessions")
        ),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_drills")),
    )
    op.create_table(
        "drill_log_entries",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column(
            "phase",
            sa.Enum(
                "found",
                "alarm",
                "started",
                "evacuation",
                "head_count",
                "handling",
                "ended",
                name="phase",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("at", _AT, nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["drills.session_id"], name=op.f("fk_drill_log_entries_session_id_drills")
        ),
        sa.PrimaryKeyConstraint("session_id", "phase", name=op.f("pk_drill_log_entries")),
    )
    rules = sa.table(
        "drill_rules", sa.column("id", sa.Uuid()), sa.column("concerns"), sa.column("duty"), sa.column("months"),
        sa.column("basis"), sa.column("is_verified", sa.Boolean()), sa.column("valid_from", sa.Date()),
        sa.column("changed_at", _AT),
    )  # fmt: skip
    op.bulk_insert(
        rules,
        [
            {
                "id": UUID(int=(0x0193_7000_0000 << 80) | (0x7 << 76) | (0b10 << 62) | number), "concerns": concerns,
                "duty": duty, "months": months, "basis": basis, "is_verified": is_verified, "valid_from": day,
                "changed_at": datetime(2026, 11, 29, tzinfo=UTC),
            }
            for number, (concerns, duty, months, basis, is_verified, day) in enumerate(RULES, 1)
        ],
    )  # fmt: skip
