"""Parts that have a key each, in an order that people change: the fields of a form, the items of a scheme. Pure."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from server.core.errors import NotFound


class Keyed(Protocol):
    """Something with a key that no other of its kind has."""

    @property
    def key(self) -> str: ...


K = TypeVar("K", bound=Keyed)


def find_keyed(parts: Sequence[K], key: str) -> K:
    """The one with this key. Raises NotFound."""
    for part in parts:
        if part.key == key:
            return part
    raise NotFound


def new_key(prefix: str, parts: Sequence[Keyed]) -> str:
    """A key that none has, nor had as long as the one with the highest number stays."""
    keys = [each.key for each in parts if len(each.key) < 9]
    numbers = [int(key[1:]) for key in keys if key[0] == prefix and key[1:].isdigit()]
    return f"{prefix}{max(numbers, default=0) + 1}"


def put(parts: Sequence[K], part: K) -> tuple[K, ...]:
    """With the part in the place of the one with its key, else at the end."""
    if any(each.key == part.key for each in parts):
        return tuple(part if each.key == part.key else each for each in parts)
    return (*parts, part)


def remove(parts: Sequence[K], key: str) -> tuple[K, ...]:
    """Without the one with this key. Raises NotFound."""
    find_keyed(parts, key)
    return tuple(each for each in parts if each.key != key)


def move(parts: Sequence[K], key: str, steps: int) -> tuple[K, ...]:
    """With the one with this key further up (negative) or down. Raises NotFound."""
    part = find_keyed(parts, key)
    others = list(remove(parts, key))
    others.insert(max(0, list(parts).index(part) + steps), part)
    return tuple(others)
