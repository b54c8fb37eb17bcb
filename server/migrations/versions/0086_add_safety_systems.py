"""Which safety systems enterprises have."""

import sqlalchemy as sa
from alembic import op

revision = "0086"
down_revision = "0085"
branch_labels = None
depends_on = None

_AT = sa.DateTime(timezone=True)
SQLITE = (
    """CREATE TRIGGER held_systems_insert AFTER INSERT ON held_systems BEGIN INSERT INTO held_system_changes (held_id) VALUES (NEW.id); END""",
    """CREATE TRIGGER held_systems_update AFTER UPDATE OF status, system_id, enterprise_id, city_id, district_id, town_id ON held_systems BEGIN INSERT INTO held_system_changes (held_id) VALUES (NEW.id); END""",
    """CREATE TRIGGER held_systems_delete AFTER DELETE ON held_systems BEGIN INSERT INTO held_system_changes (held_id) VALUES (OLD.id); END""",
    """CREATE TRIGGER held_systems_unions AFTER UPDATE OF is_active ON unions WHEN OLD.is_active <> NEW.is_active BEGIN INSERT INTO held_system_changes (held_id) SELECT id FROM held_systems WHERE enterprise_id = NEW.id; END""",
    """CREATE TRIGGER held_systems_asked AFTER UPDATE OF is_asked ON safety_systems WHEN OLD.is_asked <> NEW.is_asked BEGIN INSERT INTO held_system_changes (held_id) SELECT id FROM held_systems WHERE system_id = NEW.id; END""",
)  # fmt: skip
POSTGRESQL = (
    """CREATE FUNCTION held_systems_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO held_system_changes (held_id) VALUES (NEW.id); RETURN NULL; END $$""",
    """CREATE TRIGGER held_systems_insert AFTER INSERT ON held_systems FOR EACH ROW EXECUTE FUNCTION held_systems_insert()""",
    """CREATE FUNCTION held_systems_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO held_system_changes (held_id) VALUES (NEW.id); RETURN NULL; END $$""",
    """CREATE TRIGGER held_systems_update AFTER UPDATE OF status, system_id, enterprise_id, city_id, district_id, town_id ON held_systems FOR EACH ROW EXECUTE FUNCTION held_systems_update()""",
    """CREATE FUNCTION held_systems_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO held_system_changes (held_id) VALUES (OLD.id); RETURN NULL; END $$""",
    """CREATE TRIGGER held_systems_delete AFTER DELETE ON held_systems FOR EACH ROW EXECUTE FUNCTION held_systems_delete()""",
    """CREATE FUNCTION held_systems_unions() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO held_system_changes (held_id) SELECT id FROM held_systems WHERE enterprise_id = NEW.id; RETURN NULL; END $$""",
    """CREATE TRIGGER held_systems_unions AFTER UPDATE OF is_active ON unions FOR EACH ROW WHEN (OLD.is_active <> NEW.is_active) EXECUTE FUNCTION held_systems_unions()""",
    """CREATE FUNCTION held_systems_asked() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO held_system_changes (held_id) SELECT id FROM held_systems WHERE system_id = NEW.id; RETURN NULL; END $$""",
    """CREATE TRIGGER held_systems_asked AFTER UPDATE OF is_asked ON safety_systems FOR EACH ROW WHEN (OLD.is_asked <> NEW.is_asked) EXECUTE FUNCTION held_systems_asked()""",
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "held_system_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("held_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_system_changes")),
    )
    op.create_table(
        "held_system_facts",
        sa.Column("held_id", sa.Uuid(), nullable=False),
        sa.Column("system_id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "unstated",
                "absent",
                "stated",
                "checked",
                "returned",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("district_id", sa.Uuid(), nullable=True),
        sa.Column("town_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("held_id", name=op.f("pk_held_system_facts")),
    )
    op.create_table(
        "held_system_sums",
        sa.Column("union_id", sa.Uuid(), nullable=False),
        sa.Column("system_id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "unstated",
                "absent",
                "stated",
                "checked",
                "returned",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("enterprises", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("union_id", "system_id", "status", name=op.f("pk_held_system_sums")),
    )
    op.create_table(
        "safety_systems",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.Column("basis", sa.String(length=200), nullable=False),
        sa.Column("review_months", sa.Integer(), nullable=False),
        sa.Column("is_asked", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", _AT, nullable=False),
        sa.Column("updated_at", _AT, nullable=False),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_safety_systems_name_not_empty")),
        sa.CheckConstraint("review_months BETWEEN 1 AND 120", name=op.f("ck_safety_systems_review_months_in_range")),
        sa.ForeignKeyConstraint(["city_id"], ["unions.id"], name=op.f("fk_safety_systems_city_id_unions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_safety_systems")),
        sa.UniqueConstraint("city_id", "name", name=op.f("uq_safety_systems_city_id_name")),
    )
    op.create_table(
        "held_systems",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("system_id", sa.Uuid(), nullable=False),
        sa.Column("checker_id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "unstated",
                "absent",
                "stated",
                "checked",
                "returned",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("adopted_on", sa.Date(), nullable=True),
        sa.Column("reviewed_on", sa.Date(), nullable=True),
        sa.Column("next_review_on", sa.Date(), nullable=True),
        sa.Column("review_due_at", _AT, nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("stated_by_id", sa.Uuid(), nullable=True),
        sa.Column("stated_at", _AT, nullable=True),
        sa.Column("checked_by_id", sa.Uuid(), nullable=True),
        sa.Column("checked_at", _AT, nullable=True),
        sa.Column("updated_at", _AT, nullable=False),
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("district_id", sa.Uuid(), nullable=True),
        sa.Column("town_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(status = 'unstated') = (stated_at IS NULL)", name=op.f("ck_held_systems_stated_when_said")
        ),
        sa.CheckConstraint(
            "status <> 'checked' OR checked_at IS NOT NULL", name=op.f("ck_held_systems_checked_when_checked")
        ),
        sa.CheckConstraint(
            "status <> 'returned' OR length(reason) > 0", name=op.f("ck_held_systems_returned_with_a_reason")
        ),
        sa.CheckConstraint(
            "status NOT IN ('stated', 'checked') OR next_review_on IS NOT NULL",
            name=op.f("ck_held_systems_in_place_is_dated"),
        ),
        sa.CheckConstraint(
            "(next_review_on IS NULL) = (review_due_at IS NULL)", name=op.f("ck_held_systems_review_due_is_whole")
        ),
        sa.ForeignKeyConstraint(["checked_by_id"], ["people.id"], name=op.f("fk_held_systems_checked_by_id_people")),
        sa.ForeignKeyConstraint(["checker_id"], ["unions.id"], name=op.f("fk_held_systems_checker_id_unions")),
        sa.ForeignKeyConstraint(["city_id"], ["unions.id"], name=op.f("fk_held_systems_city_id_unions")),
        sa.ForeignKeyConstraint(["district_id"], ["unions.id"], name=op.f("fk_held_systems_district_id_unions")),
        sa.ForeignKeyConstraint(["enterprise_id"], ["unions.id"], name=op.f("fk_held_systems_enterprise_id_unions")),
        sa.ForeignKeyConstraint(["stated_by_id"], ["people.id"], name=op.f("fk_held_systems_stated_by_id_people")),
        sa.ForeignKeyConstraint(
            ["system_id"], ["safety_systems.id"], name=op.f("fk_held_systems_system_id_safety_systems")
        ),
        sa.ForeignKeyConstraint(["town_id"], ["unions.id"], name=op.f("fk_held_systems_town_id_unions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_systems")),
        sa.UniqueConstraint("enterprise_id", "system_id", name=op.f("uq_held_systems_enterprise_id_system_id")),
    )
    op.create_index("ix_held_systems_checker", "held_systems", ["checker_id", "status", "id"])
    op.create_index("ix_held_systems_city", "held_systems", ["city_id", "id"])
    op.create_index("ix_held_systems_city_status", "held_systems", ["city_id", "status", "id"])
    op.create_index("ix_held_systems_city_system", "held_systems", ["city_id", "system_id", "status", "id"])
    op.create_index("ix_held_systems_district", "held_systems", ["district_id", "id"])
    op.create_index("ix_held_systems_district_status", "held_systems", ["district_id", "status", "id"])
    op.create_index("ix_held_systems_district_system", "held_systems", ["district_id", "system_id", "status", "id"])
    op.create_index("ix_held_systems_enterprise", "held_systems", ["enterprise_id", "id"])
    op.create_index("ix_held_systems_enterprise_status", "held_systems", ["enterprise_id", "status", "id"])
    op.create_index("ix_held_systems_town", "held_systems", ["town_id", "id"])
    op.create_index("ix_held_systems_town_status", "held_systems", ["town_id", "status", "id"])
    op.create_index("ix_held_systems_town_system", "held_systems", ["town_id", "system_id", "status", "id"])

    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)
