"""The list of letters: those to enterprises of somebody's subtrees and those of their own unions, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, cast
from uuid import UUID

from pydantic import Field, StringConstraints
from sqlalchemy import ColumnElement, Select, Table, and_, or_, select
from sqlalchemy.orm import Session

from server.core.clock import in_shanghai
from server.core.sheets import CellKind, SheetColumn
from server.core.web.schemas import Line
from server.kit.filters import (
    Control,
    DatedFilter,
    day_controls,
    equal,
    flag_control,
    holds,
    search_control,
    select_control,
    union_control,
    within_days,
)
from server.kit.keyset import ByDay, newest_first
from server.kit.listing import ByNumber, Listing, Request, Tab
from server.kit.scope import WIDE_COLUMNS, Scope, below_chosen, scopes_of, union_choices, union_names, unions_below
from server.kit.teamwork.sharing import given_to
from server.kit.text_pairs import may_hold
from server.kit.todos import todo_of_list
from server.oversight.letters.models import Letter, LetterKind, LetterStatus
from server.oversight.letters.permissions import MAY_READ
from server.oversight.letters.queries import OUT, is_overdue, visible, written_number
from server.oversight.letters.texts import CHIPS, DRAFTS, KIND_NAMES, STATUS_NAMES, read_number
from server.unions.actor import Actor
from server.unions.roles import REVIEWERS
from server.unions.tree.rules import ANCESTOR_COLUMNS

TABLE = cast(Table, Letter.__table__)
TEXTS = (TABLE.c.subject, TABLE.c.addressee_name)  # what words are looked for in
FIRST_YEAR = 2000
FEW = 500  # letters that are told to the database one by one


class View(StrEnum):
    """What to show: everything, one status, or what is answered too late."""

    ALL = "all"
    PENDING = "pending"
    DRAFT = "draft"
    ISSUED = "issued"
    OVERDUE = "overdue"
    REPLIED = "replied"
    WITHDRAWN = "withdrawn"


class Turn(StrEnum):
    """What one's own union has to do next."""

    ANSWER = "answer"
    CHASE = "chase"


TURN_TEXTS = {Turn.ANSWER: "等本单位答复", Turn.CHASE: "等本级催办"}


class LetterFilter(DatedFilter):
    """What to show, and of which days of issue. `issuer`: what that union and those below it sent, and that stands."""

    status: View = View.ALL
    kind: LetterKind | None = None
    union: UUID | None = None
    issuer: UUID | None = None
    year: Annotated[int, Field(ge=FIRST_YEAR, le=2199)] | None = None
    given: bool = False
    turn: Turn | None = None
    q: Annotated[Line, StringConstraints(max_length=100)] = ""


