"""What waits for reviewers besides the queue, as the slices declare it: a number beside the page where it is seen to, a
sentence in the digest and on the home page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from server.core.slice import TODO_CAP, declared
from server.unions.actor import Actor


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of what waits, in words, and the page where it is seen to."""

    words: str
    path: str


def count_others(session: Session, actor: Actor, now: datetime) -> dict[str, int]:
    """Numbers by kind; kinds of which nothing waits are left out. One statement a kind."""
    counted = {todo.name: todo.count(session, actor, now) for todo in declared().todos}
    return {name: number for name, number in counted.items() if number}


def by_path(numbers: Mapping[str, int]) -> dict[str, int]:
    """The numbers by the page where they are seen to."""
    paths: dict[str, int] = {}
    for todo in declared().todos:
        if number := numbers.get(todo.name, 0):
            paths[todo.path] = paths.get(todo.path, 0) + number
    return paths


def lines_of(numbers: Mapping[str, int]) -> list[Line]:
    """A sentence per kind, in the order of the slices."""
    return [
        Line(todo.words.format(f"{TODO_CAP - 1}+" if number >= TODO_CAP else number), todo.path)
        for todo in declared().todos
        if (number := numbers.get(todo.name, 0))
    ]
