"""Which moves a letter allows in which state, who makes them, what they change. Once issued, its words are frozen."""

from datetime import date
from typing import cast
from uuid import UUID

from sqlalchemy.orm import Session

from server.core.clock import day_of, in_shanghai
from server.core.errors import AppError, Forbidden, Invalid, NotFound
from server.kit.deadlines.calendar.working_days import due_after
from server.kit.documents.actions import issue_document, next_number
from server.kit.scope import ancestors_of
from server.kit.workflow import Move, MoveContext, Party, Step, StepData, Workflow
from server.notifications.inbox.actions import deliver
from server.oversight.letters import messages
from server.oversight.letters.document import LETTER_DOCUMENT, SERIES, words_of
from server.oversight.letters.models import Letter, LetterMove, LetterStatus
from server.oversight.letters.queries import get_letter, written_number
from server.oversight.letters.schemas import LetterIn
from server.unions.actor import Actor, RoleAt
from server.unions.roles import Level, Role
from server.unions.tree.queries import get_union_in_scope

S, M = LetterStatus, LetterMove
Context = MoveContext[Letter]


def lock_letter(session: Session, letter_id: UUID, actor: Actor | None) -> Letter:
    """The letter, held until the transaction ends. Raises NotFound if the actor may not know of it."""
    if actor is None:
        raise NotFound
    return get_letter(session, letter_id, actor, lock=True)


def issuing(actor: Actor) -> tuple[RoleAt, ...]:
    """The roles in whose union's name the actor may write. An enterprise answers letters: what it wrote would be
    a letter of the company to itself."""
    return tuple(role_at for role_at in actor.reviewing if role_at.role is not Role.ENTERPRISE_REVIEWER)


def issues_for(actor: Actor, union_id: UUID) -> RoleAt | None:
    """The role by which the actor writes in the name of that union."""
    return next((role_at for role_at in issuing(actor) if role_at.union_id == union_id), None)


def _refuse_non_issuer(context: Context) -> AppError | None:
    if context.actor is not None and issues_for(context.actor, context.row.issuer_id) is not None:
        return None
    return Forbidden("只有发出这份文书的工会可以这样处理。", code="not_the_issuer")


def _refuse_non_addressee(context: Context) -> AppError | None:
    letter, held = context.row, context.actor.reviewing if context.actor is not None else ()
    answers = any(each.union_id == letter.addressee_id and each.role is Role.ENTERPRISE_REVIEWER for each in held)
    if answers and letter.addressee_id != letter.issuer_id:
        return None
    return Forbidden("由收到文书的单位答复。", code="not_the_addressee")


ISSUER = Party("issuer", _refuse_non_issuer)
"""A reviewer of the union in whose name it is written."""
ADDRESSEE = Party("addressee", _refuse_non_addressee)
"""The enterprise's own reviewer."""


def fill(session: Session, letter: Letter, form: LetterIn, actor: Actor) -> None:
    """Write the words of a draft. Raises NotFound outside of the scope, Invalid for what is no enterprise."""
    union = get_union_in_scope(session, form.addressee_id, actor)
    if union.level is not Level.ENTERPRISE:
        raise Invalid("请选择一家企业。", fields={"addressee_id": "请选择一家企业"})
    letter.addressee_id = union.id
    for column, value in ancestors_of(union).items():
        setattr(letter, column, value)
    for name in ("kind", "addressee_name", "mark", "subject", "body", "reply_days"):
        setattr(letter, name, getattr(form, name))


def _edit(context: Context) -> StepData:
    fill(context.session, context.row, context.form, cast(Actor, context.actor))
    return StepData()


def _discard(context: Context) -> StepData:
    """It never had a number, so it leaves no gap."""
    context.session.delete(context.row)
    return StepData()


def _issue(context: Context) -> StepData:
    letter, now = context.row, context.now
    year = in_shanghai(now).year
    number = next_number(context.session, SERIES[letter.kind], issuer_id=letter.issuer_id, year=year)
    letter.year, letter.number = year, number
    letter.issued_at, letter.issued_by_id = now, context.actor_id
    letter.due_at = due_after(now, letter.reply_days)
    letter.due_on = day_of(letter.due_at)
    document = issue_document(
        context.session, LETTER_DOCUMENT, owner_id=letter.id, issuer_id=letter.issuer_id,
        number=cast(str, written_number(letter)), words=words_of(letter), actor=context.actor, now=now,
    )  # fmt: skip
    return StepData(data={"number": document.number, "content_hash": document.content_hash})


