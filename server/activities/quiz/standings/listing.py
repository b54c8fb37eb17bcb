"""Who took part in a quiz, enterprise by enterprise, and who did not. Neither is a ranking: people stand by where they
work, never by score (decisions 44 and 56)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar, TypeVar, cast
from uuid import UUID

from pydantic import StringConstraints
from sqlalchemy import ColumnElement, Exists, Select, Table, exists, or_, select

from server.activities.quiz.attempts.models import Attempt, AttemptStatus, QuizStanding
from server.activities.quiz.levels.queries import QuizFacts, get_facts, list_published
from server.activities.quiz.standings.permissions import PERMISSIONS
from server.core.errors import NotFound
from server.core.sheets import CellKind, SheetColumn
from server.core.web.schemas import Line
from server.kit.filters import Control, ListFilter, choice_control, search_control, union_control
from server.kit.keyset import InOrder, Order, Unindexed
from server.kit.listing import Listing, Request, Tab
from server.kit.scope import Names, Scope, name_of, said_of, scopes_of, union_choices, union_names
from server.unions.actor import Actor
from server.unions.people.models import Person, SamePerson
from server.unions.people.permissions import PERMISSIONS as PEOPLE
from server.unions.people.queries import named, people_in_scope
from server.unions.people.rules import mask_phone
from server.unions.tree.models import Union

UNIONS, PEOPLE_TABLE = cast(Table, Union.__table__), cast(Table, Person.__table__)
STANDINGS, SAME_PEOPLE = cast(Table, QuizStanding.__table__), cast(Table, SamePerson.__table__)
# Along the enterprises of the subtree, and the index of each one's people: no other way begins at a page of a district
# without reading the whole city. Neither standings nor people carry their ancestors, so nothing is left behind when a
# union moves.
ENTERPRISE_ID = UNIONS.c.id.label("enterprise_id")
MAY_READ = PERMISSIONS["quiz.scores"]
NO_DAYS = "一场闯关本身就是一段时间"


class Progress(StrEnum):
    """How far somebody has come."""

    ALL = "all"
    FINISHED = "finished"
    ON_THE_WAY = "on_the_way"


class QuizFilter(ListFilter):
    """Of which quiz, the newest if none is named; of which union; whom."""

    UNKEPT: ClassVar[frozenset[str]] = frozenset({"q"})

    quiz: UUID | None = None
    union: UUID | None = None
    q: Annotated[Line, StringConstraints(max_length=50)] = ""


class ScoreFilter(QuizFilter):
    """Also: how far they have come."""

    progress: Progress = Progress.ALL


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody works."""

    enterprise: str
    town: str
    district: str


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """Somebody who took part."""

    person_id: UUID
    name: str
    place: Place
    passed: int
    levels: int
    score: int
    finished_at: datetime | None
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class AbsentRow:
    """Somebody who did not. The phone number is whole only in the sheet of who may read numbers."""

    person_id: UUID
    name: str
    place: Place
    phone: str


Filter = TypeVar("Filter", bound=QuizFilter)


def chosen_quiz(asked: Request[Filter]) -> QuizFacts:
    """The quiz of the filters, the newest by default. Raises NotFound."""
    if asked.filters.quiz is not None:
        return get_facts(asked.session, asked.filters.quiz)
    published = list_published(asked.session)
    if not published:
        raise NotFound("还没有公布的闯关。", code="no_quiz")
    return published[0]


def _scopes(asked: Request[Filter]) -> list[Scope]:
    return scopes_of(asked.session, asked.actor, MAY_READ, asked.filters.union)


def _controls(asked: Request[Filter]) -> list[Control]:
    filters = asked.filters
    quizzes = {str(quiz.id): quiz.name for quiz in list_published(asked.session)}
    shown = filters.model_copy(update={"quiz": str(chosen_quiz(asked).id)})
    return [
        choice_control(shown, "quiz", "哪一场", quizzes),
        union_control(union_choices(asked.session, asked.actor, MAY_READ, filters.union)),
        search_control(filters, "q", "姓名"),
    ]


def _named(filters: QuizFilter) -> list[ColumnElement[bool]]:
    return [PEOPLE_TABLE.c.id.in_(named(filters.q))] if filters.q else []


def _place(names: Names, row: Any) -> Place:
    return Place(
        name_of(names, row.enterprise_id) or "",
        said_of(names, row.town_id) or "",
        said_of(names, row.district_id) or "",
    )


