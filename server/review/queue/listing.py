"""The queue: what arrived in somebody's subtrees, by deadline.

The source spells out `status <> 'incomplete'` because that is the condition of the partial indexes; the kit puts one
limited part per subtree together, each answered from one index whatever the size of the table.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Table, and_, bindparam, false, or_, select
from sqlalchemy.orm import Session

from server.core.errors import NotFound
from server.core.sheets import CellKind, SheetColumn
from server.kit.deadlines.calendar.working_days import due_after, end_of_today
from server.kit.enterprises import enterprise_conditions, enterprise_controls
from server.kit.filters import (
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
from server.kit.keyset import ByDay, Order, newest_first
from server.kit.listing import Listing, Request, Tab
from server.kit.scope import WIDE_COLUMNS, Names, Scope, area_of, name_of, scopes_of, union_choices, union_names
from server.kit.teamwork.sharing import given_to
from server.kit.todos import todo_of_list
from server.photos.pictures.links import thumbnail_urls
from server.photos.queries import find_ready
from server.review.queue.permissions import MAY
from server.review.queue.schemas import (
    ALL,
    ANSWERED_TEXTS,
    DAY_TEXTS,
    DUE_TEXTS,
    OVERDUE,
    SHOWN,
    Answered,
    DayOf,
    Due,
    QueueFilter,
)
from server.review.safety.queries import find_held, held_condition
from server.review.search.queries import having, ids_having
from server.review.submissions.anonymity.identity import may_see_traces, shown_moment
from server.review.submissions.kinds.registry import KindWords, all_kinds, kind_of
from server.review.submissions.models import ARRIVED, Kind, Status, Submission
from server.review.submissions.texts import STATUS_TEXTS, status_text
from server.unions.actor import Actor
from server.unions.campaigns.queries import CampaignFacts, campaign_facts, current_campaign
from server.unions.people.models import Person
from server.unions.roles import REVIEWERS, Role
from server.unions.tree.rules import ANCESTOR_COLUMNS

NEWEST_FIRST = frozenset({Status.ACCEPTED, Status.DECLINED, Status.DUPLICATE, Status.WITHDRAWN})
ITEM = "/console/submissions"
_UNIONS_OF = attrgetter("district_id", "town_id", "enterprise_id", "routed_union_id")
_PEOPLE = cast(Table, Person.__table__)
_PERSON_NAMES = select(_PEOPLE.c.id, _PEOPLE.c.name).where(_PEOPLE.c.id.in_(bindparam("ids", expanding=True)))

TABLE = cast(Table, Submission.__table__)
COLUMNS = [
    TABLE.c[name]
    for name in (
        "id", "number", "kind", "status", "version", "campaign_id", "category", "excerpt", "place", "grade",
        "photos_expected", "cover_photo_id", "district_id", "town_id", "enterprise_id", "routed_union_id",
        "reporter_id", "claimed_by_id", "claimed_until", "created_at", "due_at", "city_id", "is_anonymous",
        "disclosed_at",
    )
]  # fmt: skip
SOURCE = select(*COLUMNS).where(ARRIVED, TABLE.c.due_at.is_not(None))  # else withdrawn before it arrived: not ours
BY_DEADLINE = Order((TABLE.c.due_at, TABLE.c.id), (datetime, UUID))
LATEST_FIRST = Order(BY_DEADLINE.columns, BY_DEADLINE.kinds, descending=True)
EVERYTHING = newest_first(TABLE.c.id)


def _tab(status: Status) -> Tab:
    order = LATEST_FIRST if status in NEWEST_FIRST else BY_DEADLINE
    return Tab(status, STATUS_TEXTS[status], ((TABLE.c.status == status,),), order=order)


_OF_EACH_STATUS = tuple((TABLE.c.status == status,) for status in SHOWN)
QUEUED, *OTHERS = (_tab(status) for status in SHOWN)
TABS = (
    QUEUED,
    Tab(OVERDUE, "已逾期", QUEUED.pieces, where=lambda now: (TABLE.c.due_at < now,), is_alert=True),
    *OTHERS,
    Tab(ALL, "全部", order=EVERYTHING, is_counted=False),
)


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One line of the list with all that it shows, for by that it is drawn once. `claimed_by_name` only while the claim
    lasts; `area` reads like 市南区 · 八大湖街道.

    `is_held`: the content check found something that others may not see yet.
    `day_only`: the viewer may know the day it was sent and no more, and `created_at` is the beginning of that day.
    """

    id: UUID
    number: str
    href: str
    version: int
    kind: Kind
    words: KindWords = field(hash=False)
    status: Status
    status_text: str
    excerpt: str
    category: str
    category_name: str
    place: str
    area: str
    enterprise_name: str | None
    routed_name: str
    grade: int | None
    grade_name: str | None
    photos: int
    thumbnail_url: str | None
    is_anonymous: bool
    is_held: bool
    created_at: datetime
    day_only: bool
    due_at: datetime | None
    is_overdue: bool
    claimed_by_name: str | None
    claimed_by_me: bool


