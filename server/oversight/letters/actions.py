"""Writes of letters. Each move locks the letter's row, is on the whitelist, and leaves an audit row."""

import hashlib
import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import cast
from uuid import UUID

from sqlalchemy import Table, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from server.core import ids
from server.core.audit.actions import record
from server.core.clock import in_shanghai
from server.core.errors import Conflict, Forbidden, Invalid
from server.core.events import Event, publish
from server.core.jobs.actions import enqueue
from server.kit.scope import ancestors_of
from server.oversight.letters.models import (
    Letter,
    LetterCounter,
    LetterItem,
    LetterKind,
    LetterStatus,
    PdfState,
)
from server.oversight.letters.queries import get_letter, written_number
from server.oversight.letters.rules import Act, find_refusal, issues_for
from server.oversight.letters.schemas import LetterIn, PaperReplyIn, ReplyIn, WithdrawIn
from server.oversight.letters.texts import KIND_NAMES, number_text
from server.review.deadlines.calendar import due_after
from server.review.rectification.models import Rectification
from server.review.submissions.texts import due_text
from server.unions.actor import Actor, in_scope
from server.unions.roles import REVIEWERS, Level
from server.unions.tree.queries import get_union_in_scope

_COUNTERS = cast(Table, LetterCounter.__table__)
FROZEN = ("kind", "issuer_name", "addressee_name", "mark", "year", "number", "subject", "body", "reply_days")


def draft_letter(
    session: Session,
    issuer_id: UUID,
    form: LetterIn,
    rectification_ids: Sequence[UUID],
    *,
    actor: Actor,
    now: datetime,
) -> Letter:
    """Begin a letter of one of the actor's own unions. Raises Forbidden, NotFound outside of the scope."""
    held = issues_for(actor, issuer_id)
    if held is None:
        raise Forbidden("您不能以这个工会的名义发文。", code="not_the_issuer")
    letter = Letter(
        id=ids.new_id(), status=LetterStatus.DRAFT, version=1, issuer_id=issuer_id, issuer_name=held.union_name,
        drafted_by_id=actor.person_id, created_at=now, updated_at=now,
    )  # fmt: skip
    _fill(session, letter, form, actor)
    session.add(letter)
    session.flush()
    known = session.scalars(
        select(Rectification.id).where(
            Rectification.id.in_(rectification_ids),
            Rectification.addressee_id == form.addressee_id,
            in_scope(actor, Rectification, REVIEWERS),
        )
    ).all()
    session.add_all(LetterItem(letter_id=letter.id, rectification_id=each) for each in known)
    session.flush()
    _record(session, "letter.draft", letter, actor, now, {"kind": letter.kind})
    return letter


def _fill(session: Session, letter: Letter, form: LetterIn, actor: Actor) -> None:
    union = get_union_in_scope(session, form.addressee_id, actor)
    if union.level is not Level.ENTERPRISE:
        raise Invalid("请选择一家企业。", fields={"addressee_id": "请选择一家企业"})
    letter.addressee_id = union.id
    for column, value in ancestors_of(union).items():
        setattr(letter, column, value)
    for name in ("kind", "addressee_name", "mark", "subject", "body", "reply_days"):
        setattr(letter, name, getattr(form, name))


def edit_letter(
    session: Session, letter_id: UUID, version: int, form: LetterIn, *, actor: Actor, now: datetime
) -> Letter:
    """Change the words of a draft."""
    letter = _take(session, letter_id, version, Act.EDIT, actor)
    _fill(session, letter, form, actor)
    _touch(session, letter, now)
    _record(session, "letter.edit", letter, actor, now, {})
    return letter


def discard_letter(session: Session, letter_id: UUID, version: int, *, actor: Actor, now: datetime) -> None:
    """Throw a draft away. It never had a number."""
    letter = _take(session, letter_id, version, Act.DISCARD, actor)
    for item in session.scalars(select(LetterItem).where(LetterItem.letter_id == letter.id)):
        session.delete(item)
    session.flush()
    session.delete(letter)
    _record(session, "letter.discard", letter, actor, now, {})
    session.flush()


def issue_letter(session: Session, letter_id: UUID, version: int, *, actor: Actor, now: datetime) -> Letter:
    """Give it its number and freeze it."""
    letter = _take(session, letter_id, version, Act.ISSUE, actor)
    year = in_shanghai(now).year
    number_ = _next_number(session, letter.issuer_id, letter.kind, year)
    letter.year, letter.number = year, number_
    letter.issued_at, letter.issued_by_id = now, actor.person_id
    letter.due_at = due_after(now, letter.reply_days)
    letter.due_on = in_shanghai(letter.due_at).date()
    letter.status = LetterStatus.ISSUED
    letter.content_hash = hash_content(letter)
    _touch(session, letter, now)
    number = number_text(letter.kind, letter.mark, letter.year, letter.number)
    _record(session, "letter.issue", letter, actor, now, {"number": number, "content_hash": letter.content_hash})
    _tell(session, "letter.sent", letter, actor, now)
    return letter


