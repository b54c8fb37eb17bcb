"""Plans of supervision: groups and people, enterprises, draws, rotas."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0082"
down_revision = "0081"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "supervision_settings",
        sa.Column("union_id", sa.Uuid(), nullable=False),
        sa.Column("yearly_cap", sa.Integer(), nullable=False),
        sa.Column("weights", JSON, nullable=False),
        sa.Column("edited_by_id", sa.Uuid(), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("yearly_cap BETWEEN 1 AND 50", name=op.f("ck_supervision_settings_cap_in_range")),
        sa.ForeignKeyConstraint(
            ["edited_by_id"], ["people.id"], name=op.f("fk_supervision_settings_edited_by_id_people")
        ),
        sa.ForeignKeyConstraint(["union_id"], ["unions.id"], name=op.f("fk_supervision_settings_union_id_unions")),
        sa.PrimaryKeyConstraint("union_id", name=op.f("pk_supervision_settings")),
    )
    op.create_table(
        "supervision_plans",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("union_id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "published",
                "running",
                "closed",
                "cancelled",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
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
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("basis", sa.String(length=500), nullable=False),
        sa.Column("form_id", sa.Uuid(), nullable=True),
        sa.Column("form_version_id", sa.Uuid(), nullable=True),
        sa.Column("drafted_by_id", sa.Uuid(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("district_id", sa.Uuid(), nullable=True),
        sa.Column("town_id", sa.Uuid(), nullable=True),
        sa.Column("enterprise_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "status NOT IN ('published', 'running', 'closed') OR published_at IS NOT NULL",
            name=op.f("ck_supervision_plans_published_once_open"),
        ),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_supervision_plans_days_in_order")),
        sa.ForeignKeyConstraint(["city_id"], ["unions.id"], name=op.f("fk_supervision_plans_city_id_unions")),
        sa.ForeignKeyConstraint(["district_id"], ["unions.id"], name=op.f("fk_supervision_plans_district_id_unions")),
        sa.ForeignKeyConstraint(
            ["drafted_by_id"], ["people.id"], name=op.f("fk_supervision_plans_drafted_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["unions.id"], name=op.f("fk_supervision_plans_enterprise_id_unions")
        ),
        sa.ForeignKeyConstraint(["form_id"], ["forms.id"], name=op.f("fk_supervision_plans_form_id_forms")),
        sa.ForeignKeyConstraint(
            ["form_version_id"], ["form_versions.id"], name=op.f("fk_supervision_plans_form_version_id_form_versions")
        ),
        sa.ForeignKeyConstraint(["town_id"], ["unions.id"], name=op.f("fk_supervision_plans_town_id_unions")),
        sa.ForeignKeyConstraint(["union_id"], ["unions.id"], name=op.f("fk_supervision_plans_union_id_unions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_plans")),
    )
    op.create_index("ix_supervision_plans_city", "supervision_plans", ["city_id", "id"])
    op.create_index("ix_supervision_plans_city_status", "supervision_plans", ["status", "city_id", "id"])
    op.create_index("ix_supervision_plans_district", "supervision_plans", ["district_id", "id"])
    op.create_index("ix_supervision_plans_district_status", "supervision_plans", ["status", "district_id", "id"])
    op.create_index("ix_supervision_plans_enterprise", "supervision_plans", ["enterprise_id", "id"])
    op.create_index("ix_supervision_plans_enterprise_status", "supervision_plans", ["status", "enterprise_id", "id"])
    op.create_index("ix_supervision_plans_town", "supervision_plans", ["town_id", "id"])
    op.create_index("ix_supervision_plans_town_status", "supervision_plans", ["status", "town_id", "id"])
    op.create_index("ix_supervision_plans_union", "supervision_plans", ["union_id", "id"])
    op.create_table(
        "supervision_draws",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("union_id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "preparing",
                "frozen",
                "drawn",
                "published",
                "cancelled",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("terms", JSON, nullable=False),
        sa.Column("frame", JSON, nullable=False),
        sa.Column("frame_hash", sa.String(length=64), nullable=True),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("frozen_by_id", sa.Uuid(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("seed", sa.Text(), nullable=True),
        sa.Column("value", sa.String(length=200), nullable=True),
        sa.Column("places", JSON, nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("drawn_by_id", sa.Uuid(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_reason", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("district_id", sa.Uuid(), nullable=True),
        sa.Column("town_id", sa.Uuid(), nullable=True),
        sa.Column("enterprise_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(status = 'cancelled') = (cancelled_reason IS NOT NULL)",
            name=op.f("ck_supervision_draws_cancelled_with_a_reason"),
        ),
        sa.CheckConstraint(
            "(status = 'published') = (published_at IS NOT NULL)",
            name=op.f("ck_supervision_draws_published_when_published"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('drawn', 'published') OR drawn_at IS NOT NULL",
            name=op.f("ck_supervision_draws_drawn_with_a_value"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('frozen', 'drawn', 'published') OR frozen_at IS NOT NULL",
            name=op.f("ck_supervision_draws_frozen_first"),
        ),
        sa.CheckConstraint(
            "(frame_hash IS NULL) = (frozen_at IS NULL) AND (frame_hash IS NULL) = (seed IS NULL) AND (frozen_at IS NULL) = (frozen_by_id IS NULL)",
            name=op.f("ck_supervision_draws_frozen_as_a_whole"),
        ),
        sa.CheckConstraint(
            "(value IS NULL) = (drawn_at IS NULL) AND (value IS NULL) = (drawn_by_id IS NULL)",
            name=op.f("ck_supervision_draws_drawn_as_a_whole"),
        ),
        sa.ForeignKeyConstraint(["city_id"], ["unions.id"], name=op.f("fk_supervision_draws_city_id_unions")),
        sa.ForeignKeyConstraint(["district_id"], ["unions.id"], name=op.f("fk_supervision_draws_district_id_unions")),
        sa.ForeignKeyConstraint(["drawn_by_id"], ["people.id"], name=op.f("fk_supervision_draws_drawn_by_id_people")),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["unions.id"], name=op.f("fk_supervision_draws_enterprise_id_unions")
        ),
        sa.ForeignKeyConstraint(["frozen_by_id"], ["people.id"], name=op.f("fk_supervision_draws_frozen_by_id_people")),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["supervision_plans.id"], name=op.f("fk_supervision_draws_plan_id_supervision_plans")
        ),
        sa.ForeignKeyConstraint(["town_id"], ["unions.id"], name=op.f("fk_supervision_draws_town_id_unions")),
        sa.ForeignKeyConstraint(["union_id"], ["unions.id"], name=op.f("fk_supervision_draws_union_id_unions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_draws")),
    )
    op.create_index("ix_supervision_draws_city", "supervision_draws", ["city_id", "id"])
    op.create_index("ix_supervision_draws_district", "supervision_draws", ["district_id", "id"])
    op.create_index("ix_supervision_draws_enterprise", "supervision_draws", ["enterprise_id", "id"])
    op.create_index("ix_supervision_draws_plan", "supervision_draws", ["plan_id", "id"])
    op.create_index("ix_supervision_draws_town", "supervision_draws", ["town_id", "id"])
    op.create_index("ix_supervision_draws_waiting", "supervision_draws", ["union_id", "status", "due_on"])
    op.create_table(
        "supervision_teams",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("lead_union_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("position >= 1", name=op.f("ck_supervision_teams_position_from_one")),
        sa.ForeignKeyConstraint(
            ["lead_union_id"], ["unions.id"], name=op.f("fk_supervision_teams_lead_union_id_unions")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["supervision_plans.id"], name=op.f("fk_supervision_teams_plan_id_supervision_plans")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_teams")),
        sa.UniqueConstraint("plan_id", "position", name=op.f("uq_supervision_teams_plan_id_position")),
    )
    op.create_table(
        "supervision_draw_notes",
        sa.Column("draw_id", sa.Uuid(), nullable=False),
        sa.Column("union_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("excluded", "accident", name="kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_supervision_draw_notes_with_a_reason")),
        sa.ForeignKeyConstraint(
            ["draw_id"], ["supervision_draws.id"], name=op.f("fk_supervision_draw_notes_draw_id_supervision_draws")
        ),
        sa.ForeignKeyConstraint(["union_id"], ["unions.id"], name=op.f("fk_supervision_draw_notes_union_id_unions")),
        sa.PrimaryKeyConstraint("draw_id", "union_id", "kind", name=op.f("pk_supervision_draw_notes")),
    )
    op.create_index("ix_supervision_draw_notes_union", "supervision_draw_notes", ["union_id"])
    op.create_table(
        "supervision_members",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("union_id", sa.Uuid(), nullable=True),
        sa.Column("words", sa.String(length=100), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column(
            "duty",
            sa.Enum(
                "leader",
                "member",
                "liaison",
                "expert",
                name="duty",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("is_chemist", sa.Boolean(), nullable=False),
        sa.CheckConstraint("person_id IS NOT NULL OR words <> ''", name=op.f("ck_supervision_members_somebody")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_supervision_members_person_id_people")),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["supervision_plans.id"], name=op.f("fk_supervision_members_plan_id_supervision_plans")
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["supervision_teams.id"], name=op.f("fk_supervision_members_team_id_supervision_teams")
        ),
        sa.ForeignKeyConstraint(["union_id"], ["unions.id"], name=op.f("fk_supervision_members_union_id_unions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_members")),
        sa.UniqueConstraint("plan_id", "person_id", name=op.f("uq_supervision_members_plan_id_person_id")),
    )
    op.create_index("ix_supervision_members_person", "supervision_members", ["person_id", "plan_id"])
    op.create_index("ix_supervision_members_team", "supervision_members", ["team_id"])
    op.create_table(
        "supervision_rota",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("union_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("changed_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(reason IS NULL) = (changed_by_id IS NULL)", name=op.f("ck_supervision_rota_changed_with_a_reason")
        ),
        sa.CheckConstraint("(starts_on IS NULL) = (ends_on IS NULL)", name=op.f("ck_supervision_rota_both_days")),
        sa.CheckConstraint("starts_on IS NULL OR starts_on <= ends_on", name=op.f("ck_supervision_rota_days_in_order")),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["people.id"], name=op.f("fk_supervision_rota_changed_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["supervision_plans.id"], name=op.f("fk_supervision_rota_plan_id_supervision_plans")
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["supervision_teams.id"], name=op.f("fk_supervision_rota_team_id_supervision_teams")
        ),
        sa.ForeignKeyConstraint(["union_id"], ["unions.id"], name=op.f("fk_supervision_rota_union_id_unions")),
        sa.PrimaryKeyConstraint("plan_id", "union_id", name=op.f("pk_supervision_rota")),
    )
    op.create_index("ix_supervision_rota_team", "supervision_rota", ["team_id"])
    op.create_index("ix_supervision_rota_union", "supervision_rota", ["union_id"])
    op.create_table(
        "supervision_units",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column(
            "origin",
            sa.Enum("named", "drawn", "reserve", name="origin", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("draw_id", sa.Uuid(), nullable=True),
        sa.Column("planned_on", sa.Date(), nullable=True),
        sa.Column("over_cap_reason", sa.String(length=500), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dropped_reason", sa.String(length=500), nullable=True),
        sa.Column("replaced_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("district_id", sa.Uuid(), nullable=True),
        sa.Column("town_id", sa.Uuid(), nullable=True),
        sa.Column("enterprise_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("(origin = 'named') = (draw_id IS NULL)", name=op.f("ck_supervision_units_drawn_by_a_draw")),
        sa.CheckConstraint(
            "(dropped_at IS NULL) = (dropped_reason IS NULL)", name=op.f("ck_supervision_units_dropped_with_a_reason")
        ),
        sa.CheckConstraint("enterprise_id IS NOT NULL", name=op.f("ck_supervision_units_an_enterprise")),
        sa.CheckConstraint(
            "opened_at IS NULL OR dropped_at IS NULL", name=op.f("ck_supervision_units_opened_or_dropped")
        ),
        sa.CheckConstraint(
            "replaced_by_id IS NULL OR dropped_at IS NOT NULL", name=op.f("ck_supervision_units_replaced_once_dropped")
        ),
        sa.ForeignKeyConstraint(["city_id"], ["unions.id"], name=op.f("fk_supervision_units_city_id_unions")),
        sa.ForeignKeyConstraint(["district_id"], ["unions.id"], name=op.f("fk_supervision_units_district_id_unions")),
        sa.ForeignKeyConstraint(
            ["draw_id"], ["supervision_draws.id"], name=op.f("fk_supervision_units_draw_id_supervision_draws")
        ),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["unions.id"], name=op.f("fk_supervision_units_enterprise_id_unions")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["supervision_plans.id"], name=op.f("fk_supervision_units_plan_id_supervision_plans")
        ),
        sa.ForeignKeyConstraint(
            ["replaced_by_id"],
            ["supervision_units.id"],
            name=op.f("fk_supervision_units_replaced_by_id_supervision_units"),
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["supervision_teams.id"], name=op.f("fk_supervision_units_team_id_supervision_teams")
        ),
        sa.ForeignKeyConstraint(["town_id"], ["unions.id"], name=op.f("fk_supervision_units_town_id_unions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_units")),
    )
    op.create_index("ix_supervision_units_draw", "supervision_units", ["draw_id"])
    op.create_index("ix_supervision_units_enterprise", "supervision_units", ["enterprise_id", "plan_id"])
    op.create_index("ix_supervision_units_plan", "supervision_units", ["plan_id", "id"])
    op.create_index(
        "uq_supervision_units_going",
        "supervision_units",
        ["plan_id", "enterprise_id"],
        unique=True,
        sqlite_where=sa.text("dropped_at IS NULL"),
        postgresql_where=sa.text("dropped_at IS NULL"),
    )
    op.create_table(
        "supervision_inspectors",
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["supervision_members.id"],
            name=op.f("fk_supervision_inspectors_member_id_supervision_members"),
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["supervision_units.id"], name=op.f("fk_supervision_inspectors_unit_id_supervision_units")
        ),
        sa.PrimaryKeyConstraint("unit_id", "member_id", name=op.f("pk_supervision_inspectors")),
    )
    op.create_index("ix_supervision_inspectors_member", "supervision_inspectors", ["member_id"])
    op.create_table(
        "supervision_recusals",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("union_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_supervision_recusals_with_a_reason")),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["supervision_members.id"],
            name=op.f("fk_supervision_recusals_member_id_supervision_members"),
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["supervision_plans.id"], name=op.f("fk_supervision_recusals_plan_id_supervision_plans")
        ),
        sa.ForeignKeyConstraint(["union_id"], ["unions.id"], name=op.f("fk_supervision_recusals_union_id_unions")),
        sa.PrimaryKeyConstraint("plan_id", "member_id", "union_id", name=op.f("pk_supervision_recusals")),
    )
    op.create_index("ix_supervision_recusals_member", "supervision_recusals", ["member_id"])
    op.create_index("ix_supervision_recusals_union", "supervision_recusals", ["union_id"])