def item_href(submission_id: UUID, query: str) -> str:
    """The review page of a submission, opened from the list with these filters."""
    return f"{ITEM}/{submission_id}?{query}" if query else f"{ITEM}/{submission_id}"


# --- what narrows it --------------------------------------------------------------------------------------------------


def _tab_text(tab: Tab, filters: QueueFilter) -> str:
    """With one kind alone, statuses are called as that kind calls them."""
    return status_text(filters.kind, Status(tab.value)) if filters.kind and tab.value in STATUS_TEXTS else tab.text


def _narrow(asked: Request[QueueFilter]) -> list[ColumnElement[bool]]:
    filters, now = asked.filters, asked.now
    day = TABLE.c.created_at if filters.day_of is DayOf.SENT else TABLE.c.due_at
    conditions = equal(TABLE, filters, "kind", "category", "grade") + within_days(day, filters)
    conditions += enterprise_conditions(asked.session, TABLE, filters)
    if filters.due is not None:
        conditions += _due(filters.due, now)
    if filters.answered is not None:
        conditions.append(_answered(filters.answered, now))
    if filters.mine:
        seen = scopes_of(asked.session, asked.actor, MAY, filters.union)
        conditions += [TABLE.c.claimed_by_id == asked.actor.person_id, TABLE.c.claimed_until > now]
        conditions.append(or_(false(), *(TABLE.c[scope.column] == scope.union_id for scope in seen)))
    if filters.given:
        conditions.append(given_to("submission", TABLE.c.id, asked.actor.person_id))
    if filters.held:
        conditions.append(held_condition(TABLE.c.id))
    if filters.routed and filters.union is not None:
        conditions.append(TABLE.c.routed_union_id.in_(_seats(asked.actor)))
    if filters.below:
        conditions.append(TABLE.c.routed_union_id.not_in(_seats(asked.actor)))
    return conditions


def _by_day(filters: QueueFilter) -> ByDay | None:
    """When it was sent, as of a city or a district, whose reviewers may know the times of the anonymous; everything by
    its deadlines, as the tabs are sorted anyway."""
    if filters.day_of is DayOf.SENT:
        return ByDay((TABLE.c.created_at, TABLE.c.id), _OF_EACH_STATUS, WIDE_COLUMNS)
    return ByDay(BY_DEADLINE.columns, _OF_EACH_STATUS, frozenset(ANCESTOR_COLUMNS)) if filters.status == ALL else None


def scopes_in(asked: Request[QueueFilter]) -> list[Scope]:
    """The subtrees to show; what is up to the actor's own unions is found by who has to answer, what they work on by
    themselves, not row by row."""
    if asked.filters.mine:
        return [Scope("claimed_by_id", asked.actor.person_id)]
    if asked.filters.routed and asked.filters.union is None:
        return [Scope("routed_union_id", union_id) for union_id in _seats(asked.actor)]
    return scopes_of(asked.session, asked.actor, MAY, asked.filters.union)


def _seats(actor: Actor) -> list[UUID]:
    return sorted({role_at.union_id for role_at in actor.reviewing})