def hash_content(letter: Letter) -> str:
    """SHA-256 of everything the document says, its date included."""
    values = {name: getattr(letter, name) for name in FROZEN}
    issued = in_shanghai(letter.issued_at).date() if letter.issued_at else None
    text = json.dumps({**values, "date": issued, "due": letter.due_on}, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _next_number(session: Session, issuer_id: UUID, kind: LetterKind, year: int) -> int:
    """The next number without gaps: the counter's row stays locked until the letter is committed, or neither is."""
    key = {"issuer_id": issuer_id, "kind": kind, "year": year}
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    session.execute(dialect.insert(_COUNTERS).values(**key, last=0).on_conflict_do_nothing())
    return session.execute(
        update(LetterCounter)
        .where(*(getattr(LetterCounter, name) == value for name, value in key.items()))
        .values(last=LetterCounter.last + 1)
        .returning(LetterCounter.last)
        .execution_options(synchronize_session=False)
    ).scalar_one()


def reply_to_letter(session: Session, letter_id: UUID, form: ReplyIn, *, actor: Actor, now: datetime) -> Letter:
    """The enterprise answers at the console."""
    return _answer(session, letter_id, Act.REPLY, form, in_shanghai(now).date(), actor, now)


def record_reply(session: Session, letter_id: UUID, form: PaperReplyIn, *, actor: Actor, now: datetime) -> Letter:
    """The union takes down what came on paper. Raises Invalid for a day before the letter or after today."""
    letter = get_letter(session, letter_id, actor)
    issued = in_shanghai(letter.issued_at).date() if letter.issued_at else form.replied_on
    if not issued <= form.replied_on <= in_shanghai(now).date():
        raise Invalid(fields={"replied_on": "日期要在发文之后、今天之前"})
    return _answer(session, letter_id, Act.RECORD_REPLY, form, form.replied_on, actor, now)


def _answer(
    session: Session, letter_id: UUID, act: Act, form: ReplyIn, day: date, actor: Actor, now: datetime
) -> Letter:
    letter = _take(session, letter_id, form.version, act, actor)
    letter.status = LetterStatus.REPLIED
    letter.reply, letter.replied_by, letter.replied_on = form.reply, form.replied_by, day
    letter.is_paper, letter.reply_recorded_by_id = act is Act.RECORD_REPLY, actor.person_id
    _touch(session, letter, now)
    _record(session, f"letter.{act}", letter, actor, now, {"replied_on": day.isoformat()})
    _tell(session, "letter.answered", letter, actor, now)
    return letter


def withdraw_letter(session: Session, letter_id: UUID, form: WithdrawIn, *, actor: Actor, now: datetime) -> Letter:
    """Take an issued letter back with a reason. Its number stays used."""
    letter = _take(session, letter_id, form.version, Act.WITHDRAW, actor)
    letter.status, letter.withdrawn_at, letter.withdrawn_reason = LetterStatus.WITHDRAWN, now, form.reason
    _touch(session, letter, now)
    _record(session, "letter.withdraw", letter, actor, now, {})
    _tell(session, "letter.withdrawn", letter, actor, now)
    return letter


def ask_for_pdf(session: Session, letter_id: UUID, *, actor: Actor) -> None:
    """Have the PDF of an issued letter made by a job. Asking again while it is made, or is there, changes nothing."""
    letter = get_letter(session, letter_id, actor, lock=True)
    if letter.status is LetterStatus.DRAFT:
        raise Conflict("先发出，再生成 PDF。", code="not_allowed_now")
    if letter.pdf_state in (PdfState.WAITING, PdfState.READY):
        return
    letter.pdf_state = PdfState.WAITING
    session.flush()
    enqueue(session, "letters.make_pdf", letter_id=letter.id)


def _take(session: Session, letter_id: UUID, version: int, act: Act, actor: Actor) -> Letter:
    """The letter under its lock, if the act is allowed. Raises NotFound, Conflict, Forbidden."""
    letter = get_letter(session, letter_id, actor, lock=True)
    if letter.version != version:
        raise Conflict("这份文书刚被别人改过，请刷新后再处理。", code="version_conflict")
    refusal = find_refusal(act, letter.status, letter.issuer_id, letter.addressee_id, actor)
    if refusal is not None:
        raise refusal
    return letter


def _touch(session: Session, letter: Letter, now: datetime) -> None:
    letter.version += 1
    letter.updated_at = now
    session.flush()


def _tell(session: Session, name: str, letter: Letter, actor: Actor, now: datetime) -> None:
    data = {
        "addressee_id": letter.addressee_id,
        "addressee_name": letter.addressee_name,
        "issuer_id": letter.issuer_id,
        "issuer_name": letter.issuer_name,
        "kind": KIND_NAMES[letter.kind],
        "number": written_number(letter),
        "subject": letter.subject,
        "due_on": due_text(letter.due_at) if letter.due_at else "",
        "is_paper": letter.is_paper,
    }
    publish(session, Event(name, letter.id, now, actor.person_id, data))


def _record(
    session: Session, action: str, letter: Letter, actor: Actor, now: datetime, detail: dict[str, object]
) -> None:
    record(
        session, action, subject_type="letter", subject_id=letter.id, actor_id=actor.person_id, at=now, detail=detail
    )
