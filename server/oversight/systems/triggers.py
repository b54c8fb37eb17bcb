"""The database itself notes which rows are to be counted again, as in coverage/triggers.py."""

_COLUMNS = "status, system_id, enterprise_id, city_id, district_id, town_id"
_NOTE = "INSERT INTO held_system_changes (held_id) {values}"
_OF_UNION = "SELECT id FROM held_systems WHERE enterprise_id = NEW.id"
_WHEN = (
    ("insert", "AFTER INSERT ON held_systems", "", "VALUES (NEW.id)"),
    ("update", f"AFTER UPDATE OF {_COLUMNS} ON held_systems", "", "VALUES (NEW.id)"),
    ("delete", "AFTER DELETE ON held_systems", "", "VALUES (OLD.id)"),
    ("unions", "AFTER UPDATE OF is_active ON unions", "OLD.is_active <> NEW.is_active", _OF_UNION),
    (
        "asked", "AFTER UPDATE OF is_asked ON safety_systems", "OLD.is_asked <> NEW.is_asked",
        "SELECT id FROM held_systems WHERE system_id = NEW.id",
    ),
)  # fmt: skip


def _sqlite(name: str, when: str, rows: str, values: str) -> str:
    condition = f" WHEN {rows}" if rows else ""
    return f"CREATE TRIGGER held_systems_{name} {when}{condition} BEGIN {_NOTE.format(values=values)}; END"


def _postgresql(name: str, when: str, rows: str, values: str) -> tuple[str, str]:
    condition, note = f" WHEN ({rows})" if rows else "", _NOTE.format(values=values)
    function = f"held_systems_{name}"
    return (
        f"CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {note}; RETURN NULL; END $$",
        f"CREATE TRIGGER {function} {when} FOR EACH ROW{condition} EXECUTE FUNCTION {function}()",
    )


NAMES = tuple(f"held_systems_{name}" for name, *_ in _WHEN)
SQLITE = tuple(_sqlite(*each) for each in _WHEN)
POSTGRESQL = tuple(statement for each in _WHEN for statement in _postgresql(*each))