def _answer(context: Context) -> StepData:
    """At the console, today."""
    return _keep_answer(context, day_of(context.now), is_paper=False)


def _record_answer(context: Context) -> StepData:
    """On paper, on the day that the issuer names."""
    return _keep_answer(context, context.form.replied_on, is_paper=True)


def _keep_answer(context: Context, day: date, *, is_paper: bool) -> StepData:
    letter, form = context.row, context.form
    letter.reply, letter.replied_by, letter.replied_on = form.reply, form.replied_by, day
    letter.is_paper, letter.reply_recorded_by_id = is_paper, context.actor_id
    return StepData(data={"replied_on": day.isoformat()})


def _check_day(context: Context) -> AppError | None:
    day, issued_at = context.form.replied_on, context.row.issued_at
    if issued_at is not None and day_of(issued_at) <= day <= day_of(context.now):
        return None
    return Invalid(fields={"replied_on": "日期要在发文之后、今天之前"})


def _withdraw(context: Context) -> StepData:
    """Its number stays used."""
    context.row.withdrawn_at, context.row.withdrawn_reason = context.now, context.form.reason
    return StepData()


def _tell_sent(context: Context, step: Step) -> None:
    deliver(context.session, messages.sent(context.session, context.row, step.actor_id), now=step.at)


def _tell_withdrawn(context: Context, step: Step) -> None:
    deliver(context.session, messages.withdrawn(context.session, context.row, step.actor_id), now=step.at)


def _tell_answered(context: Context, step: Step) -> None:
    deliver(context.session, messages.answered(context.session, context.row, step.actor_id), now=step.at)


LETTER_WORKFLOW: Workflow[Letter] = Workflow(
    subject="letter",
    statuses=LetterStatus,
    lock=lock_letter,
    say_not_now=lambda _row: "这份文书的状态已经变了，请刷新页面再看。",
    moves=(
        Move(name=M.DRAFT, party=ISSUER, before=(), after=S.DRAFT, label="起草文书", audit="起草文书"),
        Move(
            name=M.EDIT, party=ISSUER, before=(S.DRAFT,), label="保存草稿", audit="修改文书", done="草稿已保存。",
            effect=_edit,
        ),
        Move(
            name=M.ISSUE, party=ISSUER, before=(S.DRAFT,), after=S.ISSUED, label="发出", audit="发出文书",
            asks="发出后不能再改，确定发出吗？",
            done="已发出，编号不再改变。", effect=_issue, tell=_tell_sent,
        ),
        Move(
            name=M.DISCARD, party=ISSUER, before=(S.DRAFT,), label="删除草稿", audit="删除文书草稿",
            asks="草稿删除后不能找回。",
            done="草稿已删除。", effect=_discard,
        ),
        Move(
            name=M.REPLY, party=ADDRESSEE, before=(S.ISSUED,), after=S.REPLIED, label="答复", audit="答复文书",
            asks="答复送达后不能再改，确定答复吗？",
            done="答复已送达。", effect=_answer, tell=_tell_answered,
        ),
        Move(
            name=M.RECORD_REPLY, party=ISSUER, before=(S.ISSUED,), after=S.REPLIED, label="登记纸质回执",
            audit="登记纸质答复",
            asks="登记后不能再改。日期和内容都核对过了吗？",
            done="答复已登记。", check=_check_day, effect=_record_answer,
        ),
        Move(
            name=M.WITHDRAW, party=ISSUER, before=(S.ISSUED,), after=S.WITHDRAWN, label="撤回文书", audit="撤回文书",
            asks="撤回后收文单位会收到消息，这份文书不能再发。确定撤回吗？",
            done="已撤回。", effect=_withdraw, tell=_tell_withdrawn,
        ),
    ),
)  # fmt: skip
