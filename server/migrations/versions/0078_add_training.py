"""Training sessions, who was there, and what is kept of people."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0078"
down_revision = "0077"
branch_labels = None
depends_on = None

_AT = sa.DateTime(timezone=True)
_JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "special_permits",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=50), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", _AT, nullable=False),
        sa.CheckConstraint(
            "review_on IS NULL OR review_on > issued_on", name=op.f("ck_special_permits_reviewed_after_issue")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_special_permits_person_id_people")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["people.id"], name=op.f("fk_special_permits_recorded_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_special_permits")),
        sa.UniqueConstraint("person_id", "kind", "number", name=op.f("uq_special_permits_person_id_kind_number")),
    )
    op.create_table(
        "training_cards",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "sex",
            sa.Enum("male", "female", name="sex", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("id_number", sa.Text(), nullable=True),
        sa.Column(
            "employment",
            sa.Enum(
                "own",
                "dispatched",
                "contractor",
                "intern",
                name="employment",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("entered_on", sa.Date(), nullable=True),
        sa.Column("post", sa.String(length=50), nullable=False),
        sa.Column("updated_by_id", sa.Uuid(), nullable=False),
        sa.Column("updated_at", _AT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_training_cards_person_id_people")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["people.id"], name=op.f("fk_training_cards_updated_by_id_people")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_training_cards")),
    )
    op.create_table(
        "training_sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "course",
                "lecture",
                "open_lesson",
                "drill",
                "escape_drill",
                "warning_lesson",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "planned",
                "notified",
                "running",
                "incomplete",
                "in_review",
                "returned",
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
        sa.Column("organiser_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("theme", sa.String(length=200), nullable=False),
        sa.Column("legal_basis", sa.String(length=300), nullable=False),
        sa.Column(
            "induction",
            sa.Enum(
                "company", "workshop", "team", name="induction", native_enum=False, create_constraint=True, length=32
            ),
            nullable=True,
        ),
        sa.Column("venue", sa.String(length=200), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("starts_at", _AT, nullable=False),
        sa.Column("ends_at", _AT, nullable=False),
        sa.Column("check_in_from", _AT, nullable=False),
        sa.Column("check_in_until", _AT, nullable=False),
        sa.Column("check_out_from", _AT, nullable=False),
        sa.Column("check_out_until", _AT, nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("trainer", sa.String(length=100), nullable=False),
        sa.Column("qualification", sa.String(length=200), nullable=False),
        sa.Column("audience", sa.String(length=200), nullable=False),
        sa.Column("planned_count", sa.Integer(), nullable=True),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("notice_link", sa.String(length=300), nullable=False),
        sa.Column("evaluation", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("cost_cents", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("planned_by_id", sa.Uuid(), nullable=False),
        sa.Column("handed_in_by_id", sa.Uuid(), nullable=True),
        sa.Column("handed_in_at", _AT, nullable=True),
        sa.Column("archived_by_id", sa.Uuid(), nullable=True),
        sa.Column("archived_at", _AT, nullable=True),
        sa.Column("created_at", _AT, nullable=False),
        sa.Column("updated_at", _AT, nullable=False),
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("district_id", sa.Uuid(), nullable=True),
        sa.Column("town_id", sa.Uuid(), nullable=True),
        sa.Column("enterprise_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(status = 'archived') = (archived_at IS NOT NULL) AND (archived_at IS NULL) = (archived_by_id IS NULL)",
            name=op.f("ck_training_sessions_archived_when_archived"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('in_review', 'archived') OR handed_in_at IS NOT NULL",
            name=op.f("ck_training_sessions_handed_in_first"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('returned', 'cancelled') OR reason IS NOT NULL",
            name=op.f("ck_training_sessions_reason_is_given"),
        ),
        sa.CheckConstraint(
            "(latitude IS NULL) = (longitude IS NULL)", name=op.f("ck_training_sessions_venue_is_whole")
        ),
        sa.CheckConstraint(
            "check_in_from < check_in_until AND check_out_from < check_out_until",
            name=op.f("ck_training_sessions_windows_are_open"),
        ),
        sa.CheckConstraint(
            "cost_cents IS NULL OR cost_cents >= 0", name=op.f("ck_training_sessions_cost_not_negative")
        ),
        sa.CheckConstraint("hours > 0 AND hours <= 2000", name=op.f("ck_training_sessions_hours_in_range")),
        sa.CheckConstraint(
            "planned_count IS NULL OR planned_count > 0", name=op.f("ck_training_sessions_planned_count_positive")
        ),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_training_sessions_starts_before_it_ends")),
        sa.ForeignKeyConstraint(
            ["archived_by_id"], ["people.id"], name=op.f("fk_training_sessions_archived_by_id_people")
        ),
        sa.ForeignKeyConstraint(["city_id"], ["unions.id"], name=op.f("fk_training_sessions_city_id_unions")),
        sa.ForeignKeyConstraint(["district_id"], ["unions.id"], name=op.f("fk_training_sessions_district_id_unions")),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["unions.id"], name=op.f("fk_training_sessions_enterprise_id_unions")
        ),
        sa.ForeignKeyConstraint(
            ["handed_in_by_id"], ["people.id"], name=op.f("fk_training_sessions_handed_in_by_id_people")
        ),
        sa.ForeignKeyConstraint(["organiser_id"], ["unions.id"], name=op.f("fk_training_sessions_organiser_id_unions")),
        sa.ForeignKeyConstraint(
            ["planned_by_id"], ["people.id"], name=op.f("fk_training_sessions_planned_by_id_people")
        ),
        sa.ForeignKeyConstraint(["town_id"], ["unions.id"], name=op.f("fk_training_sessions_town_id_unions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_sessions")),
        sa.UniqueConstraint("number", name=op.f("uq_training_sessions_number")),
    )
    op.create_index("ix_training_sessions_city", "training_sessions", ["city_id", "id"])
    op.create_index("ix_training_sessions_city_status", "training_sessions", ["status", "city_id", "id"])
    op.create_index("ix_training_sessions_district", "training_sessions", ["district_id", "id"])
    op.create_index("ix_training_sessions_district_status", "training_sessions", ["status", "district_id", "id"])
    op.create_index("ix_training_sessions_enterprise", "training_sessions", ["enterprise_id", "id"])
    op.create_index("ix_training_sessions_enterprise_status", "training_sessions", ["status", "enterprise_id", "id"])
    op.create_index("ix_training_sessions_open", "training_sessions", ["status", "starts_at"])
    op.create_index(
        "ix_training_sessions_organiser", "training_sessions", ["organiser_id", "status", "id"], unique=False
    )
    op.create_index("ix_training_sessions_town", "training_sessions", ["town_id", "id"])
    op.create_index("ix_training_sessions_town_status", "training_sessions", ["status", "town_id", "id"])
    op.create_table(
        "training_attendances",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("who", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.Column("name_key", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("enterprise_name", sa.String(length=100), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("team", sa.String(length=50), nullable=False),
        sa.Column("post", sa.String(length=50), nullable=False),
        sa.Column("is_officer", sa.Boolean(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "course",
                "lecture",
                "open_lesson",
                "drill",
                "escape_drill",
                "warning_lesson",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column(
            "means",
            sa.Enum("code", "sheet", "trainer", name="means", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("checked_in_at", _AT, nullable=False),
        sa.Column("checked_out_at", _AT, nullable=True),
        sa.Column(
            "confirmed_by",
            sa.Enum(
                "check_out",
                "test",
                "trainer",
                name="confirmed_by",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("confirmed_at", _AT, nullable=True),
        sa.Column("is_struck", sa.Boolean(), nullable=False),
        sa.Column("is_counted", sa.Boolean(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("distance", sa.Integer(), nullable=True),
        sa.Column("accuracy", sa.Integer(), nullable=True),
        sa.Column("device", sa.String(length=32), nullable=True),
        sa.Column("flags", _JSON, nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", _AT, nullable=False),
        sa.Column("updated_at", _AT, nullable=False),
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("district_id", sa.Uuid(), nullable=True),
        sa.Column("town_id", sa.Uuid(), nullable=True),
        sa.Column("enterprise_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(confirmed_by IS NULL) = (confirmed_at IS NULL)", name=op.f("ck_training_attendances_confirmed_is_whole")
        ),
        sa.CheckConstraint(
            "NOT is_counted OR (confirmed_by IS NOT NULL AND NOT is_struck)",
            name=op.f("ck_training_attendances_counted_when_known"),
        ),
        sa.CheckConstraint(
            "distance IS NULL OR distance >= 0", name=op.f("ck_training_attendances_distance_not_negative")
        ),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_training_attendances_name_not_empty")),
        sa.ForeignKeyConstraint(["city_id"], ["unions.id"], name=op.f("fk_training_attendances_city_id_unions")),
        sa.ForeignKeyConstraint(
            ["district_id"], ["unions.id"], name=op.f("fk_training_attendances_district_id_unions")
        ),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["unions.id"], name=op.f("fk_training_attendances_enterprise_id_unions")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_training_attendances_person_id_people")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["people.id"], name=op.f("fk_training_attendances_recorded_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["training_sessions.id"], name=op.f("fk_training_attendances_session_id_training_sessions")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["unions.id"], name=op.f("fk_training_attendances_team_id_unions")),
        sa.ForeignKeyConstraint(["town_id"], ["unions.id"], name=op.f("fk_training_attendances_town_id_unions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_attendances")),
        sa.UniqueConstraint("session_id", "person_id", name=op.f("uq_training_attendances_session_id_person_id")),
        sa.UniqueConstraint("session_id", "who", name=op.f("uq_training_attendances_session_id_who")),
    )
    op.create_index("ix_training_attendances_city", "training_attendances", ["city_id", "id"])
    op.create_index(
        "ix_training_attendances_city_counted",
        "training_attendances",
        ["city_id", "held_on", "enterprise_id", "who"],
        sqlite_where=sa.text("is_counted IS 1"),
        postgresql_where=sa.text("is_counted IS TRUE"),
    )
    op.create_index("ix_training_attendances_device", "training_attendances", ["session_id", "device"])
    op.create_index("ix_training_attendances_district", "training_attendances", ["district_id", "id"])
    op.create_index(
        "ix_training_attendances_district_counted",
        "training_attendances",
        ["district_id", "held_on", "enterprise_id", "who"],
        sqlite_where=sa.text("is_counted IS 1"),
        postgresql_where=sa.text("is_counted IS TRUE"),
    )
    op.create_index("ix_training_attendances_enterprise", "training_attendances", ["enterprise_id", "id"])
    op.create_index(
        "ix_training_attendances_enterprise_counted",
        "training_attendances",
        ["enterprise_id", "held_on", "who"],
        sqlite_where=sa.text("is_counted IS 1"),
        postgresql_where=sa.text("is_counted IS TRUE"),
    )
    op.create_index("ix_training_attendances_person", "training_attendances", ["person_id", "held_on"])
    op.create_index("ix_training_attendances_session", "training_attendances", ["session_id", "id"])
    op.create_index("ix_training_attendances_town", "training_attendances", ["town_id", "id"])
    op.create_index(
        "ix_training_attendances_town_counted",
        "training_attendances",
        ["town_id", "held_on", "enterprise_id", "who"],
        sqlite_where=sa.text("is_counted IS 1"),
        postgresql_where=sa.text("is_counted IS TRUE"),
    )
    op.create_table(
        "training_invitations",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("union_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", _AT, nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["training_sessions.id"],
            name=op.f("fk_training_invitations_session_id_training_sessions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["union_id"], ["unions.id"], name=op.f("fk_training_invitations_union_id_unions")),
        sa.PrimaryKeyConstraint("session_id", "union_id", name=op.f("pk_training_invitations")),
    )
    op.create_index("ix_training_invitations_union", "training_invitations", ["union_id", "starts_at", "session_id"])