def _due(due: Due, now: datetime) -> list[ColumnElement[bool]]:
    if due is Due.OVERDUE:
        return [TABLE.c.due_at < now]
    until = end_of_today(now) if due is Due.TODAY else due_after(now, 1)
    return [TABLE.c.due_at >= now, TABLE.c.due_at <= until]


def _answered(answered: Answered, now: datetime) -> ColumnElement[bool]:
    if answered is Answered.IN_TIME:
        return TABLE.c.decided_at <= TABLE.c.due_at
    waits = and_(TABLE.c.status == Status.QUEUED, TABLE.c.due_at < now)
    return or_(TABLE.c.decided_at > TABLE.c.due_at, waits)


def _search(asked: Request[QueueFilter], limit: int | None) -> Select[Any] | None:
    return ids_having(asked.session, asked.actor, asked.filters.q, limit)


def _controls(asked: Request[QueueFilter]) -> list[Control]:
    filters = asked.filters
    categories, grades = _choices(asked.session)
    controls = [
        select_control(filters, "kind", "种类", {each.kind: each.words.name for each in all_kinds()}),
        union_control(union_choices(asked.session, asked.actor, MAY, filters.union)),
        select_control(filters, "category", "类别", categories),
    ]
    if filters.status in (Status.ACCEPTED, ALL):
        controls.append(select_control(filters, "grade", "等级", grades))
    if filters.status != OVERDUE:
        controls.append(select_control(filters, "due", "期限", DUE_TEXTS))
    if filters.answered is not None:
        controls.append(select_control(filters, "answered", "答复", ANSWERED_TEXTS))
    controls += enterprise_controls(filters)
    return [
        *controls,
        choice_control(filters, "day_of", "日期按", DAY_TEXTS),
        *day_controls(filters, DAY_TEXTS[filters.day_of]),
        flag_control(filters, "mine", "我在处理的"),
        flag_control(filters, "given", "给我的"),
        flag_control(filters, "routed", "只看由本级处理的"),
        flag_control(filters, "below", "只看下级在办的"),
        flag_control(filters, "held", "内容待核的"),
        search_control(filters, "q", "搜索说明、地点、单位、编号"),
    ]


def _choices(session: Session) -> tuple[Mapping[str, str], Mapping[int, str]]:
    """Categories and grades of the current campaign; none between campaigns, when the queue must work all the same."""
    try:
        campaign = current_campaign(session)
    except NotFound:
        return {}, {}
    return {**campaign.categories, **campaign.suggestion_categories}, campaign.grades


# --- what it shows ----------------------------------------------------------------------------------------------------


def _describe(asked: Request[QueueFilter], rows: Sequence[Any]) -> list[QueueRow]:
    """Sheets need neither pictures nor what is of this moment."""
    session, now = asked.session, asked.now
    unions = union_names(session, {union_id for row in rows for union_id in _UNIONS_OF(row)})
    people: Mapping[UUID, str | None] = {}
    thumbnails: Mapping[UUID, str] = {}
    held: Collection[UUID] = ()
    if not asked.is_sheet:
        people = person_names(session, {row.claimed_by_id for row in rows if _is_claimed(row, now)})
        covers = find_ready(session, {row.cover_photo_id for row in rows if row.cover_photo_id is not None})
        thumbnails = thumbnail_urls(covers, now=now)
        held = find_held(session, [row.id for row in rows])
    query = asked.filters.to_query()
    campaigns = {each: campaign_facts(session, each) for each in {row.campaign_id for row in rows}}
    return [
        _row(asked, row, query, campaigns[row.campaign_id], unions, people, thumbnails, row.id in held) for row in rows
    ]


