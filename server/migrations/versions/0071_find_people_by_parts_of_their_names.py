"""Find people by the parts of their names: one character, or two neighbours."""

import sqlalchemy as sa
from alembic import op

revision = "0071"
down_revision = "0070"
branch_labels = None
depends_on = None

SQLITE = (
    """INSERT INTO person_name_grams (gram, person_id) WITH RECURSIVE places (id, name_key, place) AS (SELECT id, name_key, 1 FROM people WHERE name_key <> '' UNION ALL SELECT id, name_key, place + 1 FROM places WHERE place < length(name_key)) SELECT DISTINCT substr(name_key, place, size), id FROM places CROSS JOIN (SELECT 1 AS size UNION ALL SELECT 2) WHERE place + size - 1 <= length(name_key) ORDER BY 1, 2""",
    """CREATE TRIGGER people_named AFTER INSERT ON people BEGIN INSERT INTO person_name_grams (gram, person_id) SELECT DISTINCT substr(NEW.name_key, place, size), NEW.id FROM (WITH RECURSIVE places (place) AS (SELECT 1 UNION ALL SELECT place + 1 FROM places WHERE place < length(NEW.name_key)) SELECT place FROM places) CROSS JOIN (SELECT 1 AS size UNION ALL SELECT 2) WHERE place + size - 1 <= length(NEW.name_key); END""",
    """CREATE TRIGGER people_renamed AFTER UPDATE OF name_key ON people WHEN OLD.name_key <> NEW.name_key BEGIN DELETE FROM person_name_grams WHERE person_id = OLD.id AND gram IN (SELECT gram FROM (SELECT DISTINCT substr(OLD.name_key, place, size) AS gram, OLD.id FROM (WITH RECURSIVE places (place) AS (SELECT 1 UNION ALL SELECT place + 1 FROM places WHERE place < length(OLD.name_key)) SELECT place FROM places) CROSS JOIN (SELECT 1 AS size UNION ALL SELECT 2) WHERE place + size - 1 <= length(OLD.name_key)) AS gone); INSERT INTO person_name_grams (gram, person_id) SELECT DISTINCT substr(NEW.name_key, place, size), NEW.id FROM (WITH RECURSIVE places (place) AS (SELECT 1 UNION ALL SELECT place + 1 FROM places WHERE place < length(NEW.name_key)) SELECT place FROM places) CROSS JOIN (SELECT 1 AS size UNION ALL SELECT 2) WHERE place + size - 1 <= length(NEW.name_key); END""",
    """CREATE TRIGGER people_gone AFTER DELETE ON people BEGIN DELETE FROM person_name_grams WHERE person_id = OLD.id AND gram IN (SELECT gram FROM (SELECT DISTINCT substr(OLD.name_key, place, size) AS gram, OLD.id FROM (WITH RECURSIVE places (place) AS (SELECT 1 UNION ALL SELECT place + 1 FROM places WHERE place < length(OLD.name_key)) SELECT place FROM places) CROSS JOIN (SELECT 1 AS size UNION ALL SELECT 2) WHERE place + size - 1 <= length(OLD.name_key)) AS gone); END""",
)
POSTGRESQL = (
    """INSERT INTO person_name_grams (gram, person_id) SELECT DISTINCT substr(name_key, place, size), id FROM people CROSS JOIN generate_series(1, length(name_key)) AS place CROSS JOIN generate_series(1, 2) AS size WHERE place + size - 1 <= length(name_key) ORDER BY 1, 2""",
    """CREATE FUNCTION people_add_name() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO person_name_grams (gram, person_id) SELECT DISTINCT substr(NEW.name_key, place, size), NEW.id FROM generate_series(1, length(NEW.name_key)) AS place CROSS JOIN generate_series(1, 2) AS size WHERE place + size - 1 <= length(NEW.name_key); RETURN NULL; END $$""",
    """CREATE FUNCTION people_drop_name() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN DELETE FROM person_name_grams WHERE person_id = OLD.id AND gram IN (SELECT gram FROM (SELECT DISTINCT substr(OLD.name_key, place, size) AS gram, OLD.id FROM generate_series(1, length(OLD.name_key)) AS place CROSS JOIN generate_series(1, 2) AS size WHERE place + size - 1 <= length(OLD.name_key)) AS gone); RETURN NULL; END $$""",
    """CREATE TRIGGER people_named AFTER INSERT ON people FOR EACH ROW EXECUTE FUNCTION people_add_name()""",
    """CREATE TRIGGER people_renamed_1 AFTER UPDATE OF name_key ON people FOR EACH ROW WHEN (OLD.name_key <> NEW.name_key) EXECUTE FUNCTION people_drop_name()""",
    """CREATE TRIGGER people_renamed_2 AFTER UPDATE OF name_key ON people FOR EACH ROW WHEN (OLD.name_key <> NEW.name_key) EXECUTE FUNCTION people_add_name()""",
    """CREATE TRIGGER people_gone AFTER DELETE ON people FOR EACH ROW EXECUTE FUNCTION people_drop_name()""",
)


def upgrade() -> None:
    op.create_table(
        "person_name_grams",
        sa.Column("gram", sa.String(2), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("gram", "person_id", name=op.f("pk_person_name_grams")),
        sqlite_with_rowid=False,
    )
    op.drop_index("ix_people_name_key_id", "people")
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)
