"""A column that rows copy from the row they refer to, so that one index finds them, kept right by the database itself:
whoever writes, by whatever statement, cannot forget to.

The migration that added the column ran these statements; a later one that makes one of the two tables anew has to make
its triggers again, and a test sees to it.
"""

from dataclasses import asdict, dataclass

# Statements by what they are about; words in braces are the fields below.
_FILL = (
    "UPDATE {table} SET {column} = (SELECT {column} FROM {owner} WHERE {owner}.id = {table}.{by}) "
    "WHERE {by} IS NOT NULL"
)
_FOLLOW = "UPDATE {table} SET {column} = NEW.{column} WHERE {by} = NEW.id;"
_LITE_COPY = "UPDATE {table} SET {column} = (SELECT {column} FROM {owner} WHERE id = NEW.{by}) WHERE id = NEW.id;"
# FOR SHARE waits for whoever is moving the owner at that moment, whose rows would otherwise follow without this one.
_COPY = "SELECT {column} INTO NEW.{column} FROM {owner} WHERE id = NEW.{by} FOR SHARE;"
_JOINED = ("INSERT ON {table}", "NEW.{by} IS NOT NULL")
_BOUND = ("UPDATE OF {by} ON {table}", "OLD.{by} {differs} NEW.{by}")
_MOVED = ("UPDATE OF {column} ON {owner}", "OLD.{column} {differs} NEW.{column}")


@dataclass(frozen=True, slots=True)
class CopiedColumn:
    """`table`.`column` is what `owner`.`column` says in the row that `table`.`by` names, null where it names none.

    `column` bears the same name in both; both have the key `id`.
    """

    table: str
    column: str
    owner: str
    by: str

    @property
    def sqlite(self) -> tuple[str, ...]:
        """Its triggers. Only one after the write can change the row."""
        return (
            self._lite("insert", *_JOINED, _LITE_COPY),
            self._lite("update", *_BOUND, _LITE_COPY),
            self._lite("follow", *_MOVED, _FOLLOW),
        )

    @property
    def postgresql(self) -> tuple[str, ...]:
        """Its functions and triggers."""
        return (
            self._function("copy", f"{_COPY} RETURN NEW;"),
            self._function("follow", f"{_FOLLOW} RETURN NULL;"),
            self._trigger("insert", "BEFORE", *_JOINED, "copy"),
            self._trigger("update", "BEFORE", *_BOUND, "copy"),
            self._trigger("follow", "AFTER", *_MOVED, "follow"),
        )

    @property
    def fill(self) -> str:
        """Copies it into all rows there are: after they were written past the triggers."""
        return self._name(_FILL)

    def _lite(self, name: str, act: str, rows: str, body: str) -> str:
        trigger = f"CREATE TRIGGER {{table}}_{{column}}_{name} AFTER {act} WHEN {rows} BEGIN {body} END"
        return self._name(trigger, differs="IS NOT")

    def _trigger(self, name: str, moment: str, act: str, rows: str, function: str) -> str:
        trigger = f"CREATE TRIGGER {{table}}_{{column}}_{name} {moment} {act} FOR EACH ROW WHEN ({rows}) "
        call = f"EXECUTE FUNCTION {{table}}_{{column}}_{function}()"
        return self._name(trigger + call, differs="IS DISTINCT FROM")

    def _function(self, name: str, body: str) -> str:
        head = f"CREATE FUNCTION {{table}}_{{column}}_{name}() RETURNS trigger LANGUAGE plpgsql AS "
        return self._name(f"{head}$$ BEGIN {body} END $$")

    def _name(self, statement: str, **words: str) -> str:
        return statement.format(**asdict(self), **words)