def _names(asked: Request[Filter], rows: Sequence[Any]) -> Names:
    return union_names(
        asked.session, {each for row in rows for each in (row.enterprise_id, row.town_id, row.district_id)}
    )


# --- who took part ----------------------------------------------------------------------------------------------------


def _narrow_scores(asked: Request[ScoreFilter]) -> list[ColumnElement[bool]]:
    """Who handed an attempt in, be it for nothing. A standing alone may be a mere wish to be on leaderboards."""
    handed_in = exists().where(
        Attempt.person_id == STANDINGS.c.person_id, Attempt.quiz_id == STANDINGS.c.quiz_id,
        Attempt.status == AttemptStatus.GRADED,
    )  # fmt: skip
    took_part = or_(STANDINGS.c.score > 0, handed_in)
    return [STANDINGS.c.quiz_id == chosen_quiz(asked).id, took_part, *_named(asked.filters)]


def _describe_scores(asked: Request[ScoreFilter], rows: Sequence[Any]) -> list[ScoreRow]:
    levels, names = len(chosen_quiz(asked).levels), _names(asked, rows)
    return [
        ScoreRow(
            row.person_id, row.name or "未填姓名", _place(names, row), row.levels_passed, levels, row.score,
            row.finished_at, row.updated_at,
        )
        for row in rows
    ]  # fmt: skip


def _place_columns(place: Any) -> tuple[SheetColumn[Any], ...]:
    return (
        SheetColumn("区市", lambda row: place(row).district, width=14),
        SheetColumn("镇街", lambda row: place(row).town, width=16),
        SheetColumn("单位", lambda row: place(row).enterprise, width=30),
    )


SCORE_SHEET: tuple[SheetColumn[ScoreRow], ...] = (
    SheetColumn("姓名", lambda row: row.name, width=14),
    *_place_columns(lambda row: row.place),
    SheetColumn("通过几关", lambda row: row.passed, CellKind.WHOLE),
    SheetColumn("共几关", lambda row: row.levels, CellKind.WHOLE),
    SheetColumn("总分", lambda row: row.score, CellKind.WHOLE),
    SheetColumn("是否通关", lambda row: "是" if row.finished_at else "否", width=10),
    SheetColumn("通关日期", lambda row: row.finished_at, CellKind.DAY),
    SheetColumn("最近答题", lambda row: row.updated_at, CellKind.DAY),
)

SCORE_COLUMNS = (
    ENTERPRISE_ID,
    *(STANDINGS.c[name] for name in ("person_id", "levels_passed", "score", "finished_at", "updated_at")),
    PEOPLE_TABLE.c.name, UNIONS.c.town_id, UNIONS.c.district_id,
)  # fmt: skip
OWN_STANDING, OWN_ENTERPRISE = STANDINGS.c.person_id == PEOPLE_TABLE.c.id, UNIONS.c.id == STANDINGS.c.enterprise_id
# Where a page begins at an enterprise, SQLite would conclude from an equality that a standing's is no lesser one, and
# read of each enterprise the standings of all that follow.
OF_ENTERPRISE = Unindexed(UNIONS.c.id) == STANDINGS.c.enterprise_id
SCORES: Listing[ScoreFilter, ScoreRow] = Listing(
    name="quiz_scores",
    title="成绩单",
    ledger="知识闯关成绩单",
    path="/console/quiz-scores",
    filters=ScoreFilter,
    table=UNIONS,
    source=select(*SCORE_COLUMNS).select_from(
        InOrder(UNIONS, STANDINGS, OF_ENTERPRISE).join(PEOPLE_TABLE, OWN_STANDING)
    ),
    sought=select(*SCORE_COLUMNS).select_from(
        InOrder(InOrder(PEOPLE_TABLE, STANDINGS, OWN_STANDING), UNIONS, OWN_ENTERPRISE)
    ),
    order=Order((ENTERPRISE_ID, STANDINGS.c.person_id), (UUID, UUID)),
    order_texts=("按单位", "按单位，倒序"),
    scopes=_scopes,
    narrow=_narrow_scores,
    controls=_controls,
    describe=_describe_scores,
    sheet=SCORE_SHEET,
    lacks={"days": NO_DAYS},
    tabs=(
        Tab(Progress.ALL, "全部"),
        # Uncounted: where nobody has finished yet, a count would read everybody's standing.
        Tab(Progress.FINISHED, "已通关", ((STANDINGS.c.finished_at.is_not(None),),), is_counted=False),
        Tab(Progress.ON_THE_WAY, "还没通关", ((STANDINGS.c.finished_at.is_(None),),), is_counted=False),
    ),
    tab_name="progress",
    place_names=("quiz",),
)  # fmt: skip


