"""The database itself notes which enterprises are to be counted again: whoever writes, by whatever statement, cannot
forget to. The migration that made the tables ran these statements; a later one that makes a table anew has to make its
triggers again, and a test sees to it."""

UNION_COLUMNS = (
    "city_id", "district_id", "town_id", "enterprise_id", "industry", "ownership", "size", "is_high_risk",
    "is_chemical", "headcount", "safety_officer_name", "is_active", "name",
)  # fmt: skip
ATTENDANCE_COLUMNS = (
    "who, person_id, enterprise_id, team_id, team, is_officer, kind, held_on, is_counted, name_key"
)  # fmt: skip

_NOTE = "INSERT INTO coverage_changes (enterprise_id) {rows}"
_OF_ROW = _NOTE.format(rows="SELECT {row}.enterprise_id WHERE {row}.enterprise_id IS NOT NULL")
# Whoever was at sessions under several enterprises counts for one of them: the others may win or lose them.
_OF_PERSON = _NOTE.format(
    rows="SELECT DISTINCT enterprise_id FROM training_attendances WHERE who = {row}.who AND is_counted IS {true} "
    "AND enterprise_id IS NOT NULL AND {row}.is_counted IS {true}"
)
# What the register has of an enterprise, and which of its plans a drill tried.
_OF_PLAN = _NOTE.format(rows="SELECT enterprise_id FROM emergency_plans WHERE id = {row}.plan_id")
_OF_SESSION = _NOTE.format(
    rows="SELECT p.enterprise_id FROM drill_plans t JOIN emergency_plans p ON p.id = t.plan_id "
    "WHERE t.session_id = NEW.id"
)
_DIFFERS = " OR ".join(f"OLD.{name} {{differs}} NEW.{name}" for name in UNION_COLUMNS)
_COUNTS = "NEW.is_counted IS {true}"
_COUNTED = "OLD.is_counted IS {true}"


def _notes(*rows: str, person: bool = False) -> str:
    return "; ".join(
        note.format(row=row, true="{true}")
        for row in rows
        for note in ((_OF_ROW, _OF_PERSON) if person else (_OF_ROW,))
    )


# name, when, which rows (SQLite's IS NOT, PostgreSQL's IS DISTINCT FROM; `true` as their indexes write it), what
_WHEN = (
    ("unions_insert", "AFTER INSERT ON unions", "", _notes("NEW")),
    ("unions_update", f"AFTER UPDATE OF {', '.join(UNION_COLUMNS)} ON unions", _DIFFERS, _notes("OLD", "NEW")),
    ("unions_delete", "AFTER DELETE ON unions", "", _notes("OLD")),
    ("people_insert", "AFTER INSERT ON people", "NEW.enterprise_id IS NOT NULL", _notes("NEW")),
    (
        "people_update", "AFTER UPDATE OF enterprise_id, is_active ON people",
        "OLD.enterprise_id {differs} NEW.enterprise_id OR OLD.is_active {differs} NEW.is_active", _notes("OLD", "NEW"),
    ),
    ("people_delete", "AFTER DELETE ON people", "OLD.enterprise_id IS NOT NULL", _notes("OLD")),
    ("denominators_insert", "AFTER INSERT ON coverage_denominators", "", _notes("NEW")),
    ("denominators_delete", "AFTER DELETE ON coverage_denominators", "", _notes("OLD")),
    ("officers_insert", "AFTER INSERT ON coverage_officers", "", _notes("NEW")),
    ("officers_update", "AFTER UPDATE OF name_key, ended_at ON coverage_officers", "", _notes("NEW")),
    ("headcounts_insert", "AFTER INSERT ON training_headcounts", "", _notes("NEW")),
    ("headcounts_update", "AFTER UPDATE ON training_headcounts", "", _notes("OLD", "NEW")),
    ("headcounts_delete", "AFTER DELETE ON training_headcounts", "", _notes("OLD")),
    ("attendances_insert", "AFTER INSERT ON training_attendances", _COUNTS, _notes("NEW", person=True)),
    (
        "attendances_update", f"AFTER UPDATE OF {ATTENDANCE_COLUMNS} ON training_attendances",
        f"{_COUNTED} OR {_COUNTS}", _notes("OLD", "NEW", person=True),
    ),
    ("plans_insert", "AFTER INSERT ON emergency_plans", "", _notes("NEW")),
    (
        "plans_update", "AFTER UPDATE OF enterprise_id, drawn_up_on, tried_on, ended_at ON emergency_plans", "",
        _notes("OLD", "NEW"),
    ),
    ("plans_delete", "AFTER DELETE ON emergency_plans", "", _notes("OLD")),
    ("tried_insert", "AFTER INSERT ON drill_plans", "NEW.plan_id IS NOT NULL", _OF_PLAN.format(row="NEW")),
    ("tried_delete", "AFTER DELETE ON drill_plans", "OLD.plan_id IS NOT NULL", _OF_PLAN.format(row="OLD")),
    (
        "sessions_update", "AFTER UPDATE OF status, starts_at ON training_sessions",
        "OLD.status {differs} NEW.status OR OLD.starts_at {differs} NEW.starts_at", _OF_SESSION,
    ),
    ("attendances_delete", "AFTER DELETE ON training_attendances", _COUNTED, _notes("OLD", person=True)),
)  # fmt: skip


def _sqlite(name: str, when: str, rows: str, notes: str) -> str:
    condition = f" WHEN {rows.format(differs='IS NOT', true='1')}" if rows else ""
    return f"CREATE TRIGGER coverage_{name} {when}{condition} BEGIN {notes.format(true='1')}; END"


def _postgresql(name: str, when: str, rows: str, notes: str) -> tuple[str, str]:
    condition = f" WHEN ({rows.format(differs='IS DISTINCT FROM', true='TRUE')})" if rows else ""
    body = f"BEGIN {notes.format(true='TRUE')}; RETURN NULL; END"
    return (
        f"CREATE FUNCTION coverage_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$",
        f"CREATE TRIGGER coverage_{name} {when} FOR EACH ROW{condition} EXECUTE FUNCTION coverage_{name}()",
    )


NAMES = tuple(f"coverage_{name}" for name, *_ in _WHEN)
SQLITE = tuple(_sqlite(*each) for each in _WHEN)
POSTGRESQL = tuple(statement for each in _WHEN for statement in _postgresql(*each))
