"""The database itself notes which submissions are to be counted again: whoever writes, by whatever statement, cannot
forget to. The migration that made the tables ran these statements; a
later one that makes a table anew has to make its triggers again, and a test sees to it."""

SUBMISSION_COLUMNS = (
    "status, kind, category, grade, campaign_id, city_id, district_id, town_id, enterprise_id, created_at, due_at, "
    "decided_at"
)
RECTIFICATION_COLUMNS = "status, submission_id, due_at, submitted_at, closed_at"
UNION_COLUMNS = ("industry", "ownership", "size", "is_high_risk", "is_chemical")

_NOTE = "INSERT INTO figure_changes (submission_id) {values}"
_OF_UNION = "SELECT id FROM submissions WHERE enterprise_id = NEW.id AND status <> 'incomplete'"

# name, when, which rows (SQLite's IS NOT, PostgreSQL's IS DISTINCT FROM), whose id
_WHEN = (
    ("submissions_insert", "AFTER INSERT ON submissions", "NEW.status <> 'incomplete'", "VALUES (NEW.id)"),
    (
        "submissions_update", f"AFTER UPDATE OF {SUBMISSION_COLUMNS} ON submissions", "NEW.status <> 'incomplete'",
        "VALUES (NEW.id)",
    ),
    ("submissions_delete", "AFTER DELETE ON submissions", "OLD.status <> 'incomplete'", "VALUES (OLD.id)"),
    ("rectifications_insert", "AFTER INSERT ON rectifications", "", "VALUES (NEW.submission_id)"),
    (
        "rectifications_update", f"AFTER UPDATE OF {RECTIFICATION_COLUMNS} ON rectifications", "",
        "VALUES (NEW.submission_id)",
    ),
    ("rectifications_delete", "AFTER DELETE ON rectifications", "", "VALUES (OLD.submission_id)"),
    (
        "unions_update", f"AFTER UPDATE OF {', '.join(UNION_COLUMNS)} ON unions",
        " OR ".join(f"OLD.{name} {{differs}} NEW.{name}" for name in UNION_COLUMNS), _OF_UNION,
    ),
)  # fmt: skip


def _sqlite(name: str, when: str, rows: str, values: str) -> str:
    condition = f" WHEN {rows.format(differs='IS NOT')}" if rows else ""
    return f"CREATE TRIGGER figures_{name} {when}{condition} BEGIN {_NOTE.format(values=values)}; END"


def _postgresql(name: str, when: str, rows: str, values: str) -> tuple[str, str]:
    condition = f" WHEN ({rows.format(differs='IS DISTINCT FROM')})" if rows else ""
    note = _NOTE.format(values=values)
    return (
        f"CREATE FUNCTION figures_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {note}; RETURN NULL; END $$",
        f"CREATE TRIGGER figures_{name} {when} FOR EACH ROW{condition} EXECUTE FUNCTION figures_{name}()",
    )


NAMES = tuple(f"figures_{name}" for name, *_ in _WHEN)
SQLITE = tuple(_sqlite(*each) for each in _WHEN)
POSTGRESQL = tuple(statement for each in _WHEN for statement in _postgresql(*each))
