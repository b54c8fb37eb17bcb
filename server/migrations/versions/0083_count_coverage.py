"""What coverage of training is divided by and counted from, and what is counted."""

import sqlalchemy as sa
from alembic import op

revision = "0083"
down_revision = "0082"
branch_labels = None
depends_on = None

_AT = sa.DateTime(timezone=True)
SQLITE = (
    """CREATE TRIGGER coverage_unions_insert AFTER INSERT ON unions BEGIN INSERT INTO coverage_changes (enterprise_id) SELECT NEW.enterprise_id WHERE NEW.enterprise_id IS NOT NULL; END""",
    """CREATE TRIGGER coverage_unions_update AFTER UPDATE OF city_id, district_id, town_id, enterprise_id, industry, ownership, size, is_high_risk, is_chemical, headcount, safety_officer_name, is_active, name ON unions WHEN OLD.city_id IS NOT NEW.city_id OR OLD.district_id IS NOT NEW.district_id OR OLD.town_id IS NOT NEW.town_id OR OLD.enterprise_id IS NOT NEW.enterprise_id OR OLD.industry IS NOT NEW.industry OR OLD.ownership IS NOT NEW.ownership OR OLD.size IS NOT NEW.size OR OLD.is_high_risk IS NOT NEW.is_high_risk OR OLD.is_chemical IS NOT NEW.is_chemical OR OLD.headcount IS NOT NEW.headcount OR OLD.safety_officer_name IS NOT NEW.safety_officer_name OR OLD.is_active IS NOT NEW.is_active OR OLD.name IS NOT NEW.name BEGIN INSERT INTO coverage_changes (enterprise_id) SELECT OLD.enterprise_id WHERE OLD.enterprise_id IS NOT NULL; INSERT INTO coverage_changes (enterprise_id) SELECT NEW.enterprise_id WHERE NEW.enterprise_id IS NOT NULL; END""",
    """CREATE TRIGGER coverage_unions_delete AFTER DELETE ON unions BEGIN INSERT INTO coverage_changes (enterprise_id) SELECT OLD.enterprise_id WHERE OLD.enterprise_id IS NOT NULL; END""",
    """CREATE TRIGGER coverage_people_insert AFTER INSERT ON people WHEN NEW.enterprise_id IS NOT NULL BEGIN INSERT INTO coverage_changes (enterprise_id) SELECT NEW.enterprise_id WHERE NEW.enterprise_id IS NOT NULL; END""",
    """CREATE TRIGGER coverage_people_update AFTER UPDATE OF enterprise_id, is_active ON people WHEN OLD.enterprise_id IS NOT NEW.enterprise_id OR OLD.is_active IS NOT NEW.is_active BEGIN INSERT INTO coverage_changes (enterprise_id) SELECT OLD.enterprise_id WHERE OLD.enterprise_id IS NOT NULL; INSERT INTO coverage_changes (enterprise_id) SELECT NEW.enterprise_id WHERE NEW.enterprise_id IS NOT NULL; END""",
    """CREATE TRIGGER coverage_people_delete AFTER DELETE ON people WHEN OLD.enterprise_id IS NOT NULL BEGIN INSERT INTO coverage_changes (enterprise_id) SELECT OLD.enterprise_id WHERE OLD.enterprise_id IS NOT NULL; END""",
    """CREATE TRIGGER coverage_denominators_insert AFTER INSERT ON coverage_denominators BEGIN INSERT INTO coverage_changes (enterprise_id) SELECT NEW.enterprise_id WHERE NEW.enterprise_id IS NOT NULL; END""",
    """CREATE TRIGGER coverage_denominators_delete AFTER DELETE ON coverage_denominators BEGIN INSERT INTO coverage_changes (enterprise_id) SELECT OLD.enterprise_id WHERE OLD.enterprise_id IS NOT NULL; END""",
    """CREATE TRIGGER coverage_officers_insert AFTER INSERT ON coverage_officers BEGIN INSERT INTO coverage_changes (enterprise_id) SELECT NEW.enterprise_id WHERE NEW.enterprise_id IS NOT NULL; END""",
    """CREATE TRIGGER coverage_officers_update AFTER UPDATE OF name_key, ended_at ON coverage_officers BEGIN INSERT INTO coverage_changes (enterprise_id) SELECT NEW.enterprise_id WHERE NEW.enterprise_id IS NOT NULL; END""",
    """CREATE TRIGGER coverage_attendances_insert AFTER INSERT ON training_attendances WHEN NEW.is_counted IS 1 BEGIN INSERT INTO coverage_changes (enterprise_id) SELECT NEW.enterprise_id WHERE NEW.enterprise_id IS NOT NULL; INSERT INTO coverage_changes (enterprise_id) SELECT DISTINCT enterprise_id FROM training_attendances WHERE who = NEW.who AND is_counted IS 1 AND enterprise_id IS NOT NULL AND NEW.is_counted IS 1; END""",
    """CREATE TRIGGER coverage_attendances_update AFTER UPDATE OF who, person_id, enterprise_id, team_id, team, is_officer, kind, held_on, is_counted, name_key ON training_attendances WHEN OLD.is_counted IS 1 OR NEW.is_counted IS 1 BEGIN INSERT INTO coverage_changes (enterprise_id) SELECT OLD.enterprise_id WHERE OLD.enterprise_id IS NOT NULL; INSERT INTO coverage_changes (enterprise_id) SELECT DISTINCT enterprise_id FROM training_attendances WHERE who = OLD.who AND is_counted IS 1 AND enterprise_id IS NOT NULL AND OLD.is_counted IS 1; INSERT INTO coverage_changes (enterprise_id) SELECT NEW.enterprise_id WHERE NEW.enterprise_id IS NOT NULL; INSERT INTO coverage_changes (enterprise_id) SELECT DISTINCT enterprise_id FROM training_attendances WHERE who = NEW.who AND is_counted IS 1 AND enterprise_id IS NOT NULL AND NEW.is_counted IS 1; END""",
    """CREATE TRIGGER coverage_attendances_delete AFTER DELETE ON training_attendances WHEN OLD.is_counted IS 1 BEGIN INSERT INTO coverage_changes (enterprise_id) SELECT OLD.enterprise_id WHERE OLD.enterprise_id IS NOT NULL; INSERT INTO coverage_changes (enterprise_id) SELECT DISTINCT enterprise_id FROM training_attendances WHERE who = OLD.who AND is_counted IS 1 AND enterprise_id IS NOT NULL AND OLD.is_counted IS 1; END""",
)  # fmt: skip
POSTGRESQL = (
    """CREATE FUNCTION coverage_unions_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO coverage_changes (enterprise_id) SELECT NEW.enterprise_id WHERE NEW.enterprise_id IS NOT NULL; RETURN NULL; END $$""",
    """CREATE TRIGGER coverage_unions_insert AFTER INSERT ON unions FOR EACH ROW EXECUTE FUNCTION coverage_unions_insert()""",
    """CREATE FUNCTION coverage_unions_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO coverage_changes (enterprise_id) SELECT OLD.enterprise_id WHERE OLD.enterprise_id IS NOT NULL; INSERT INTO coverage_changes (enterprise_id) SELECT NEW.enterprise_id WHERE NEW.enterprise_id IS NOT NULL; RETURN NULL; END $$""",
    """CREATE TRIGGER coverage_unions_update AFTER UPDATE OF city_id, district_id, town_id, enterprise_id, industry, ownership, size, is_high_risk, is_chemical, headcount, safety_officer_name, is_active, name ON unions FOR EACH ROW WHEN (OLD.city_id IS DISTINCT FROM NEW.city_id OR OLD.district_id IS DISTINCT FROM NEW.district_id OR OLD.town_id IS DISTINCT FROM NEW.town_id OR OLD.enterprise_id IS DISTINCT FROM NEW.enterprise_id OR OLD.industry IS DISTINCT FROM NEW.industry OR OLD.ownership IS DISTINCT FROM NEW.ownership OR OLD.size IS DISTINCT FROM NEW.size OR OLD.is_high_risk IS DISTINCT FROM NEW.is_high_risk OR OLD.is_chemical IS DISTINCT FROM NEW.is_chemical OR OLD.headcount IS DISTINCT FROM NEW.headcount OR OLD.safety_officer_name IS DISTINCT FROM NEW.safety_officer_name OR OLD.is_active IS DISTINCT FROM NEW.is_active OR OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION coverage_unions_update()""",
    """CREATE FUNCTION coverage_unions_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO coverage_changes (enterprise_id) SELECT OLD.enterprise_id WHERE OLD.enterprise_id IS NOT NULL; RETURN NULL; END $$""",
    """CREATE TRIGGER coverage_unions_delete AFTER DELETE ON unions FOR EACH ROW EXECUTE FUNCTION coverage_unions_delete()""",
    """CREATE FUNCTION coverage_people_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO coverage_changes (enterprise_id) SELECT NEW.enterprise_id WHERE NEW.enterprise_id IS NOT NULL; RETURN NULL; END $$""",
    """CREATE TRIGGER coverage_people_insert AFTER INSERT ON people FOR EACH ROW WHEN (NEW.enterprise_id IS NOT NULL) EXECUTE FUNCTION coverage_people_insert()""",
    """CREATE FUNCTION coverage_people_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO coverage_changes (enterprise_id) SELECT OLD.enterprise_id WHERE OLD.enterprise_id IS NOT NULL; INSERT INTO coverage_changes (enterprise_id) SELECT NEW.enterprise_id WHERE NEW.enterprise_id IS NOT NULL; RETURN NULL; END $$""",
    """CREATE TRIGGER coverage_people_update AFTER UPDATE OF enterprise_id, is_active ON people FOR EACH ROW WHEN (OLD.enterprise_id IS DISTINCT FROM NEW.enterprise_id OR OLD.is_active IS DISTINCT FROM NEW.is_active) EXECUTE FUNCTION coverage_people_update()""",
    """CREATE FUNCTION coverage_people_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO coverage_changes (enterprise_id) SELECT OLD.enterprise_id WHERE OLD.enterprise_id IS NOT NULL; RETURN NULL; END $$""",
    """CREATE TRIGGER coverage_people_delete AFTER DELETE ON people FOR EACH ROW WHEN (OLD.enterprise_id IS NOT NULL) EXECUTE FUNCTION coverage_people_delete()""",
    """CREATE FUNCTION coverage_denominators_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO coverage_changes (enterprise_id) SELECT NEW.enterprise_id WHERE NEW.enterprise_id IS NOT NULL; RETURN NULL; END $$""",
    """CREATE TRIGGER coverage_denominators_insert AFTER INSERT ON coverage_denominators FOR EACH ROW EXECUTE FUNCTION coverage_denominators_insert()""",
    """CREATE FUNCTION coverage_denominators_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO coverage_changes (enterprise_id) SELECT OLD.enterprise_id WHERE OLD.enterprise_id IS NOT NULL; RETURN NULL; END $$""",
    """CREATE TRIGGER coverage_denominators_delete AFTER DELETE ON coverage_denominators FOR EACH ROW EXECUTE FUNCTION coverage_denominators_delete()""",
    """CREATE FUNCTION coverage_officers_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO coverage_changes (enterprise_id) SELECT NEW.enterprise_id WHERE NEW.enterprise_id IS NOT NULL; RETURN NULL; END $$""",
    """CREATE TRIGGER coverage_officers_insert AFTER INSERT ON coverage_officers FOR EACH ROW EXECUTE FUNCTION coverage_officers_insert()""",
    """CREATE FUNCTION coverage_officers_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO coverage_changes (enterprise_id) SELECT NEW.enterprise_id WHERE NEW.enterprise_id IS NOT NULL; RETURN NULL; END $$""",
    """CREATE TRIGGER coverage_officers_update AFTER UPDATE OF name_key, ended_at ON coverage_officers FOR EACH ROW EXECUTE FUNCTION coverage_officers_update()""",
    """CREATE FUNCTION coverage_attendances_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO coverage_changes (enterprise_id) SELECT NEW.enterprise_id WHERE NEW.enterprise_id IS NOT NULL; INSERT INTO coverage_changes (enterprise_id) SELECT DISTINCT enterprise_id FROM training_attendances WHERE who = NEW.who AND is_counted IS TRUE AND enterprise_id IS NOT NULL AND NEW.is_counted IS TRUE; RETURN NULL; END $$""",
    """CREATE TRIGGER coverage_attendances_insert AFTER INSERT ON training_attendances FOR EACH ROW WHEN (NEW.is_counted IS TRUE) EXECUTE FUNCTION coverage_attendances_insert()""",
    """CREATE FUNCTION coverage_attendances_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO coverage_changes (enterprise_id) SELECT OLD.enterprise_id WHERE OLD.enterprise_id IS NOT NULL; INSERT INTO coverage_changes (enterprise_id) SELECT DISTINCT enterprise_id FROM training_attendances WHERE who = OLD.who AND is_counted IS TRUE AND enterprise_id IS NOT NULL AND OLD.is_counted IS TRUE; INSERT INTO coverage_changes (enterprise_id) SELECT NEW.enterprise_id WHERE NEW.enterprise_id IS NOT NULL; INSERT INTO coverage_changes (enterprise_id) SELECT DISTINCT enterprise_id FROM training_attendances WHERE who = NEW.who AND is_counted IS TRUE AND enterprise_id IS NOT NULL AND NEW.is_counted IS TRUE; RETURN NULL; END $$""",
    """CREATE TRIGGER coverage_attendances_update AFTER UPDATE OF who, person_id, enterprise_id, team_id, team, is_officer, kind, held_on, is_counted, name_key ON training_attendances FOR EACH ROW WHEN (OLD.is_counted IS TRUE OR NEW.is_counted IS TRUE) EXECUTE FUNCTION coverage_attendances_update()""",
    """CREATE FUNCTION coverage_attendances_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO coverage_changes (enterprise_id) SELECT OLD.enterprise_id WHERE OLD.enterprise_id IS NOT NULL; INSERT INTO coverage_changes (enterprise_id) SELECT DISTINCT enterprise_id FROM training_attendances WHERE who = OLD.who AND is_counted IS TRUE AND enterprise_id IS NOT NULL AND OLD.is_counted IS TRUE; RETURN NULL; END $$""",
    """CREATE TRIGGER coverage_attendances_delete AFTER DELETE ON training_attendances FOR EACH ROW WHEN (OLD.is_counted IS TRUE) EXECUTE FUNCTION coverage_attendances_delete()""",
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "coverage_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coverage_changes")),
    )
    op.create_table(
        "coverage_sums",
        sa.Column("period_id", sa.Uuid(), nullable=False),
        sa.Column("union_id", sa.Uuid(), nullable=False),
        sa.Column("flags", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("part", sa.String(length=12), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("enterprises", sa.Integer(), nullable=False),
        sa.Column("officers_required", sa.Integer(), nullable=False),
        sa.Column("officers_attended", sa.Integer(), nullable=False),
        sa.Column("officers_covered", sa.Integer(), nullable=False),
        sa.Column("officers_unnamed", sa.Integer(), nullable=False),
        sa.Column("own", sa.Integer(), nullable=False),
        sa.Column("dispatched", sa.Integer(), nullable=False),
        sa.Column("contractors", sa.Integer(), nullable=False),
        sa.Column("headcount", sa.Integer(), nullable=False),
        sa.Column("attended", sa.Integer(), nullable=False),
        sa.Column("named", sa.Integer(), nullable=False),
        sa.Column("unnamed", sa.Integer(), nullable=False),
        sa.Column("roster", sa.Integer(), nullable=False),
        sa.Column("teams", sa.Integer(), nullable=False),
        sa.Column("teams_drilled", sa.Integer(), nullable=False),
        sa.Column("unsigned", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("period_id", "union_id", "flags", "part", "key", name=op.f("pk_coverage_sums")),
    )
    op.create_table(
        "coverage_denominators",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("own", sa.Integer(), nullable=False),
        sa.Column("dispatched", sa.Integer(), nullable=False),
        sa.Column("contractors", sa.Integer(), nullable=False),
        sa.Column("officers_required", sa.Integer(), nullable=False),
        sa.Column("teams", sa.Integer(), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "enterprise", "union", "sheet", name="source", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("evidence", sa.String(length=100), nullable=False),
        sa.Column("signed_by", sa.String(length=50), nullable=False),
        sa.Column("entered_by_id", sa.Uuid(), nullable=False),
        sa.Column("entered_at", _AT, nullable=False),
        sa.CheckConstraint("length(signed_by) > 0", name=op.f("ck_coverage_denominators_signed")),
        sa.CheckConstraint("officers_required >= 1", name=op.f("ck_coverage_denominators_one_officer_at_least")),
        sa.CheckConstraint(
            "own >= 0 AND dispatched >= 0 AND contractors >= 0",
            name=op.f("ck_coverage_denominators_heads_not_negative"),
        ),
        sa.CheckConstraint("teams >= 0", name=op.f("ck_coverage_denominators_teams_not_negative")),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["people.id"], name=op.f("fk_coverage_denominators_entered_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["unions.id"], name=op.f("fk_coverage_denominators_enterprise_id_unions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coverage_denominators")),
    )
    op.create_index("ix_coverage_denominators_entered_by", "coverage_denominators", ["entered_by_id"])
    op.create_index("ix_coverage_denominators_enterprise", "coverage_denominators", ["enterprise_id", "as_of", "id"])
    op.create_table(
        "coverage_officers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.Column("name_key", sa.String(length=200), nullable=False),
        sa.Column("post", sa.String(length=50), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("named_by_id", sa.Uuid(), nullable=False),
        sa.Column("named_at", _AT, nullable=False),
        sa.Column("ended_at", _AT, nullable=True),
        sa.CheckConstraint(
            "ended_at IS NULL OR ended_at >= named_at", name=op.f("ck_coverage_officers_ended_after_named")
        ),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_coverage_officers_name_not_empty")),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["unions.id"], name=op.f("fk_coverage_officers_enterprise_id_unions")
        ),
        sa.ForeignKeyConstraint(["named_by_id"], ["people.id"], name=op.f("fk_coverage_officers_named_by_id_people")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_coverage_officers_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coverage_officers")),
    )
    op.create_index("ix_coverage_officers_named_by", "coverage_officers", ["named_by_id"])
    op.create_index("ix_coverage_officers_person", "coverage_officers", ["person_id"])
    op.create_index(
        "uq_coverage_officers_standing",
        "coverage_officers",
        ["enterprise_id", "name_key"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "coverage_periods",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "(campaign_id IS NULL) = (year IS NOT NULL)", name=op.f("ck_coverage_periods_a_year_or_a_campaign")
        ),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_coverage_periods_runs_forward")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_coverage_periods_campaign_id_campaigns")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coverage_periods")),
        sa.UniqueConstraint("campaign_id", name=op.f("uq_coverage_periods_campaign_id")),
        sa.UniqueConstraint("year", name=op.f("uq_coverage_periods_year")),
    )
    op.create_table(
        "coverage_reminders",
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("reminded_on", sa.Date(), nullable=False),
        sa.Column("reminded_by_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["unions.id"], name=op.f("fk_coverage_reminders_enterprise_id_unions")
        ),
        sa.ForeignKeyConstraint(
            ["reminded_by_id"], ["people.id"], name=op.f("fk_coverage_reminders_reminded_by_id_people")
        ),
        sa.PrimaryKeyConstraint("enterprise_id", name=op.f("pk_coverage_reminders")),
    )
    op.create_index("ix_coverage_reminders_by", "coverage_reminders", ["reminded_by_id"])
    op.create_table(
        "coverage_facts",
        sa.Column("period_id", sa.Uuid(), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("industry", sa.String(length=40), nullable=False),
        sa.Column(
            "ownership",
            sa.Enum(
                "state",
                "collective",
                "private",
                "foreign",
                "mixed",
                name="ownership",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "size",
            sa.Enum(
                "large", "medium", "small", "micro", name="size", native_enum=False, create_constraint=True, length=32
            ),
            nullable=True,
        ),
        sa.Column("flags", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=True),
        sa.Column("own", sa.Integer(), nullable=False),
        sa.Column("dispatched", sa.Integer(), nullable=False),
        sa.Column("contractors", sa.Integer(), nullable=False),
        sa.Column("headcount", sa.Integer(), nullable=False),
        sa.Column("attended", sa.Integer(), nullable=False),
        sa.Column("named", sa.Integer(), nullable=False),
        sa.Column("unnamed", sa.Integer(), nullable=False),
        sa.Column("roster", sa.Integer(), nullable=False),
        sa.Column("officers_required", sa.Integer(), nullable=False),
        sa.Column("officers_attended", sa.Integer(), nullable=False),
        sa.Column(
            "officer_state",
            sa.Enum(
                "covered",
                "missing",
                "unnamed",
                name="officer_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("teams", sa.Integer(), nullable=False),
        sa.Column("teams_drilled", sa.Integer(), nullable=False),
        sa.Column("workers_left", sa.Boolean(), nullable=False),
        sa.Column("teams_left", sa.Boolean(), nullable=False),
        sa.Column("is_signed", sa.Boolean(), nullable=False),
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("district_id", sa.Uuid(), nullable=True),
        sa.Column("town_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "attended >= 0 AND attended <= headcount", name=op.f("ck_coverage_facts_attended_within_headcount")
        ),
        sa.CheckConstraint("is_signed = (as_of IS NOT NULL)", name=op.f("ck_coverage_facts_signed_is_dated")),
        sa.CheckConstraint(
            "officers_attended <= officers_required", name=op.f("ck_coverage_facts_officers_within_required")
        ),
        sa.CheckConstraint(
            "teams_drilled >= 0 AND teams_drilled <= teams", name=op.f("ck_coverage_facts_drilled_within_teams")
        ),
        sa.CheckConstraint("teams_left = (teams_drilled < teams)", name=op.f("ck_coverage_facts_teams_left_follows")),
        sa.CheckConstraint(
            "workers_left = (attended < headcount)", name=op.f("ck_coverage_facts_workers_left_follows")
        ),
        sa.ForeignKeyConstraint(["city_id"], ["unions.id"], name=op.f("fk_coverage_facts_city_id_unions")),
        sa.ForeignKeyConstraint(["district_id"], ["unions.id"], name=op.f("fk_coverage_facts_district_id_unions")),
        sa.ForeignKeyConstraint(["enterprise_id"], ["unions.id"], name=op.f("fk_coverage_facts_enterprise_id_unions")),
        sa.ForeignKeyConstraint(
            ["period_id"], ["coverage_periods.id"], name=op.f("fk_coverage_facts_period_id_coverage_periods")
        ),
        sa.ForeignKeyConstraint(["town_id"], ["unions.id"], name=op.f("fk_coverage_facts_town_id_unions")),
        sa.PrimaryKeyConstraint("period_id", "enterprise_id", name=op.f("pk_coverage_facts")),
    )
    op.create_index(
        "ix_coverage_facts_city",
        "coverage_facts",
        ["period_id", "city_id", "enterprise_id", "officer_state", "workers_left", "teams_left", "is_signed"],
    )
    op.create_index(
        "ix_coverage_facts_district",
        "coverage_facts",
        ["period_id", "district_id", "enterprise_id", "officer_state", "workers_left", "teams_left", "is_signed"],
    )
    op.create_index(
        "ix_coverage_facts_town",
        "coverage_facts",
        ["period_id", "town_id", "enterprise_id", "officer_state", "workers_left", "teams_left", "is_signed"],
    )
    op.create_index(
        "ix_training_attendances_who",
        "training_attendances",
        ["who", "held_on", "id", "enterprise_id"],
        sqlite_where=sa.text("is_counted IS 1"),
        postgresql_where=sa.text("is_counted IS TRUE"),
    )
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)
