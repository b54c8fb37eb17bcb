"""Reads of letters: one, a page of them, how many were answered in time, what a new one starts from."""

from collections.abc import Collection, Container
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Table, and_, case, func, or_, select
from sqlalchemy.orm import Session

from server.core.clock import day_in_words, day_of
from server.core.errors import NotFound
from server.core.ttl_cache import TtlCache
from server.kit.documents.texts import number_text
from server.kit.keyset import Unindexed
from server.oversight.letters.models import Letter, LetterItem, LetterKind, LetterStatus
from server.oversight.letters.texts import DRAFTS, KIND_NAMES
from server.review.escalation.models import Overdue
from server.review.rectification.models import Rectification
from server.review.submissions.models import Submission
from server.unions.actor import Actor, RoleAt, in_scope
from server.unions.campaigns.queries import campaign_facts
from server.unions.roles import CONSOLE, REVIEWERS, Level
from server.unions.tree.models import Union
from server.unions.tree.queries import get_union_in_scope


@dataclass(frozen=True, slots=True)
class Rate:
    """How the letters of one union and kind were answered."""

    issuer_id: UUID
    issuer_name: str
    kind_name: str
    issued: int
    replied: int
    in_time: int
    overdue: int

    @property
    def percent(self) -> int:
        """Answered in time of all that were issued and not withdrawn."""
        return round(100 * self.in_time / self.issued) if self.issued else 0


TABLE = cast(Table, Letter.__table__)
OUT = (LetterStatus.ISSUED, LetterStatus.REPLIED)
"""It was sent, and not taken back."""
MANY = 5_000
_RECENT: TtlCache[tuple[frozenset[RoleAt], LetterKind | None, int | None], list[Rate]] = TtlCache()


def visible(actor: Actor) -> ColumnElement[bool]:
    """Letters to enterprises of the actor's scope and those of their own unions; drafts of their own unions alone."""
    own = Letter.issuer_id.in_([role_at.union_id for role_at in actor.roles])
    return or_(own, and_(Letter.status != LetterStatus.DRAFT, in_scope(actor, Letter, CONSOLE)))


def get_letter(session: Session, letter_id: UUID, actor: Actor, *, lock: bool = False) -> Letter:
    """The letter, locked if asked. Raises NotFound if the actor may not know of it."""
    query = select(Letter).where(Letter.id == letter_id, visible(actor))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    letter = session.scalar(query)
    if letter is None:
        raise NotFound("没有找到这份文书。", code="letter_not_found")
    return letter


def is_overdue(letter: Letter, now: datetime) -> bool:
    """Whether the answer is late."""
    return letter.status is LetterStatus.ISSUED and letter.due_at is not None and letter.due_at < now


def written_number(letter: Letter) -> str | None:
    """Its number as written, once it has one."""
    if letter.year is None or letter.number is None:
        return None
    return number_text(letter.mark, DRAFTS[letter.kind].word, letter.year, letter.number)


def recent_rates(
    session: Session, actor: Actor, kind: LetterKind | None, year: int | None, now: datetime
) -> list[Rate]:
    """The same as of half a minute ago at most, where there are so many letters that adding them up is slow and one
    more or less is not seen."""
    key = (frozenset(actor.roles), kind, year)
    rates = _RECENT.find(session, key)
    if rates is None:
        rates = count_rates(session, actor, kind, year, now)
        if sum(each.issued for each in rates) > MANY:
            _RECENT.keep(session, key, rates)
    return rates


def count_rates(session: Session, actor: Actor, kind: LetterKind | None, year: int | None, now: datetime) -> list[Rate]:
    """The reply rate per issuing union and kind, of a kind and year or of all. Withdrawn letters do not count."""
    replied = Letter.status == LetterStatus.REPLIED
    in_time = and_(replied, Letter.replied_on <= Letter.due_on)
    late = and_(Letter.status == LetterStatus.ISSUED, Letter.due_at < now)
    wanted = ((Letter.kind, kind), (Letter.year, year))
    narrowed = [column == value for column, value in wanted if value is not None]
    rows = session.execute(
        select(
            Letter.issuer_id, func.max(Letter.issuer_name), Letter.kind, func.count(),
            *(func.sum(case((each, 1), else_=0)) for each in (replied, in_time, late)),
        )
        .where(visible(actor), Unindexed(TABLE.c.status).in_(OUT), *narrowed)
        .group_by(Unindexed(TABLE.c.issuer_id), Letter.kind)
        .order_by(func.max(Letter.issuer_name), Letter.kind)
    ).all()  # fmt: skip
    return [Rate(row[0], row[1], KIND_NAMES[LetterKind(row[2])], *row[3:]) for row in rows]


