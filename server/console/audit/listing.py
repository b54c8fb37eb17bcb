"""The audit log as a list, newest first: who did or saw what, when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Annotated, Any, ClassVar, cast
from uuid import UUID

from pydantic import StringConstraints
from sqlalchemy import ColumnElement, Table, select, union_all
from sqlalchemy.orm import Session

from server.console.audit.anonymity.identities import hide_reporters, mentioned
from server.console.audit.texts import action_text, detail_text, subject_text, value_text
from server.core.audit.models import AuditEntry
from server.core.audit.queries import COLUMNS, AuditFilter, AuditRow, list_actions, narrowing
from server.core.clock import SHANGHAI
from server.core.sheets import CellKind, SheetColumn
from server.core.web.schemas import Line
from server.kit.filters import Control, DatedFilter, day_controls, search_control, select_control, text_control
from server.kit.keyset import newest_first
from server.kit.listing import Listing, Request, Tab
from server.kit.scope import Scope
from server.review.rectification.models import Rectification
from server.review.submissions.anonymity.identity import ANONYMOUS
from server.review.submissions.models import Submission
from server.review.submissions.texts import numbers_meant
from server.unions.people.models import Person
from server.unions.people.queries import named
from server.unions.tree.models import Union

TABLE = cast(Table, AuditEntry.__table__)
MOST_NAMESAKES = 50


class LogFilter(DatedFilter):
    """What to show, of which days. `who` is a name or the id of a person, `subject` an id or a submission's number."""

    UNKEPT: ClassVar[frozenset[str]] = frozenset({"who"})

    action: Annotated[Line, StringConstraints(max_length=100)] = ""
    who: Annotated[Line, StringConstraints(max_length=100)] = ""
    subject: Annotated[Line, StringConstraints(max_length=100)] = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """A row as the viewer may see it; `is_masked`: something was struck out that would give a reporter away."""

    entry: AuditRow
    is_masked: bool

    @property
    def id(self) -> UUID:
        return self.entry.id


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the log in words."""

    at: datetime
    actor: str
    actor_id: UUID | None
    address: str
    action: str
    action_text: str
    subject_text: str
    subject_id: str
    subject_name: str  # of a person, a union or a submission; empty where there is none
    details: Sequence[tuple[str, str]]
    seal_number: int | None


def _narrow(asked: Request[LogFilter]) -> list[ColumnElement[bool]]:
    filters = asked.filters
    return narrowing(
        AuditFilter(
            action=filters.action,
            subject_ids=_find_subjects(asked.session, filters.subject),
            since=datetime.combine(filters.since, time(), SHANGHAI) if filters.since else None,
            until=datetime.combine(filters.until + timedelta(days=1), time(), SHANGHAI) if filters.until else None,
        )
    )


def _scopes(asked: Request[LogFilter]) -> list[Scope] | None:
    """What each person of that name did is read by itself: looked for among everybody's, what somebody never did would
    be looked for in the whole log. None: what anybody did."""
    who = _find_people(asked)
    return None if who is None else [Scope("actor_id", each) for each in who]


def _find_people(asked: Request[LogFilter]) -> list[UUID] | None:
    """People of that name who are in the log, or the one with that id. None: everybody."""
    who = asked.filters.who
    if not who:
        return None
    if (known := _id_in(who)) is not None:
        return [known]
    if "who" not in asked.memo:
        did = select(TABLE.c.id).where(TABLE.c.actor_id == Person.id).exists()
        namesakes = select(Person.id).where(Person.id.in_(named(who)), Person.name == who, did)
        asked.memo["who"] = list(asked.session.scalars(namesakes.limit(MOST_NAMESAKES)))
    return cast(list[UUID], asked.memo["who"])


def _find_subjects(session: Session, subject: str) -> list[str] | None:
    """The submission of that number and what became of it, or what has that id. None: everything."""
    if not subject:
        return None
    if not (numbers := numbers_meant(subject)):
        return [subject]
    of_number = select(Submission.id).where(Submission.number.in_(numbers))
    became = select(Rectification.id).where(Rectification.submission_id.in_(of_number))
    return [str(each) for each in session.scalars(union_all(of_number, became))]


def _id_in(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _visible(asked: Request[LogFilter], rows: Sequence[Any]) -> list[Seen]:
    """Without what would give away whom one searched for."""
    subject = _id_in(asked.filters.subject)
    asked_for = [*(_find_people(asked) or ()), *([subject] if subject else ())]
    shown, masked = hide_reporters(asked.session, asked.actor, [AuditRow(*row) for row in rows], asked_for)
    return [Seen(entry, entry.id in masked) for entry in shown]


def _controls(asked: Request[LogFilter]) -> list[Control]:
    filters = asked.filters
    return [
        select_control(filters, "action", "操作", {each: action_text(each) for each in list_actions(asked.session)}),
        text_control(filters, "who", "操作人姓名"),
        *day_controls(filters, "日期"),
        search_control(filters, "subject", "隐患、建议的编号，或对象编号"),
    ]


def _describe(asked: Request[LogFilter], rows: Sequence[Any]) -> list[Row]:
    names = _names(asked.session, rows)
    return [_row(seen, names) for seen in rows]


def _names(session: Session, rows: Sequence[Seen]) -> Mapping[str, str]:
    """What the ids in the rows stand for: names of people and unions, numbers of submissions."""
    wanted = set().union(*(mentioned(seen.entry) for seen in rows))
    if not wanted:
        return {}
    people, unions, numbers = (
        session.execute(select(id_, said).where(id_.in_(wanted))).all()
        for id_, said in ((Person.id, Person.name), (Union.id, Union.name), (Submission.id, Submission.number))
    )
    return {
        **{str(row[0]): row[1] or "未填姓名" for row in people},
        **{str(row[0]): row[1] for row in (*unions, *numbers) if row[1]},
    }


def _row(seen: Seen, names: Mapping[str, str]) -> Row:
    entry = seen.entry
    if entry.actor_id is not None:
        actor = names.get(str(entry.actor_id), "已删除的人")
    else:
        actor = ANONYMOUS if seen.is_masked else "系统"
    kinds = (entry.action.partition(".")[0], entry.subject_type)
    return Row(
        at=entry.at,
        actor=actor,
        actor_id=entry.actor_id,
        address=entry.address,
        action=entry.action,
        action_text=action_text(entry.action),
        subject_text=subject_text(entry.subject_type),
        subject_id=entry.subject_id,
        subject_name=names.get(entry.subject_id, ""),
        details=[(detail_text(key), value_text(kinds, key, value, names)) for key, value in entry.detail.items()],
        seal_number=entry.seal_number,
    )


def _details_text(row: Row) -> str:
    return "；".join(f"{key} {value}" for key, value in row.details)


SHEET: tuple[SheetColumn[Row], ...] = (
    SheetColumn("时间", lambda row: row.at, CellKind.MOMENT),
    SheetColumn("操作人", lambda row: row.actor, width=14),
    SheetColumn("操作", lambda row: row.action_text, width=20),
    SheetColumn("对象", lambda row: row.subject_text, width=14),
    SheetColumn("对象名称", lambda row: row.subject_name, width=24),
    SheetColumn("对象编号", lambda row: row.subject_id, width=38),
    SheetColumn("内容", _details_text, width=50),
    SheetColumn("网络地址", lambda row: row.address),
    SheetColumn("封存", lambda row: row.seal_number, CellKind.WHOLE),
)

LOG: Listing[LogFilter, Row] = Listing(
    name="audit",
    title="审计日志",
    ledger="审计日志",
    path="/console/audit",
    filters=LogFilter,
    table=TABLE,
    source=select(*COLUMNS),
    order=newest_first(TABLE.c.id),
    scopes=_scopes,
    narrow=_narrow,
    visible=_visible,
    controls=_controls,
    describe=_describe,
    sheet=SHEET,
    tabs=(Tab("", "全部", is_counted=False),),  # a number would tell how many rows were left out
    lacks={"union": "who may read the log reads all of it"},
)
