"""The list of people: bound to an enterprise of somebody's subtrees, or holding a role there; the newest first."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, ClassVar, cast
from uuid import UUID

from pydantic import StringConstraints
from sqlalchemy import ColumnElement, Select, Table, or_, select, union_all

from server.core.sheets import CellKind, SheetColumn
from server.core.text import read_phone
from server.core.web.schemas import Line
from server.kit.filters import (
    Control,
    DatedFilter,
    day_controls,
    search_control,
    select_control,
    union_control,
    within_days,
)
from server.kit.keyset import Part, Unindexed, newest_first
from server.kit.listing import Listing, Request, Scopes
from server.kit.scope import WIDE_COLUMNS, Scope, scopes_of, union_choices
from server.kit.use import Use, tabs_of_use
from server.unions.accounts.actions import normalise_username
from server.unions.accounts.models import Account
from server.unions.people.models import Person, PhoneSource, RoleAssignment
from server.unions.people.permissions import PERMISSIONS
from server.unions.people.queries import is_common, is_named, list_posts, named, people_in_scope
from server.unions.people.rules import Post, mask_phone
from server.unions.people.schemas import PHONE
from server.unions.roles import CONSOLE, ROLE_NAMES, Role
from server.unions.tree.models import Union
from server.unions.tree.queries import get_union_in_scope
from server.unions.tree.rules import OWN_COLUMN

TABLE, UNIONS = cast(Table, Person.__table__), cast(Table, Union.__table__)
ACCOUNTS, ROLES = cast(Table, Account.__table__), cast(Table, RoleAssignment.__table__)
_ENTERPRISES = UNIONS.alias("enterprise")


class PersonFilter(DatedFilter):
    """Whom to show, and of which days of joining. `q` is part of a name, a login name, or a whole phone number."""

    UNKEPT: ClassVar[frozenset[str]] = frozenset({"q"})

    state: Use = Use.ACTIVE
    union: UUID | None = None
    role: Role | None = None
    q: Annotated[Line, StringConstraints(max_length=100)] = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A person. The phone number is masked; `is_typed`: they wrote it themselves, nobody has checked it."""

    id: UUID
    name: str
    phone: str
    is_typed: bool
    enterprise: str
    username: str
    is_active: bool
    joined_at: datetime
    posts: Sequence[Post]


SOURCE = select(
    *(TABLE.c[name] for name in ("id", "name", "phone", "phone_source", "is_active", "created_at")),
    _ENTERPRISES.c.name.label("enterprise"),
    ACCOUNTS.c.username,
).select_from(
    TABLE.outerjoin(_ENTERPRISES, _ENTERPRISES.c.id == TABLE.c.enterprise_id).outerjoin(
        ACCOUNTS, ACCOUNTS.c.person_id == TABLE.c.id
    )
)


def number_in(q: str) -> str | None:
    """The whole phone number that is searched for, if it is one."""
    number = read_phone(q)
    return number if re.fullmatch(PHONE, number) else None


def _scopes(asked: Request[PersonFilter]) -> Scopes:
    """An administrator sees everybody, those who are bound nowhere too."""
    if asked.filters.union is not None:
        chosen = get_union_in_scope(asked.session, asked.filters.union, asked.actor)
        return [Scope(OWN_COLUMN.get(chosen.level, "id"), chosen.id)]
    if asked.actor.holds(Role.ADMIN):
        return None
    return scopes_of(asked.session, asked.actor, CONSOLE)


def _subtree(column: str, union_id: Any) -> Sequence[Part]:
    holders = select(ROLES.c.person_id).join(UNIONS, UNIONS.c.id == ROLES.c.union_id)
    return ((_is_bound(column, union_id),), (TABLE.c.id.in_(holders.where(UNIONS.c[column] == union_id)),))


def _is_bound(column: str, union_id: Any) -> ColumnElement[bool]:
    """To an enterprise there. A town stands in the person's row: its people would be looked for among all there are."""
    if column == "town_id":
        in_town: ColumnElement[bool] = TABLE.c.town_id == union_id
        return in_town
    enterprise = Unindexed(TABLE.c.enterprise_id) if column in WIDE_COLUMNS else TABLE.c.enterprise_id
    return enterprise.in_(select(UNIONS.c.id).where(UNIONS.c[column] == union_id))


