"""The list of adopted suggestions in somebody's subtrees, by how far they have come, the newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, cast
from uuid import UUID

from pydantic import StringConstraints
from sqlalchemy import Boolean, ColumnElement, Table, func, literal_column, select, text
from sqlalchemy.orm import Session

from server.activities.suggestions.implementation.progress import status_text_of
from server.activities.suggestions.models import STAGES, PlanStep, Suggestion
from server.activities.suggestions.permissions import MAY_READ
from server.core.clock import in_shanghai
from server.core.errors import NotFound
from server.core.sheets import CellKind, SheetColumn
from server.core.slice import Todo, count_todos
from server.core.web.schemas import Line
from server.kit.filters import (
    CampaignFilter,
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
from server.kit.keyset import ByDay, Part, newest_first
from server.kit.listing import ByNumber, Listing, Request, Tab
from server.kit.scope import WIDE_COLUMNS, scopes_of, union_choices
from server.review.submissions.anonymity.identity import reporter_label
from server.review.submissions.models import Submission
from server.review.submissions.texts import numbers_meant
from server.unions.actor import Actor
from server.unions.campaigns.queries import campaign_facts, current_campaign
from server.unions.people.models import Person
from server.unions.roles import Level
from server.unions.tree.models import Union

SUBMISSIONS, SUGGESTIONS = cast(Table, Submission.__table__), cast(Table, Suggestion.__table__)
PEOPLE, UNIONS, STEP = cast(Table, Person.__table__), cast(Table, Union.__table__), cast(Table, PlanStep.__table__)


class Stage(StrEnum):
    """How far an adopted suggestion has come."""

    UNPLANNED = "unplanned"
    RUNNING = "running"
    DONE = "done"
    CONFIRMED = "confirmed"
    PUBLISHED = "published"
    ALL = "all"


class SuggestionFilter(CampaignFilter, DatedFilter):
    """What to show, and of which days of adoption. `q`: words of the title, or a number."""

    stage: Stage = Stage.UNPLANNED
    union: UUID | None = None
    category: Annotated[Line, StringConstraints(max_length=30)] | None = None
    own: bool = False  # of one's own enterprise
    q: Annotated[Line, StringConstraints(max_length=100)] = ""


UNPLANNED, RUNNING, DONE = (
    (literal_column(STAGES[stage].text, Boolean()),) for stage in (Stage.UNPLANNED, Stage.RUNNING, Stage.DONE)
)
TABS = (
    Tab(Stage.UNPLANNED, "待安排", (UNPLANNED,)),
    Tab(Stage.RUNNING, "落实中", (RUNNING,)),
    Tab(Stage.DONE, "待确认效果", (DONE,)),
    Tab(Stage.CONFIRMED, "已见效", ((SUGGESTIONS.c.confirmed_at.is_not(None),),)),
    Tab(Stage.PUBLISHED, "已公开", ((SUGGESTIONS.c.published_at.is_not(None),),)),
    Tab(Stage.ALL, "全部"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list. `is_late`: the next step should have been done."""

    href: str
    number: str
    title: str
    author: str
    enterprise_name: str
    category_name: str
    steps: int
    done: int
    next_due_on: date | None
    is_late: bool
    status_text: str
    supporters: int
    is_published: bool
    decided_at: datetime | None
    confirmed_at: datetime | None
    money_cents: int | None
    hours: int | None


ADOPTED_ONES = (
    text("submissions.kind = 'suggestion'"),  # as the indexes of adopted ones are written
    text("submissions.status = 'accepted'"),
)


# Asked of the rows that are shown alone. PostgreSQL leaves an outer join out of a count, but not the columns that it
# compares: it would read each row that it can count off an index.
_AUTHOR = select(PEOPLE.c.name).where(PEOPLE.c.id == SUBMISSIONS.c.reporter_id).scalar_subquery()
_ENTERPRISE = select(UNIONS.c.name).where(UNIONS.c.id == SUBMISSIONS.c.enterprise_id).scalar_subquery()
_NEXT_STEP = (
    select(func.min(STEP.c.due_on))
    .where(STEP.c.submission_id == SUBMISSIONS.c.id, STEP.c.done_on.is_(None))
    .correlate(SUBMISSIONS)
    .scalar_subquery()
)
SOURCE = (
    select(
        *(
            SUBMISSIONS.c[name]
            for name in (
                "id", "number", "campaign_id", "category", "decided_at", "is_anonymous", "disclosed_at", "city_id",
            )
        ),
        *(
            SUGGESTIONS.c[name]
            for name in (
                "title", "confirmed_at", "published_at", "supporters", "money_cents", "hours", "steps", "open_steps",
            )
        ),
        _AUTHOR.label("author"),
        _ENTERPRISE.label("enterprise_name"),
        _NEXT_STEP.label("next_due_on"),
    )
    .select_from(SUBMISSIONS)
    .join(SUGGESTIONS, SUGGESTIONS.c.submission_id == SUBMISSIONS.c.id)
    .where(*ADOPTED_ONES)
)  # fmt: skip


