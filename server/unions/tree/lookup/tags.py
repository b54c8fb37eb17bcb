"""Tags: what a union calls those below it in words of its own (试点、老旧厂房), to find them again and to send to them.

They stand in one column, 、试点、老旧厂房、: a tag between two separators is a whole one, wherever it stands.
"""

from collections.abc import Collection, Iterable

from sqlalchemy import ColumnElement, false, func, or_, select
from sqlalchemy.orm import Session

from server.unions.tree.lookup.words import listed_words
from server.unions.tree.models import Union

MOST, LONGEST = 10, 20
SEPARATOR = "、"
MOST_OFFERED = 100


def read_tags(text: str) -> str | None:
    """What somebody typed, as it is kept; None for no tag. Raises ValueError in words that people read."""
    tags = list(dict.fromkeys(listed_words(text)))
    if len(tags) > MOST:
        raise ValueError(f"最多 {MOST} 个标签")
    if any(len(tag) > LONGEST for tag in tags):
        raise ValueError(f"一个标签最多 {LONGEST} 个字")
    return f"{SEPARATOR}{SEPARATOR.join(tags)}{SEPARATOR}" if tags else None


def list_tags(kept: str | None) -> list[str]:
    """The tags of a union, one by one."""
    return kept.strip(SEPARATOR).split(SEPARATOR) if kept else []


def tagged(tags: Collection[str]) -> ColumnElement[bool]:
    """Unions that have one of these, in the same capitals: LIKE, which knows none on SQLite, would send to other unions
    there than on PostgreSQL."""
    return or_(false(), *(func.replace(Union.tags, f"{SEPARATOR}{tag}{SEPARATOR}", "") != Union.tags for tag in tags))


def offer_tags(session: Session, those: Iterable[ColumnElement[bool]], chosen: Collection[str] = ()) -> list[str]:
    """The tags that these unions have, and those that are chosen already; MOST_OFFERED at most."""
    rows = session.scalars(select(Union.tags).distinct().where(Union.tags.is_not(None), *those))
    found = {tag for kept in rows for tag in list_tags(kept)}
    return sorted({*sorted(found)[:MOST_OFFERED], *chosen})
