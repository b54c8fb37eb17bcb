"""The database itself keeps the parts of people's names that a search looks up, and the town their enterprise lies in:
whoever writes a name or binds somebody, by whatever statement, cannot forget to. The migrations that made the table and
the column ran these statements; a later one that makes `people` anew has to make its triggers again, and a test sees to
it.

A part is one character or two neighbours: names are too short for the three that PostgreSQL's pg_trgm needs and for the
three of SQLite's trigram tokenizer.
"""

from server.core.copied_column import CopiedColumn

TOWN_OF_PEOPLE = CopiedColumn("people", "town_id", "unions", "enterprise_id")

_LITE_PARTS = (
    "SELECT DISTINCT substr({row}.name_key, place, size), {row}.id FROM (WITH RECURSIVE places (place) AS "
    "(SELECT 1 UNION ALL SELECT place + 1 FROM places WHERE place < length({row}.name_key)) SELECT place FROM places) "
    "CROSS JOIN (SELECT 1 AS size UNION ALL SELECT 2) WHERE place + size - 1 <= length({row}.name_key)"
)
_PARTS = (
    "SELECT DISTINCT substr({row}.name_key, place, size), {row}.id FROM generate_series(1, length({row}.name_key)) AS "
    "place CROSS JOIN generate_series(1, 2) AS size WHERE place + size - 1 <= length({row}.name_key)"
)
_ADD = "INSERT INTO person_name_grams (gram, person_id) {parts};"
_DROP = "DELETE FROM person_name_grams WHERE person_id = OLD.id AND gram IN (SELECT gram FROM ({gone}) AS gone);"


def _gone(parts: str) -> str:
    return parts.format(row="OLD").replace("size), ", "size) AS gram, ", 1)


_LITE_ADD, _LITE_DROP = _ADD.format(parts=_LITE_PARTS.format(row="NEW")), _DROP.format(gone=_gone(_LITE_PARTS))


def _postgresql(name: str, when: str, act: str) -> str:
    return f"CREATE TRIGGER {name} AFTER {when} EXECUTE FUNCTION people_{act}_name()"


def _function(act: str, statement: str) -> str:
    body = f"BEGIN {statement} RETURN NULL; END"
    return f"CREATE FUNCTION people_{act}_name() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$"


_RENAMED = "UPDATE OF name_key ON people{each} WHEN {condition}"
_LITE_RENAMED = _RENAMED.format(each="", condition="OLD.name_key <> NEW.name_key")
_ROW_RENAMED = _RENAMED.format(each=" FOR EACH ROW", condition="(OLD.name_key <> NEW.name_key)")
SQLITE = (
    f"CREATE TRIGGER people_named AFTER INSERT ON people BEGIN {_LITE_ADD} END",
    f"CREATE TRIGGER people_renamed AFTER {_LITE_RENAMED} BEGIN {_LITE_DROP} {_LITE_ADD} END",
    f"CREATE TRIGGER people_gone AFTER DELETE ON people BEGIN {_LITE_DROP} END",
)
POSTGRESQL = (
    _function("add", _ADD.format(parts=_PARTS.format(row="NEW"))),
    _function("drop", _DROP.format(gone=_gone(_PARTS))),
    _postgresql("people_named", "INSERT ON people FOR EACH ROW", "add"),
    # Triggers of one event run in the order of their names: the old parts go before the new ones come.
    _postgresql("people_renamed_1", _ROW_RENAMED, "drop"),
    _postgresql("people_renamed_2", _ROW_RENAMED, "add"),
    _postgresql("people_gone", "DELETE ON people FOR EACH ROW", "drop"),
)
FILL = {
    "sqlite": (
        "INSERT INTO person_name_grams (gram, person_id) WITH RECURSIVE places (id, name_key, place) AS "
        "(SELECT id, name_key, 1 FROM people WHERE name_key <> '' UNION ALL "
        "SELECT id, name_key, place + 1 FROM places WHERE place < length(name_key)) "
        "SELECT DISTINCT substr(name_key, place, size), id FROM places "
        "CROSS JOIN (SELECT 1 AS size UNION ALL SELECT 2) WHERE place + size - 1 <= length(name_key) ORDER BY 1, 2"
    ),
    "postgresql": (
        "INSERT INTO person_name_grams (gram, person_id) SELECT DISTINCT substr(name_key, place, size), id FROM people "
        "CROSS JOIN generate_series(1, length(name_key)) AS place CROSS JOIN generate_series(1, 2) AS size "
        "WHERE place + size - 1 <= length(name_key) ORDER BY 1, 2"
    ),
}
"""Makes the parts of all names there are: after rows were written past the triggers."""
