"""To-dos that are a list, narrowed: counted by the list that they lead to, so that the number and the list agree."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from server.core.slice import TODO_CAP, Todo
from server.kit.filters import F
from server.kit.listing import Listing, Request
from server.kit.rows import count_rows
from server.unions.actor import Actor


def todo_of_list(
    name: str, words: str, listing: Listing[F, Any], filters: F, roles: Collection[str],
    *, is_below: bool = False, is_part: bool = False,
) -> Todo:  # fmt: skip
    """What a list holds with these filters. `roles` are those of the list's permission: only they see its rows."""

    def count(session: Session, actor: Actor, now: datetime) -> int:
        seen_by = actor.carrying(roles)
        return count_rows(listing, Request(session, seen_by, filters, now), TODO_CAP) if seen_by.roles else 0

    return Todo(name, listing.href(filters.to_query()), words, count, listing.table, is_below=is_below, is_part=is_part)