def _narrow(asked: Request[SuggestionFilter]) -> list[ColumnElement[bool]]:
    filters = asked.filters
    conditions = equal(SUBMISSIONS, filters, "category")
    if filters.own:
        conditions.append(SUBMISSIONS.c.enterprise_id.in_([role_at.union_id for role_at in asked.actor.roles]))
    conditions += within_days(SUBMISSIONS.c.decided_at, filters)
    if numbers := numbers_meant(filters.q):
        return [*conditions, SUBMISSIONS.c.number.in_(numbers)]
    return conditions + [holds(SUGGESTIONS.c.title, word) for word in filters.q.split()]


def _controls(asked: Request[SuggestionFilter]) -> list[Control]:
    filters = asked.filters
    try:
        categories = current_campaign(asked.session).suggestion_categories
    except NotFound:
        categories = {}
    return [
        union_control(union_choices(asked.session, asked.actor, MAY_READ, filters.union)),
        select_control(filters, "category", "类别", categories),
        *day_controls(filters, "采纳"),
        flag_control(filters, "own", "本单位的"),
        search_control(filters, "q", "搜索标题、编号"),
    ]


def _describe(asked: Request[SuggestionFilter], rows: Sequence[Any]) -> list[Row]:
    return [_row(asked, row) for row in rows]


def _row(asked: Request[SuggestionFilter], row: Any) -> Row:
    steps, done = row.steps, row.steps - row.open_steps
    return Row(
        href=f"/console/suggestions/{row.id}",
        number=row.number or "",
        title=row.title,
        author=reporter_label(asked.actor, row, row.author),
        enterprise_name=row.enterprise_name or "",
        category_name=campaign_facts(asked.session, row.campaign_id).category_name(row.category),
        steps=steps,
        done=done,
        next_due_on=row.next_due_on,
        is_late=row.next_due_on is not None and row.next_due_on < in_shanghai(asked.now).date(),
        status_text=status_text_of(steps, done, row.confirmed_at),
        supporters=row.supporters,
        is_published=row.published_at is not None,
        decided_at=row.decided_at,
        confirmed_at=row.confirmed_at,
        money_cents=row.money_cents,
        hours=row.hours,
    )


SHEET: tuple[SheetColumn[Row], ...] = (
    SheetColumn("编号", lambda row: row.number),
    SheetColumn("建议", lambda row: row.title, width=40),
    SheetColumn("类别", lambda row: row.category_name),
    SheetColumn("单位", lambda row: row.enterprise_name, width=28),
    SheetColumn("提出人", lambda row: row.author, width=12),
    SheetColumn("采纳日期", lambda row: row.decided_at, CellKind.DAY),
    SheetColumn("落实步数", lambda row: row.steps, CellKind.WHOLE),
    SheetColumn("已完成", lambda row: row.done, CellKind.WHOLE),
    SheetColumn("下一步期限", lambda row: row.next_due_on, CellKind.DAY),
    SheetColumn("状态", lambda row: row.status_text, width=12),
    SheetColumn("见效日期", lambda row: row.confirmed_at, CellKind.DAY),
    SheetColumn("年效益（元）", lambda row: row.money_cents, CellKind.MONEY, is_summed=True),
    SheetColumn("节约工时", lambda row: row.hours, CellKind.WHOLE, is_summed=True),
    SheetColumn("支持人数", lambda row: row.supporters, CellKind.WHOLE),
    SheetColumn("已公开", lambda row: "是" if row.is_published else "", width=10),
)

ADOPTED: Listing[SuggestionFilter, Row] = Listing(
    name="suggestions",
    title="建议落实",
    ledger="安全建议落实台账",
    path="/console/suggestions",
    filters=SuggestionFilter,
    table=SUBMISSIONS,
    source=SOURCE,
    order=newest_first(SUBMISSIONS.c.id),
    scopes=lambda asked: scopes_of(asked.session, asked.actor, MAY_READ, asked.filters.union),
    narrow=_narrow,
    campaign=SUBMISSIONS.c.campaign_id,
    controls=_controls,
    describe=_describe,
    sheet=SHEET,
    tabs=TABS,
    tab_name="stage",
    by_day=lambda _: ByDay((SUBMISSIONS.c.decided_at, SUBMISSIONS.c.id), scopes=WIDE_COLUMNS),
    by_number=ByNumber(numbers_meant, Stage.ALL),
)


def _todo(stage: Stage, conditions: Part, words: str) -> Todo:
    """A stage of what the actor's own enterprises adopted. Counted without what else the list shows of each."""

    def count(session: Session, actor: Actor, _now: datetime) -> int:
        own = [role_at.union_id for role_at in actor.reviewing if role_at.level is Level.ENTERPRISE]
        if not own:
            return 0
        adopted = select(SUBMISSIONS.c.id).join(SUGGESTIONS, SUGGESTIONS.c.submission_id == SUBMISSIONS.c.id)
        return count_todos(session, adopted.where(*ADOPTED_ONES, SUBMISSIONS.c.enterprise_id.in_(own), *conditions))

    path = f"{ADOPTED.path}?{SuggestionFilter(stage=stage, own=True).to_query()}"
    return Todo(f"suggestions_{stage}", path, words, count, SUGGESTIONS)


TODOS = (
    _todo(Stage.UNPLANNED, UNPLANNED, "{} 条采纳的建议等安排落实"),
    _todo(Stage.DONE, DONE, "{} 条建议等确认效果"),
)
