"""Alembic's environment: always online, on the connection that server/migrations/run.py hands over."""

from typing import Any, Literal

from alembic import context
from sqlalchemy.schema import SchemaItem

from server import models
from server.core.db import UtcDateTime

# Made by SQL of their own and no part of the metadata: tables of the full-text search, indexes over a function.
UNMAPPED_PREFIXES = ("submission_search",)
UNMAPPED_INDEXES = frozenset({"ix_letters_pairs"})
ONLY_ON_POSTGRESQL = frozenset({"ix_submission_texts_tokens"})


def include_object(
    item: SchemaItem,
    name: str | None,
    kind: str,
    _reflected: bool,
    compare_to: SchemaItem | None,
) -> bool:
    """Leave out what the models do not know of, and what this kind of database does not have."""
    if kind == "index" and name in ONLY_ON_POSTGRESQL and context.get_context().dialect.name == "sqlite":
        return False
    if kind == "index" and name in UNMAPPED_INDEXES:
        return False
    return not (kind == "table" and compare_to is None and (name or "").startswith(UNMAPPED_PREFIXES))


def render_item(kind: str, item: Any, _autogen: Any) -> str | Literal[False]:
    """Migrations name plain types, so that they stay true whatever becomes of ours."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


def run() -> None:
    """Run the migrations that are asked for, in the caller's transaction."""
    connection: Any = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=models.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        include_object=include_object,
        render_item=render_item,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
