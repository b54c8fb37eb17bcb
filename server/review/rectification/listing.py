"""The list of rectifications: what is under way in somebody's subtrees, by deadline."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, cast
from uuid import UUID

from pydantic import Field, StringConstraints
from sqlalchemy import ColumnElement, Table, and_, literal_column, or_, select
from sqlalchemy.orm import Session

from server.core.errors import NotFound
from server.core.sheets import CellKind, SheetColumn
from server.core.slice import Todo
from server.core.web.schemas import Line
from server.kit.enterprises import EnterpriseFilter, enterprise_conditions, enterprise_controls
from server.kit.filters import (
    CampaignFilter,
    Control,
    choice_control,
    day_controls,
    equal,
    flag_control,
    search_control,
    select_control,
    union_control,
    within_days,
)
from server.kit.keyset import ByDay, Order, Part
from server.kit.listing import ByNumber, Listing, Request, Tab
from server.kit.scope import WIDE_COLUMNS, Names, Scope, area_of, scopes_of, union_choices, union_names
from server.kit.teamwork.sharing import given_to
from server.kit.todos import todo_of_list
from server.photos.pictures.links import thumbnail_urls
from server.photos.queries import find_ready
from server.review.rectification.models import Rectification
from server.review.rectification.models import RectifyStatus as Status
from server.review.rectification.moves.parties import GRAVE
from server.review.rectification.permissions import MAY_READ
from server.review.rectification.texts import CHIPS, STATUS_TEXTS, way_text
from server.review.rectification.workflow import DONE, DUE, RUNNING
from server.review.search.queries import ids_meant_by, meant_by
from server.review.submissions.models import Submission
from server.review.submissions.texts import numbers_meant
from server.unions.actor import Actor
from server.unions.campaigns.queries import campaign_facts, current_campaign
from server.unions.roles import REVIEWERS, Role
from server.unions.tree.models import Union

TABLE = cast(Table, Rectification.__table__)
BY_DEADLINE = Order((TABLE.c.due_at, TABLE.c.id), (datetime, UUID))
LATEST_FIRST = Order(BY_DEADLINE.columns, BY_DEADLINE.kinds, descending=True)


class View(StrEnum):
    """What to show: everything under way, one status, or what needs somebody to step in."""

    RUNNING = "running"
    OVERDUE = "overdue"
    ASKED = "asked"
    OPEN = "open"
    ACCEPTED = "accepted"
    DISPUTED = "disputed"
    SUBMITTED = "submitted"
    CLOSED = "closed"
    VOIDED = "voided"
    ALL = "all"


class DayOf(StrEnum):
    """Of what the days of the filter are."""

    DUE = "due"
    OPENED = "opened"
    CLOSED = "closed"
    SENT = "sent"  # the hazard, by who reported it


DAY_TEXTS = {DayOf.DUE: "期限", DayOf.OPENED: "发出", DayOf.CLOSED: "销号", DayOf.SENT: "上报"}
DAYS = {
    DayOf.DUE: TABLE.c.due_at, DayOf.OPENED: TABLE.c.opened_at, DayOf.CLOSED: TABLE.c.closed_at,
    DayOf.SENT: TABLE.c.sent_on,
}  # fmt: skip


class Turn(StrEnum):
    """What one's own union has to do next."""

    ANSWER = "answer"
    WORK = "work"


TURN_TEXTS = {Turn.ANSWER: "等本级答复、复查", Turn.WORK: "等本级整改"}


class Done(StrEnum):
    """Whether it was put right in time, as the enterprise says; late is also what is not yet after its deadline."""

    IN_TIME = "in_time"
    LATE = "late"


DONE_TEXTS = {Done.IN_TIME: "按期整改", Done.LATE: "超期整改"}


class RectificationFilter(CampaignFilter, EnterpriseFilter):
    """What to show, and of which days."""

    status: View = View.RUNNING
    day_of: DayOf = DayOf.DUE
    category: Annotated[Line, StringConstraints(max_length=30)] | None = None
    grade: Annotated[int, Field(ge=1, le=4)] | None = None
    given: bool = False
    turn: Turn | None = None
    done: Done | None = None
    reopened: bool = False
    q: Annotated[Line, StringConstraints(max_length=100)] = ""  # words or the number of the hazard