@dataclass(frozen=True, slots=True)
class Start:
    """What a new letter starts from."""

    addressee_id: UUID | None
    addressee_name: str
    items: list[str]
    rectification_ids: list[UUID]

    def without(self, drafted: Container[UUID]) -> "Start | None":
        """What is left without those rectifications; None for nothing."""
        left = [
            (item, each) for item, each in zip(self.items, self.rectification_ids, strict=True) if each not in drafted
        ]
        items, ids = [item for item, _ in left], [each for _, each in left]
        return replace(self, items=items, rectification_ids=ids) if left else None


def find_start(session: Session, actor: Actor, rectification_id: UUID | None, addressee_id: UUID | None) -> Start:
    """From a rectification of the actor's scope, or from an enterprise. Nothing here tells who reported what."""
    if rectification_id is not None:
        row = session.scalar(
            select(Rectification).where(Rectification.id == rectification_id, in_scope(actor, Rectification, CONSOLE))
        )
        if row is None:
            raise NotFound
        union = session.get_one(Union, row.addressee_id)
        return Start(union.id, union.name, [_problem(session, row)], [row.id])
    if addressee_id is None:
        return Start(None, "", [], [])
    union = get_union_in_scope(session, addressee_id, actor)
    return Start(union.id, union.name, [], [])


def starts_of_overdue(session: Session, actor: Actor, overdue_ids: Collection[UUID]) -> list[Start]:
    """One start for each enterprise that is late with putting right what was picked at the dispatch page; what is no
    rectification, or not an enterprise's, is left out. The rectifications are held: colleagues draft one after the
    other."""
    rows = session.execute(
        select(Rectification, Union.name)
        .join(Overdue, Overdue.item_id == Rectification.id)
        .join(Union, Union.id == Rectification.addressee_id)
        .where(Overdue.id.in_(overdue_ids), Overdue.ended_at.is_(None), Union.level == Level.ENTERPRISE)
        .where(in_scope(actor, Rectification, REVIEWERS))
        .order_by(Union.name, Rectification.due_at, Rectification.id)
        .with_for_update(of=Rectification)
    ).all()
    starts: dict[UUID, Start] = {}
    for row, name in rows:
        start = starts.setdefault(row.addressee_id, Start(row.addressee_id, name, [], []))
        start.items.append(_problem(session, row))
        start.rectification_ids.append(row.id)
    return list(starts.values())


def drafted_already(session: Session, actor: Actor, rectification_ids: Collection[UUID]) -> dict[UUID, Letter]:
    """The drafts of the actor's unions that some of these rectifications stand in, by rectification."""
    rows = session.execute(
        select(LetterItem.rectification_id, Letter)
        .join(Letter, Letter.id == LetterItem.letter_id)
        .where(LetterItem.rectification_id.in_(rectification_ids), Letter.status == LetterStatus.DRAFT, visible(actor))
        .order_by(Letter.id)
    )
    return {row.rectification_id: row.Letter for row in rows}


def in_no_draft(rectification_id: ColumnElement[Any], actor: Actor) -> ColumnElement[bool]:
    """Whether none of the drafts of the actor's unions is about it."""
    drafts = (
        select(LetterItem.letter_id)
        .join(Letter, Letter.id == LetterItem.letter_id)
        .where(LetterItem.rectification_id == rectification_id, Letter.status == LetterStatus.DRAFT, visible(actor))
    )
    return ~drafts.exists()


def _problem(session: Session, row: Any) -> str:
    campaign = campaign_facts(session, row.campaign_id)
    grade = campaign.grades.get(row.grade, "")
    where = f"{row.place}：" if row.place else ""
    measures = f"建议措施：{row.measures}。" if row.measures else ""
    what = row.excerpt or campaign.category_name(row.category)
    number = session.scalar(select(Submission.number).where(Submission.id == row.submission_id))
    return (
        f"{where}{what}（编号 {number}，{campaign.category_name(row.category)}，{grade}）。{measures}"
        f"整改期限：{day_in_words(day_of(row.due_at))}。"
    )


def list_items(session: Session, letter_id: UUID) -> list[tuple[UUID, str]]:
    """The rectifications that a letter is about: number and a few words each."""
    rows = session.execute(
        select(Rectification.id, Submission.number, Rectification.excerpt)
        .join(Submission, Submission.id == Rectification.submission_id)
        .join(LetterItem, LetterItem.rectification_id == Rectification.id)
        .where(LetterItem.letter_id == letter_id)
    )
    return [(row.id, " · ".join(filter(None, (row.number, row.excerpt)))) for row in rows]


def last_mark(session: Session, issuer_id: UUID) -> str | None:
    """The mark that the union used last."""
    return session.scalar(select(Letter.mark).where(Letter.issuer_id == issuer_id).order_by(Letter.id.desc()).limit(1))
