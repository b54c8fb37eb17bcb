"""The database itself notes which assignments are to be added up again: whoever writes, by whatever statement, cannot
forget to. The migration that made the tables ran these statements; a later one that makes a table anew has to make its
triggers again, and a test sees to it."""

_WATCHED = ("status", "is_copy", "first_submitted_at", "submitted_at", "received_at", "due_at")
_PLACE = ("city_id", "district_id", "town_id")
_WHEN = (
    ("insert", "AFTER INSERT ON assignment_recipients", "NEW"),
    ("update", f"AFTER UPDATE OF {', '.join(_WATCHED + _PLACE)} ON assignment_recipients", "NEW"),
    ("delete", "AFTER DELETE ON assignment_recipients", "OLD"),
)
_NOTE = "INSERT INTO rollup_changes (root_id) VALUES ({row}.root_id)"


def _sqlite(name: str, when: str, row: str) -> str:
    return f"CREATE TRIGGER rollup_recipients_{name} {when} BEGIN {_NOTE.format(row=row)}; END"


def _postgresql(name: str, when: str, row: str) -> tuple[str, str]:
    function = f"rollup_recipients_{name}"
    body = f"BEGIN {_NOTE.format(row=row)}; RETURN NULL; END"
    return (
        f"CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$",
        f"CREATE TRIGGER {function} {when} FOR EACH ROW EXECUTE FUNCTION {function}()",
    )


NAMES = tuple(f"rollup_recipients_{name}" for name, *_ in _WHEN)
SQLITE = tuple(_sqlite(*each) for each in _WHEN)
POSTGRESQL = tuple(statement for each in _WHEN for statement in _postgresql(*each))