# --- who did not ------------------------------------------------------------------------------------------------------


def _narrow_absentees(asked: Request[QuizFilter]) -> list[ColumnElement[bool]]:
    """People bound to an enterprise who never began an attempt, nor did another row of the same human being. Raises
    NotFound unless the campaign of the quiz lets them be listed."""
    quiz = chosen_quiz(asked)
    if not quiz.lists_absentees:
        raise NotFound("这次活动没有开放未参加名单。需要的话，请市总工会在活动设置里开放。", code="absentees_off")

    def began(person_id: ColumnElement[Any]) -> Exists:
        return exists().where(Attempt.person_id == person_id, Attempt.quiz_id == quiz.id)

    # One within the other: side by side, SQLite reads every attempt of the quiz for each person.
    other_began = exists().where(SamePerson.person_id == PEOPLE_TABLE.c.id, began(SAME_PEOPLE.c.other_id))
    absent = ~or_(began(PEOPLE_TABLE.c.id), other_began)
    return [PEOPLE_TABLE.c.is_active.is_(True), UNIONS.c.is_active.is_(True), absent, *_named(asked.filters)]


def _describe_absentees(asked: Request[QuizFilter], rows: Sequence[Any]) -> list[AbsentRow]:
    names, readable = _names(asked, rows), _readable(asked, rows)
    return [
        AbsentRow(
            row.id, row.name or "未填姓名", _place(names, row),
            (row.phone or "") if row.id in readable else mask_phone(row.phone) or "",
        )
        for row in rows
    ]  # fmt: skip


def _readable(asked: Request[QuizFilter], rows: Sequence[Any]) -> set[UUID]:
    """Of whom the sheet gives the whole number: to call them. Each download is on record, a look at the page is not."""
    if not asked.is_sheet:
        return set()
    return set(asked.session.scalars(numbers_readable([row.id for row in rows], asked.actor)))


def numbers_readable(person_ids: Sequence[UUID], actor: Actor) -> Select[UUID]:
    """Those whose numbers the actor may read. SQLite would look up each of the ids at each enterprise of the city."""
    theirs = people_in_scope(actor, PEOPLE["person.read_private"])
    return select(Person.id).where(Person.id.in_(person_ids), Unindexed(theirs.self_group()))


ABSENT_SHEET: tuple[SheetColumn[AbsentRow], ...] = (
    SheetColumn("姓名", lambda row: row.name, width=14),
    *_place_columns(lambda row: row.place),
    SheetColumn("手机", lambda row: row.phone, width=14),
    SheetColumn("联系情况", lambda _: "", width=24),
)

ABSENT_COLUMNS = (
    ENTERPRISE_ID, *(PEOPLE_TABLE.c[name] for name in ("id", "name", "phone")), UNIONS.c.town_id, UNIONS.c.district_id,
)  # fmt: skip
WORKS_THERE = PEOPLE_TABLE.c.enterprise_id == UNIONS.c.id
ABSENTEES: Listing[QuizFilter, AbsentRow] = Listing(
    name="quiz_absentees",
    title="没有参加的人",
    ledger="知识闯关未参加人员联系表",
    path="/console/quiz-absentees",
    filters=QuizFilter,
    table=UNIONS,
    source=select(*ABSENT_COLUMNS).select_from(InOrder(UNIONS, PEOPLE_TABLE, WORKS_THERE)),
    sought=select(*ABSENT_COLUMNS).select_from(InOrder(PEOPLE_TABLE, UNIONS, WORKS_THERE)),
    order=Order((ENTERPRISE_ID, PEOPLE_TABLE.c.id), (UUID, UUID)),
    order_texts=("按单位", "按单位，倒序"),
    scopes=_scopes,
    narrow=_narrow_absentees,
    controls=_controls,
    describe=_describe_absentees,
    sheet=ABSENT_SHEET,
    lacks={"days": NO_DAYS},
    place_names=("quiz",),
)  # fmt: skip


def links_of(quiz_id: UUID, union_id: UUID | None) -> Mapping[str, str]:
    """Where the two lists stand for a quiz and a union."""
    query = f"quiz={quiz_id}" + (f"&union={union_id}" if union_id is not None else "")
    return {"scores": f"{SCORES.path}?{query}", "absentees": f"{ABSENTEES.path}?{query}"}
