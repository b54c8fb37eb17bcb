"""A column that rows copy from the row they refer to, so that one index finds them, kept right by the database itself:
whoever writes, by whatever statement, cannot forget to.

The migration that added the column ran these statements; a later one that makes one of the two tables anew has to make
its triggers again, and a test sees to it.
"""

from dataclasses import dataclass


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
    def _name(self) -> str:
        return f"{self.table}_{self.column}"

    @property
    def sqlite(self) -> tuple[str, ...]:
        """Its triggers. Only those of after a write can change the row."""
        table, column, owner, by = self.table, self.column, self.owner, self.by
        copy = f"UPDATE {table} SET {column} = (SELECT {column} FROM {owner} WHERE id = NEW.{by}) WHERE id = NEW.id;"
        follow = f"UPDATE {table} SET {column} = NEW.{column} WHERE {by} = NEW.id;"
        return (
            f"CREATE TRIGGER {self._name}_insert AFTER INSERT ON {table} WHEN NEW.{by} IS NOT NULL BEGIN {copy} END",
            f"CREATE TRIGGER {self._name}_update AFTER UPDATE OF {by} ON {table} WHEN OLD.{by} IS NOT NEW.{by} "
            f"BEGIN {copy} END",
            f"CREATE TRIGGER {self._name}_follow AFTER UPDATE OF {column} ON {owner} "
            f"WHEN OLD.{column} IS NOT NEW.{column} BEGIN {follow} END",
        )

    @property
    def postgresql(self) -> tuple[str, ...]:
        """Its functions and triggers. FOR SHARE waits for whoever is moving the owner at that moment, whose rows would
        otherwise follow without this one."""
        table, column, owner, by = self.table, self.column, self.owner, self.by
        copy = f"SELECT {column} INTO NEW.{column} FROM {owner} WHERE id = NEW.{by} FOR SHARE; RETURN NEW;"
        follow = f"UPDATE {table} SET {column} = NEW.{column} WHERE {by} = NEW.id; RETURN NULL;"
        differs = "OLD.{0} IS DISTINCT FROM NEW.{0}".format
        return (
            _function(f"{self._name}_copy", copy),
            _function(f"{self._name}_follow", follow),
            f"CREATE TRIGGER {self._name}_insert BEFORE INSERT ON {table} FOR EACH ROW "
            f"WHEN (NEW.{by} IS NOT NULL) EXECUTE FUNCTION {self._name}_copy()",
            f"CREATE TRIGGER {self._name}_update BEFORE UPDATE OF {by} ON {table} FOR EACH ROW "
            f"WHEN ({differs(by)}) EXECUTE FUNCTION {self._name}_copy()",
            f"CREATE TRIGGER {self._name}_follow AFTER UPDATE OF {column} ON {owner} FOR EACH ROW "
            f"WHEN ({differs(column)}) EXECUTE FUNCTION {self._name}_follow()",
        )

    @property
    def fill(self) -> str:
        """Copies it into all rows there are: after they were written past the triggers."""
        source = f"SELECT {self.column} FROM {self.owner} WHERE {self.owner}.id = {self.table}.{self.by}"
        return f"UPDATE {self.table} SET {self.column} = ({source}) WHERE {self.by} IS NOT NULL"


def _function(name: str, body: str) -> str:
    return f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$"