def _narrow(asked: Request[PersonFilter]) -> list[ColumnElement[bool]]:
    filters = asked.filters
    conditions = within_days(TABLE.c.created_at, filters)
    if filters.role is Role.WORKER:
        conditions.append(TABLE.c.enterprise_id.is_not(None))
    elif filters.role is not None:
        conditions.append(TABLE.c.id.in_(select(ROLES.c.person_id).where(ROLES.c.role == filters.role)))
    return conditions


def _words(asked: Request[PersonFilter]) -> list[ColumnElement[bool]]:
    if not asked.filters.q:
        return []
    if not is_common(asked.session, asked.filters.q):
        return [TABLE.c.id.in_(union_all(*_found_by(asked)))]
    others = union_all(*_found_by(asked)[1:])
    return [or_(is_named(TABLE.c.name_key, asked.filters.q), TABLE.c.id.in_(others))]


def _search(asked: Request[PersonFilter], limit: int | None) -> Select[Any] | None:
    """The ids that are counted among, unless they are many."""
    if not asked.filters.q or is_common(asked.session, asked.filters.q):
        return None
    return select(union_all(*_found_by(asked)).limit(limit).subquery())


def _found_by(asked: Request[PersonFilter]) -> list[Select[Any]]:
    """Part of the name, the login name, or the whole number where the actor may read numbers: each by its own index."""
    q, number = asked.filters.q, number_in(asked.filters.q)
    people = select(TABLE.c.id).correlate(None)
    found: list[Select[Any]] = [
        named(q),
        select(ACCOUNTS.c.person_id).correlate(None).where(ACCOUNTS.c.username == normalise_username(q)),
    ]
    if number is not None:
        may_read = people_in_scope(asked.actor, PERMISSIONS["person.read_private"])
        found.append(people.where(TABLE.c.phone == number, may_read))
    return found


def _controls(asked: Request[PersonFilter]) -> list[Control]:
    filters = asked.filters
    by_number = bool(asked.actor.carrying(PERMISSIONS["person.read_private"]).roles)
    return [
        union_control(union_choices(asked.session, asked.actor, CONSOLE, filters.union)),
        select_control(filters, "role", "角色", ROLE_NAMES),
        *day_controls(filters, "加入"),
        search_control(filters, "q", "姓名、登录名或完整手机号" if by_number else "姓名或登录名"),
    ]


def _describe(asked: Request[PersonFilter], rows: Sequence[Any]) -> list[Row]:
    posts = list_posts(asked.session, [row.id for row in rows])
    return [
        Row(
            id=row.id,
            name=row.name or "未填姓名",
            phone=mask_phone(row.phone) or "",
            is_typed=row.phone is not None and row.phone_source is PhoneSource.TYPED,
            enterprise=row.enterprise or "",
            username=row.username or "",
            is_active=row.is_active,
            joined_at=row.created_at,
            posts=posts.get(row.id, ()),
        )
        for row in rows
    ]


def _posts_text(row: Row) -> str:
    return "；".join(f"{ROLE_NAMES[post.role]}（{post.union.name}）" for post in row.posts) or ROLE_NAMES[Role.WORKER]


SHEET: tuple[SheetColumn[Row], ...] = (
    SheetColumn("姓名", lambda row: row.name, width=14),
    SheetColumn("所在企业", lambda row: row.enterprise, width=30),
    SheetColumn("角色", _posts_text, width=40),
    SheetColumn("登录名", lambda row: row.username),
    SheetColumn("手机", lambda row: row.phone, width=14),
    SheetColumn("号码来源", lambda row: "自己填的" if row.is_typed else "", width=12),
    SheetColumn("加入日期", lambda row: row.joined_at, CellKind.DAY),
    SheetColumn("状态", lambda row: "在用" if row.is_active else "已停用", width=10),
)

PEOPLE: Listing[PersonFilter, Row] = Listing(
    name="people",
    title="人员",
    ledger="人员名册",
    path="/console/people",
    filters=PersonFilter,
    table=UNIONS,
    source=SOURCE,
    order=newest_first(TABLE.c.id),
    order_texts=("新加入的在前", "早加入的在前"),
    scopes=_scopes,
    subtree=_subtree,
    is_disjoint=False,
    is_sampled=True,
    search=_search,
    words=_words,
    narrow=_narrow,
    controls=_controls,
    describe=_describe,
    sheet=SHEET,
    tabs=tabs_of_use(TABLE.c.is_active),
    tab_name="state",
)