def _of(*statuses: Status) -> tuple[Part, ...]:
    return tuple((TABLE.c.status == status,) for status in statuses)


TABS = (
    Tab(View.RUNNING, "办理中", _of(*RUNNING)),
    Tab(View.OVERDUE, "已逾期", _of(*DUE), where=lambda now: (TABLE.c.due_at < now,), is_alert=True),
    Tab(View.ASKED, "申请延期", _of(*DUE), where=lambda _: (TABLE.c.asked_days.is_not(None),)),
    *(Tab(status, STATUS_TEXTS[status], _of(status)) for status in (*RUNNING,)),
    *(Tab(status, STATUS_TEXTS[status], _of(status), order=LATEST_FIRST) for status in (Status.CLOSED, Status.VOIDED)),
    Tab(View.ALL, "全部", _of(*Status), order=LATEST_FIRST, is_counted=False),
)


def href(rectification_id: UUID) -> str:
    """The page of one at the console."""
    return f"/console/rectifications/{rectification_id}"


def item_href(rectification_id: UUID, query: str) -> str:
    """The same, opened from a list with these filters."""
    return f"{href(rectification_id)}?{query}" if query else href(rectification_id)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list. `is_due`: the deadline runs."""

    id: UUID
    href: str
    number: str
    status: Status
    status_text: str
    chip: str
    excerpt: str
    place: str
    category_name: str
    addressee_name: str
    area: str
    grade: int
    grade_name: str | None
    measures: str
    responsible: str
    due_at: datetime
    is_due: bool
    asked_days: int | None
    opened_at: datetime
    submitted_at: datetime | None
    recheck_way: str | None
    closed_at: datetime | None
    reopenings: int
    thumbnail_url: str | None


def is_turn_of(actor: Actor, turn: Turn) -> ColumnElement[bool]:
    """Whether the next move is up to one of the actor's own unions, not just to somebody in its subtree.

    The addressee puts right, and rechecks what is not grave; the union right above it answers and rechecks. Nobody
    stands above the city, which answers itself.
    """
    own = [role_at.union_id for role_at in actor.reviewing]
    is_own = TABLE.c.addressee_id.in_(own)
    if turn is Turn.WORK:
        return and_(is_own, TABLE.c.status.in_(DUE), TABLE.c.asked_days.is_(None))
    is_top = and_(Union.id.in_(own), Union.parent_id.is_(None))
    is_below = TABLE.c.addressee_id.in_(select(Union.id).where(or_(Union.parent_id.in_(own), is_top)))
    is_asked = or_(TABLE.c.asked_days.is_not(None), TABLE.c.status.in_((Status.DISPUTED, Status.SUBMITTED)))
    is_own_recheck = and_(is_own, TABLE.c.status == Status.SUBMITTED, TABLE.c.grade > GRAVE)
    return or_(and_(is_below, is_asked), is_own_recheck)


def _scopes(asked: Request[RectificationFilter]) -> list[Scope]:
    """The subtrees to show; what is up to the actor's own union is found by whom it was sent to, not row by row. Of
    several unions one may lie right below another, and parts must not overlap."""
    own = {role_at.union_id for role_at in asked.actor.reviewing}
    if asked.filters.turn is not None and asked.filters.union is None and len(own) == 1:
        return [Scope("addressee_id", union_id) for union_id in own]
    return scopes_of(asked.session, asked.actor, MAY_READ, asked.filters.union)


def _subtree(column: str, union_id: Any) -> Sequence[Part]:
    """Whose turn it may be, for those sent to a union or to one right below it; else what lies in it."""
    if column != "addressee_id":
        return ((TABLE.c[column] == union_id,),)
    near = select(Union.id).where(or_(Union.id == union_id, Union.parent_id == union_id))
    return ((TABLE.c.addressee_id.in_(near),),)


def _narrow(asked: Request[RectificationFilter]) -> list[ColumnElement[bool]]:
    filters = asked.filters
    conditions = equal(TABLE, filters, "category", "grade") + within_days(DAYS[filters.day_of], filters)
    conditions += enterprise_conditions(asked.session, TABLE, asked.filters)
    if asked.filters.done is not None:
        conditions.append(_done(asked.filters.done, asked.now))
    if asked.filters.given:
        conditions.append(given_to("rectification", TABLE.c.id, asked.actor.person_id))
    if asked.filters.turn is not None:
        conditions.append(is_turn_of(asked.actor, asked.filters.turn))
    if asked.filters.reopened:
        conditions.append(TABLE.c.reopenings > literal_column("0"))  # as the index of those says it
    return conditions


def _by_day(filters: RectificationFilter) -> ByDay | None:
    """When it was reported, sent out or put right, as of a city or a district: others may not know when an anonymous
    reporter confirmed it."""
    if filters.day_of is DayOf.DUE:
        return None
    return ByDay((DAYS[filters.day_of], TABLE.c.id), scopes=WIDE_COLUMNS)


def _done(done: Done, now: datetime) -> ColumnElement[bool]:
    if done is Done.IN_TIME:
        return and_(TABLE.c.status.in_(DONE), TABLE.c.submitted_at <= TABLE.c.due_at)
    waits = and_(TABLE.c.status.in_(DUE), TABLE.c.due_at < now)
    return or_(and_(TABLE.c.status.in_(DONE), TABLE.c.submitted_at > TABLE.c.due_at), waits)


def _controls(asked: Request[RectificationFilter]) -> list[Control]:
    categories, grades = _choices(asked.session)
    filters = asked.filters
    return [
        union_control(union_choices(asked.session, asked.actor, MAY_READ, filters.union)),
        select_control(filters, "category", "类别", categories),
        select_control(filters, "grade", "等级", grades),
        choice_control(filters, "day_of", "日期按", DAY_TEXTS),
        *day_controls(filters, DAY_TEXTS[filters.day_of]),
        flag_control(filters, "given", "给我的"),
        select_control(filters, "turn", "等本级办", TURN_TEXTS),
        flag_control(filters, "reopened", "反映没有整改好的"),
        *([select_control(filters, "done", "整改", DONE_TEXTS)] if filters.done is not None else []),
        *enterprise_controls(filters),
        search_control(filters, "q", "搜索说明、地点、单位、编号"),
    ]


def _choices(session: Session) -> tuple[Mapping[str, str], Mapping[int, str]]:
    """Categories and grades of the current campaign; none between campaigns."""
    try:
        campaign = current_campaign(session)
    except NotFound:
        return {}, {}
    return campaign.categories, campaign.grades


def _describe(asked: Request[RectificationFilter], rows: Sequence[Any]) -> list[Row]:
    session = asked.session
    names = union_names(session, {each for row in rows for each in (row.district_id, row.town_id, row.addressee_id)})
    submissions = session.execute(
        select(Submission.id, Submission.number, Submission.cover_photo_id, Submission.reporter_id).where(
            Submission.id.in_([row.submission_id for row in rows])
        )
    ).all()
    hazards = {each.id: each for each in submissions}
    covers = {each.id: each.cover_photo_id for each in submissions}
    thumbnails = {} if asked.is_sheet else _thumbnails(session, covers, asked.now)
    query = asked.filters.to_query()
    return [_row(session, row, names, hazards[row.submission_id], thumbnails, query) for row in rows]


def _thumbnails(session: Session, covers: Mapping[UUID, UUID | None], now: datetime) -> dict[UUID, str]:
    """A link to the cover of each submission that has one."""
    of = {photo_id: submission_id for submission_id, photo_id in covers.items() if photo_id is not None}
    urls = thumbnail_urls(find_ready(session, of), now=now)
    return {of[photo_id]: url for photo_id, url in urls.items()}


def _row(session: Session, row: Any, names: Names, hazard: Any, thumbnails: Mapping[UUID, str], query: str) -> Row:
    campaign = campaign_facts(session, row.campaign_id)
    return Row(
        id=row.id,
        href=item_href(row.id, query),
        number=hazard.number or "",
        status=row.status,
        status_text=STATUS_TEXTS[row.status],
        chip=CHIPS[row.status],
        excerpt=row.excerpt,
        place=row.place,
        category_name=campaign.category_name(row.category),
        addressee_name=names[row.addressee_id].name,
        area=area_of(names, row),
        grade=row.grade,
        grade_name=campaign.grades.get(row.grade),
        measures=row.measures,
        responsible=row.responsible,
        due_at=row.due_at,
        is_due=row.status in DUE,
        asked_days=row.asked_days,
        opened_at=row.opened_at,
        submitted_at=row.submitted_at,
        recheck_way=way_text(row.recheck_way, by_reporter=row.closed_by_id == hazard.reporter_id),
        closed_at=row.closed_at,
        reopenings=row.reopenings,
        thumbnail_url=thumbnails.get(row.submission_id),
    )


SHEET: tuple[SheetColumn[Row], ...] = (
    SheetColumn("编号", lambda row: row.number),
    SheetColumn("隐患", lambda row: row.excerpt or row.category_name, width=40),
    SheetColumn("类别", lambda row: row.category_name),
    SheetColumn("等级", lambda row: row.grade_name, width=10),
    SheetColumn("地点", lambda row: row.place, width=24),
    SheetColumn("责任单位", lambda row: row.addressee_name, width=28),
    SheetColumn("区域", lambda row: row.area, width=22),
    SheetColumn("整改措施", lambda row: row.measures, width=40),
    SheetColumn("责任人", lambda row: row.responsible, width=12),
    SheetColumn("发出时间", lambda row: row.opened_at, CellKind.MOMENT),
    SheetColumn("整改期限", lambda row: row.due_at, CellKind.DAY),
    SheetColumn("进展", lambda row: row.status_text, width=12),
    SheetColumn("报告完成时间", lambda row: row.submitted_at, CellKind.MOMENT),
    SheetColumn("复查方式", lambda row: row.recheck_way, width=14),
    SheetColumn("销号日期", lambda row: row.closed_at, CellKind.DAY),  # a reporter who confirmed may be anonymous
    SheetColumn("重新整改次数", lambda row: row.reopenings, CellKind.WHOLE),
)

RECTIFICATIONS: Listing[RectificationFilter, Row] = Listing(
    name="rectifications",
    title="整改",
    ledger="隐患整改台账",
    path="/console/rectifications",
    filters=RectificationFilter,
    table=TABLE,
    source=select(TABLE),
    order=BY_DEADLINE,
    order_texts=("按期限", "按期限，倒序"),
    scopes=_scopes,
    subtree=_subtree,
    narrow=_narrow,
    campaign=TABLE.c.campaign_id,
    by_day=_by_day,
    controls=_controls,
    describe=_describe,
    sheet=SHEET,
    tabs=TABS,
    is_sampled=True,
    search=lambda asked, limit: ids_meant_by(asked.session, asked.actor, TABLE.c.submission_id, asked.filters.q, limit),
    words=lambda asked: meant_by(asked.session, asked.actor, TABLE.c.submission_id, asked.filters.q),
    by_number=ByNumber(numbers_meant, View.ALL),
)


def _todo(name: str, words: str, is_part: bool = False, **filters: Any) -> Todo:
    """The list narrowed to what the actor's own unions have to move."""
    narrowed = RectificationFilter(**filters)
    return todo_of_list(name, words, RECTIFICATIONS, narrowed, REVIEWERS, is_part=is_part)


def _below(name: str, words: str, view: View) -> Todo:
    """A tab of the list: there are unions below to whom it is up."""
    above = REVIEWERS - {Role.ENTERPRISE_REVIEWER}
    return todo_of_list(name, words, RECTIFICATIONS, RectificationFilter(status=view), above, is_below=True)


RECHECKS = _todo("rechecks", "{} 条整改等复查", status=View.SUBMITTED, turn=Turn.ANSWER)
TODOS = (
    RECHECKS,
    _todo("extensions", "{} 条延期申请要答复", status=View.ASKED, turn=Turn.ANSWER),
    _todo("disputes", "{} 条整改异议要答复", status=View.DISPUTED, turn=Turn.ANSWER),
    _todo("rectifying", "{} 条隐患等本单位整改", turn=Turn.WORK),
    _todo("reopened", "其中 {} 条职工反映没有整改好", is_part=True, turn=Turn.WORK, reopened=True),
    _below("rectifying_below", "{} 条整改没有办结", View.RUNNING),
    _below("late_below", "{} 条整改逾期", View.OVERDUE),
)
