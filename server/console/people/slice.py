"""The list of people."""

from collections.abc import Sequence
from functools import partial

from server.console.people.actions import note_found, note_number_search
from server.console.people.console import count_search_by_number
from server.console.people.listing import PEOPLE, PersonFilter, Row, number_in
from server.core.slice import AuditWords, MenuEntry, Section, Slice
from server.kit.listing import Request
from server.kit.panels import Line
from server.kit.search import Note, Searchable
from server.unions.roles import ROLE_NAMES


def _line(row: Row) -> Line:
    posts = [f"{ROLE_NAMES[post.role]}（{post.union.name}）" for post in row.posts]
    return Line(
        text=row.name, href=f"/console/people/{row.id}", note=" · ".join(filter(None, (row.enterprise, *posts)))
    )


def _noted(asked: Request[PersonFilter], rows: Sequence[Row]) -> Note | None:
    found = [row.id for row in rows]
    if number_in(asked.filters.q) is not None:
        return partial(note_number_search, found=found, actor=asked.actor, now=asked.now)
    return partial(note_found, found=found, actor=asked.actor, now=asked.now) if found else None


def _guard(filters: PersonFilter) -> None:
    if number_in(filters.q) is not None:
        count_search_by_number()


SLICE = Slice(
    menu=(
        MenuEntry(
            Section.PEOPLE,
            20,
            "人员",
            "users",
            "/console/people",
            handbook="管理员",
            hint="找人、给人授权、发一次性密码、停用。姓名和电话只在办事需要时看。",
            also=("/console/import",),
        ),
    ),
    lists=(PEOPLE,),
    searches=(
        Searchable(
            listing=PEOPLE,
            title="人员",
            position=8,
            permission="person.read",
            filters=lambda words: PersonFilter(q=words),
            line=_line,
            noted=_noted,
            guard=_guard,
        ),
    ),
    audit=AuditWords(actions={"person.found_by_name": "查找时看到"}),
)
