"""Keep beside people and points the town they belong to: the lists of a town looked through those of the whole city.
Let PostgreSQL read a page by one process, also behind a pooler."""

import sqlalchemy as sa
from alembic import op

revision = "0108"
down_revision = "0107"
branch_labels = None
depends_on = None

FILL = {
    "people": "UPDATE people SET town_id = (SELECT town_id FROM unions WHERE unions.id = people.enterprise_id) WHERE enterprise_id IS NOT NULL",
    "points_transfers": "UPDATE points_transfers SET town_id = (SELECT town_id FROM submissions WHERE submissions.id = points_transfers.submission_id) WHERE submission_id IS NOT NULL",
}
PLANNING = """DO $$ BEGIN
    EXECUTE format('ALTER ROLE CURRENT_USER IN DATABASE %I SET max_parallel_workers_per_gather = 0', current_database());
EXCEPTION WHEN insufficient_privilege THEN
    RAISE NOTICE 'max_parallel_workers_per_gather stays as it is: docs/operations.md';
END $$"""
SQLITE = (
    """CREATE TRIGGER points_transfers_update BEFORE UPDATE OF id, source, round, from_account_id, to_account_id, amount, reason, campaign_id, person_id, submission_id, reverses_id, actor_id, at ON points_transfers BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END""",
    """CREATE TRIGGER people_town_id_insert AFTER INSERT ON people WHEN NEW.enterprise_id IS NOT NULL BEGIN UPDATE people SET town_id = (SELECT town_id FROM unions WHERE id = NEW.enterprise_id) WHERE id = NEW.id; END""",
    """CREATE TRIGGER people_town_id_update AFTER UPDATE OF enterprise_id ON people WHEN OLD.enterprise_id IS NOT NEW.enterprise_id BEGIN UPDATE people SET town_id = (SELECT town_id FROM unions WHERE id = NEW.enterprise_id) WHERE id = NEW.id; END""",
    """CREATE TRIGGER people_town_id_follow AFTER UPDATE OF town_id ON unions WHEN OLD.town_id IS NOT NEW.town_id BEGIN UPDATE people SET town_id = NEW.town_id WHERE enterprise_id = NEW.id; END""",
    """CREATE TRIGGER points_transfers_town_id_insert AFTER INSERT ON points_transfers WHEN NEW.submission_id IS NOT NULL BEGIN UPDATE points_transfers SET town_id = (SELECT town_id FROM submissions WHERE id = NEW.submission_id) WHERE id = NEW.id; END""",
    """CREATE TRIGGER points_transfers_town_id_update AFTER UPDATE OF submission_id ON points_transfers WHEN OLD.submission_id IS NOT NEW.submission_id BEGIN UPDATE points_transfers SET town_id = (SELECT town_id FROM submissions WHERE id = NEW.submission_id) WHERE id = NEW.id; END""",
    """CREATE TRIGGER points_transfers_town_id_follow AFTER UPDATE OF town_id ON submissions WHEN OLD.town_id IS NOT NEW.town_id BEGIN UPDATE points_transfers SET town_id = NEW.town_id WHERE submission_id = NEW.id; END""",
)
POSTGRESQL = (
    """CREATE TRIGGER points_transfers_change BEFORE UPDATE OF id, source, round, from_account_id, to_account_id, amount, reason, campaign_id, person_id, submission_id, reverses_id, actor_id, at OR DELETE OR TRUNCATE ON points_transfers FOR EACH STATEMENT EXECUTE FUNCTION points_refuse()""",
    """CREATE FUNCTION people_town_id_copy() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN SELECT town_id INTO NEW.town_id FROM unions WHERE id = NEW.enterprise_id FOR SHARE; RETURN NEW; END $$""",
    """CREATE FUNCTION people_town_id_follow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE people SET town_id = NEW.town_id WHERE enterprise_id = NEW.id; RETURN NULL; END $$""",
    """CREATE TRIGGER people_town_id_insert BEFORE INSERT ON people FOR EACH ROW WHEN (NEW.enterprise_id IS NOT NULL) EXECUTE FUNCTION people_town_id_copy()""",
    """CREATE TRIGGER people_town_id_update BEFORE UPDATE OF enterprise_id ON people FOR EACH ROW WHEN (OLD.enterprise_id IS DISTINCT FROM NEW.enterprise_id) EXECUTE FUNCTION people_town_id_copy()""",
    """CREATE TRIGGER people_town_id_follow AFTER UPDATE OF town_id ON unions FOR EACH ROW WHEN (OLD.town_id IS DISTINCT FROM NEW.town_id) EXECUTE FUNCTION people_town_id_follow()""",
    """CREATE FUNCTION points_transfers_town_id_copy() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN SELECT town_id INTO NEW.town_id FROM submissions WHERE id = NEW.submission_id FOR SHARE; RETURN NEW; END $$""",
    """CREATE FUNCTION points_transfers_town_id_follow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE points_transfers SET town_id = NEW.town_id WHERE submission_id = NEW.id; RETURN NULL; END $$""",
    """CREATE TRIGGER points_transfers_town_id_insert BEFORE INSERT ON points_transfers FOR EACH ROW WHEN (NEW.submission_id IS NOT NULL) EXECUTE FUNCTION points_transfers_town_id_copy()""",
    """CREATE TRIGGER points_transfers_town_id_update BEFORE UPDATE OF submission_id ON points_transfers FOR EACH ROW WHEN (OLD.submission_id IS DISTINCT FROM NEW.submission_id) EXECUTE FUNCTION points_transfers_town_id_copy()""",
    """CREATE TRIGGER points_transfers_town_id_follow AFTER UPDATE OF town_id ON submissions FOR EACH ROW WHEN (OLD.town_id IS DISTINCT FROM NEW.town_id) EXECUTE FUNCTION points_transfers_town_id_follow()""",
)


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    guard = "points_transfers_update" if is_sqlite else "points_transfers_change ON points_transfers"
    op.execute(f"DROP TRIGGER {guard}")  # it guards all columns but this one from now on
    for table, name in (("people", "ix_people_town"), ("points_transfers", "ix_points_transfers_town")):
        op.add_column(table, sa.Column("town_id", sa.Uuid()))
        op.execute(FILL[table])
        op.create_index(name, table, ["town_id", "id"])
    for statement in SQLITE if is_sqlite else (*POSTGRESQL, PLANNING):
        op.execute(statement)