def _row(
    asked: Request[QueueFilter], row: Any, query: str, campaign: CampaignFacts,
    unions: Names, people: Mapping[UUID, str | None], thumbnails: Mapping[UUID, str],
    is_held: bool,
) -> QueueRow:  # fmt: skip
    is_claimed, day_only = _is_claimed(row, asked.now), not may_see_traces(asked.actor, row)
    words = kind_of(row.kind).words
    return QueueRow(
        id=row.id,
        number=row.number or "",
        href=item_href(row.id, query),
        version=row.version,
        kind=row.kind,
        words=words,
        status=row.status,
        status_text=status_text(row.kind, row.status),
        excerpt=row.excerpt,
        category=row.category,
        category_name=campaign.category_name(row.category),
        place=row.place,
        area=area_of(unions, row),
        enterprise_name=name_of(unions, row.enterprise_id),
        routed_name=unions[row.routed_union_id].name,
        grade=row.grade,
        grade_name=campaign.grades.get(row.grade) if row.grade is not None else None,
        photos=row.photos_expected,
        thumbnail_url=thumbnails.get(row.cover_photo_id),
        is_anonymous=row.is_anonymous,
        is_held=is_held,
        created_at=shown_moment(asked.actor, row, row.created_at),
        day_only=day_only,
        due_at=row.due_at,
        is_overdue=row.status is Status.QUEUED and row.due_at < asked.now,
        claimed_by_name=(people.get(row.claimed_by_id) or "审核员") if is_claimed else None,
        claimed_by_me=is_claimed and row.claimed_by_id == asked.actor.person_id,
    )


def _is_claimed(row: Any, now: datetime) -> bool:
    return row.claimed_until is not None and row.claimed_until > now


def person_names(session: Session, person_ids: Collection[UUID | None]) -> dict[UUID, str | None]:
    """The name of each person, None for those who gave none."""
    wanted = [each for each in person_ids if each is not None]
    if not wanted:
        return {}
    rows = session.execute(_PERSON_NAMES, {"ids": wanted})
    return {row.id: row.name for row in rows}


SHEET: tuple[SheetColumn[QueueRow], ...] = (
    SheetColumn("编号", lambda row: row.number),
    SheetColumn("种类", lambda row: row.words.name, width=12),
    SheetColumn("内容", lambda row: row.excerpt or row.category_name, width=40),
    SheetColumn("类别", lambda row: row.category_name),
    SheetColumn("等级", lambda row: row.grade_name, width=10),
    SheetColumn("状态", lambda row: row.status_text, width=12),
    SheetColumn("单位", lambda row: row.enterprise_name, width=28),
    SheetColumn("区域", lambda row: row.area, width=22),
    SheetColumn("地点", lambda row: row.place, width=24),
    SheetColumn("处理单位", lambda row: row.routed_name, width=28),
    SheetColumn("上报日期", lambda row: row.created_at, CellKind.DAY),  # of anonymous ones no more may be known
    SheetColumn("办理期限", lambda row: row.due_at, CellKind.DAY),
    SheetColumn("照片", lambda row: row.photos, CellKind.WHOLE),
    SheetColumn("匿名", lambda row: "是" if row.is_anonymous else "", width=8),
)

QUEUE: Listing[QueueFilter, QueueRow] = Listing(
    name="queue",
    title="待办队列",
    ledger="隐患和建议台账",
    path="/console/queue",
    filters=QueueFilter,
    table=TABLE,
    source=SOURCE,
    order=BY_DEADLINE,
    order_texts=("按时间", "按时间，倒序"),
    scopes=scopes_in,
    narrow=_narrow,
    campaign=TABLE.c.campaign_id,
    by_day=_by_day,
    search=_search,
    words=lambda asked: having(asked.session, asked.actor, TABLE.c.id, asked.filters.q),
    controls=_controls,
    describe=_describe,
    sheet=SHEET,
    tabs=TABS,
    tab_text=_tab_text,
    is_sampled=True,
)

_ABOVE = REVIEWERS - {Role.ENTERPRISE_REVIEWER}
BELOW = (
    todo_of_list("queue_below", "{} 条待受理", QUEUE, QueueFilter(below=True), _ABOVE, is_below=True),
    todo_of_list(
        "queue_late_below", "{} 条待受理逾期", QUEUE, QueueFilter(status=OVERDUE, below=True), _ABOVE, is_below=True
    ),
)