PENDING = (LetterStatus.DRAFT, LetterStatus.ISSUED)
TABS = (
    Tab(View.ALL, "全部"),
    Tab(View.PENDING, "办理中", tuple(((TABLE.c.status == status),) for status in PENDING), is_counted=False),
    *(
        Tab(status.value, STATUS_NAMES[status], (((TABLE.c.status == status),),))
        for status in PENDING
    ),
    Tab(
        View.OVERDUE, "逾期未答复", ((TABLE.c.status == LetterStatus.ISSUED,),),
        where=lambda now: (TABLE.c.due_at < now,), is_alert=True,
    ),
    *(
        Tab(status.value, STATUS_NAMES[status], (((TABLE.c.status == status),),))
        for status in (LetterStatus.REPLIED, LetterStatus.WITHDRAWN)
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list."""

    href: str
    number: str
    kind_name: str
    subject: str
    addressee_name: str
    issuer_name: str
    issued_at: datetime | None
    due_at: datetime | None
    status_text: str
    chip: str
    replied_on: date | None
    replied_by: str | None
    is_in_time: bool | None


def _scopes(asked: Request[LetterFilter]) -> list[Scope]:
    """Letters of one's own unions, drafts too, and what was sent to one's subtrees; what one's own unions have to do is
    found by whom it is up to, not row by row."""
    own = {role_at.union_id for role_at in asked.actor.roles}
    if asked.filters.turn is Turn.ANSWER:
        return [Scope("addressee_id", union_id) for union_id in own]
    issued = [Scope("issuer_id", union_id) for union_id in own]
    return issued if asked.filters.turn is Turn.CHASE else issued + scopes_of(asked.session, asked.actor, MAY_READ)


def _narrow(asked: Request[LetterFilter]) -> list[ColumnElement[bool]]:
    filters = asked.filters
    conditions = equal(TABLE, filters, "kind", "year") + within_days(TABLE.c.issued_at, filters)
    conditions += below_chosen(asked.session, TABLE, asked.actor, MAY_READ, filters.union)
    if filters.issuer is not None:
        issuers = unions_below(asked.session, asked.actor, MAY_READ, filters.issuer)
        conditions += [TABLE.c.issuer_id.in_(issuers), TABLE.c.status.in_(OUT)]
    if filters.given:
        conditions.append(given_to("letter", TABLE.c.id, asked.actor.person_id))
    if filters.turn is not None:
        conditions += _turn(asked, filters.turn)
    return conditions


def _words(asked: Request[LetterFilter]) -> list[ColumnElement[bool]]:
    """What lies everywhere is looked for row by row."""
    few = _find(asked)
    return _holding(asked)[0] if few is None else [TABLE.c.id.in_(few)]


def _search(asked: Request[LetterFilter], _limit: int | None) -> Select[Any] | None:
    """What is counted among, where it is few."""
    few = _find(asked)
    return None if few is None else select(TABLE.c.id).where(TABLE.c.id.in_(few))


def _find(asked: Request[LetterFilter]) -> Sequence[UUID] | None:
    """Of a city or a district words are looked for in all titles at once, not scope by scope and tab by tab. None where
    there are many, or nothing is looked for."""
    if "few" not in asked.memo:
        conditions, indexed = _holding(asked)
        found: Sequence[UUID] | None = None
        if conditions and any(scope.column in WIDE_COLUMNS for scope in _scopes(asked)):
            found = asked.session.scalars(select(TABLE.c.id).where(*conditions, *indexed).limit(FEW + 1)).all()
        asked.memo["few"] = found if found is not None and len(found) <= FEW else None
    return cast("Sequence[UUID] | None", asked.memo["few"])


def _holding(asked: Request[LetterFilter]) -> tuple[list[ColumnElement[bool]], list[ColumnElement[bool]]]:
    """That a letter holds every word, and what an index knows of it."""
    conditions: list[ColumnElement[bool]] = []
    indexed: list[ColumnElement[bool]] = []
    for word in asked.filters.q.split():
        numbered = _numbered(word)
        conditions.append(or_(*(holds(text, word) for text in TEXTS), *numbered))
        indexed += [] if numbered else may_hold(asked.session, word, *TEXTS)
    return conditions, indexed


def _turn(asked: Request[LetterFilter], turn: Turn) -> list[ColumnElement[bool]]:
    """Answers are owed to others alone; whoever sent it asks again once the answer is late."""
    if turn is Turn.CHASE:
        return [TABLE.c.status == LetterStatus.ISSUED, TABLE.c.due_at < asked.now]
    own = [role_at.union_id for role_at in asked.actor.roles]
    return [TABLE.c.status == LetterStatus.ISSUED, TABLE.c.issuer_id.not_in(own)]


def _numbered(word: str) -> list[ColumnElement[bool]]:
    read = read_number(word)
    if read is None:
        return []
    before, year, number = read
    kinds = [kind for kind, draft in DRAFTS.items() if before.endswith(draft.word)]  # the last character tells the kind
    marks = [TABLE.c.mark.startswith(before, autoescape=True)]
    marks += [and_(_marked(before, kind), TABLE.c.kind == kind) for kind in kinds]
    return [and_(or_(*marks), TABLE.c.year == year, TABLE.c.number == number)]


def _marked(before: str, kind: LetterKind) -> ColumnElement[bool]:
    return TABLE.c.mark.startswith(before.removesuffix(DRAFTS[kind].word), autoescape=True)


def find_by_number(session: Session, actor: Actor, text: str) -> str | None:
    """Where the one letter is that has the number which was typed, if the actor may see it."""
    numbered = _numbered("".join(text.split()))
    if not numbered:
        return None
    found = session.scalars(select(Letter.id).where(visible(actor), *numbered).limit(2)).all()
    return f"/console/letters/{found[0]}" if len(found) == 1 else None


def _controls(asked: Request[LetterFilter]) -> list[Control]:
    filters, year = asked.filters, in_shanghai(asked.now).year
    return [
        select_control(filters, "kind", "种类", KIND_NAMES),
        union_control(union_choices(asked.session, asked.actor, MAY_READ, filters.union)),
        *_issuer_control(asked),
        select_control(filters, "year", "年份", {each: f"{each} 年" for each in range(year, year - 4, -1)}),
        *day_controls(filters, "发出"),
        flag_control(filters, "given", "给我的"),
        select_control(filters, "turn", "等我办的", TURN_TEXTS),
        search_control(filters, "q", "搜索文号、标题、收文单位"),
    ]


def _issuer_control(asked: Request[LetterFilter]) -> list[Control]:
    """Shown where a figure led here, to look at it and to take it off."""
    if asked.filters.issuer is None:
        return []
    names = union_names(asked.session, [asked.filters.issuer])
    choices = {str(each): f"{name.name}和下级" for each, name in names.items()}
    return [select_control(asked.filters, "issuer", "由谁发出", choices)]


def _describe(asked: Request[LetterFilter], rows: Sequence[Any]) -> list[Row]:
    query = asked.filters.to_query()
    return [_row(row, asked.now, query) for row in rows]


def _row(row: Any, now: datetime, query: str) -> Row:
    late = is_overdue(row, now)
    return Row(
        href=f"/console/letters/{row.id}?{query}" if query else f"/console/letters/{row.id}",
        number=written_number(row) or "",
        kind_name=KIND_NAMES[row.kind],
        subject=row.subject,
        addressee_name=row.addressee_name,
        issuer_name=row.issuer_name,
        issued_at=row.issued_at,
        due_at=row.due_at,
        status_text="逾期未答复" if late else STATUS_NAMES[row.status],
        chip="danger" if late else CHIPS[row.status],
        replied_on=row.replied_on,
        replied_by=row.replied_by,
        is_in_time=row.replied_on <= row.due_on if row.replied_on is not None else None,
    )


SHEET: tuple[SheetColumn[Row], ...] = (
    SheetColumn("文号", lambda row: row.number, width=22),
    SheetColumn("种类", lambda row: row.kind_name, width=12),
    SheetColumn("标题", lambda row: row.subject, width=40),
    SheetColumn("收文单位", lambda row: row.addressee_name, width=28),
    SheetColumn("发文工会", lambda row: row.issuer_name, width=24),
    SheetColumn("发出日期", lambda row: row.issued_at, CellKind.DAY),
    SheetColumn("答复期限", lambda row: row.due_at, CellKind.DAY),
    SheetColumn("状态", lambda row: row.status_text, width=12),
    SheetColumn("答复日期", lambda row: row.replied_on, CellKind.DAY),
    SheetColumn("答复人", lambda row: row.replied_by, width=12),
    SheetColumn("按期答复", lambda row: {True: "是", False: "否", None: ""}[row.is_in_time], width=10),
)

LETTERS: Listing[LetterFilter, Row] = Listing(
    name="letters",
    title="一函两书",
    ledger="“一函两书”台账",
    path="/console/letters",
    filters=LetterFilter,
    table=TABLE,
    source=select(TABLE),
    order=newest_first(TABLE.c.id),
    scopes=_scopes,
    narrow=_narrow,
    controls=_controls,
    describe=_describe,
    sheet=SHEET,
    tabs=TABS,
    bounds=dict.fromkeys(ANCESTOR_COLUMNS, (TABLE.c.status != LetterStatus.DRAFT,)),
    is_disjoint=False,
    is_sampled=True,
    words=_words,
    search=_search,
    by_day=lambda _: ByDay((TABLE.c.issued_at, TABLE.c.id)),
    by_number=ByNumber(_numbered, View.ALL),
)

TODOS = (
    todo_of_list("letters", "{} 份文书要答复", LETTERS, LetterFilter(turn=Turn.ANSWER), REVIEWERS),
    todo_of_list("late_letters", "{} 份文书逾期没有答复，等催办", LETTERS, LetterFilter(turn=Turn.CHASE), REVIEWERS),
)
