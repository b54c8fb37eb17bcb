"""Writes of answers. The recipient is held while one is written, so that of two people at once nobody loses a word."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.assignments.dispatch.kinds.registry import kind_of
from server.assignments.dispatch.models import Assignment, ReceiptChannel, Recipient
from server.assignments.dispatch.queries import form_for
from server.assignments.forms.schemas import Definition
from server.assignments.responses.answering.answer_files import (
    DRAFT,
    digests,
    freeze_files,
    list_by_field,
    missing_files,
    renamed,
)
from server.assignments.responses.answering.figures import draw_figures
from server.assignments.responses.models import Response, ResponseVersion
from server.assignments.responses.rules import Content, hash_content, read_content
from server.assignments.responses.schemas import (
    FORMLESS,
    CorrectIn,
    NameIn,
    ResponseIn,
    ReturnIn,
    SubmitIn,
    VersionIn,
)
from server.assignments.responses.workflow import (
    ANSWERER,
    CHECKER,
    RECIPIENT_WORKFLOW,
    Beginning,
    Context,
    M,
    S,
    Sending,
)
from server.core.clock import day_of
from server.core.errors import Conflict, Invalid
from server.kit.selections import Decided, Picked, decide_each
from server.kit.workflow import perform, perform_held, require_possible
from server.unions.actor import Actor
from server.unions.people.models import Person


@dataclass(frozen=True, slots=True)
class Saved:
    """A draft as it is kept now, and what of it was not taken, by path."""

    response: Response
    content: Content


def save_response(
    session: Session,
    recipient_id: UUID,
    body: ResponseIn,
    *,
    actor: Actor,
    now: datetime,
    via: ReceiptChannel = ReceiptChannel.CONSOLE,
) -> Saved:
    """Keep what is right of a draft. Raises Conflict `stale` if a colleague saved something else meanwhile, and what
    the move that sends it raises: who may not send it may not write it."""
    context = _hold(session, recipient_id, actor, now)
    require_possible(RECIPIENT_WORKFLOW, RECIPIENT_WORKFLOW.find(M.SUBMIT), context)
    content = _read(context, body, final=False)
    draft = _keep(context, content, body.version)
    if context.row.status in (S.SENT, S.RECEIVED):
        perform_held(RECIPIENT_WORKFLOW, replace(context, form=Beginning(via)), M.BEGIN)
    return Saved(draft, content)


def submit_response(
    session: Session,
    recipient_id: UUID,
    body: SubmitIn,
    *,
    actor: Actor,
    now: datetime,
    via: ReceiptChannel = ReceiptChannel.CONSOLE,
) -> tuple[ResponseVersion, bool]:
    """Send an answer, which freezes it; and whether it is new: with the same key it is sent once.

    Raises Conflict `content_differs` for a key that sent something else, `stale` as `save_response`, Invalid with the
    paths of what is missing or wrong.
    """
    context = _hold(session, recipient_id, actor, now)
    if (refusal := ANSWERER.refuse(context)) is not None:
        raise refusal
    content = _read(context, body, final=True)
    form, files = _form(context), list_by_field(session, DRAFT, recipient_id)
    content_hash = hash_content(content, renamed(form, content.answers, digests(files)))
    known = session.get(ResponseVersion, body.key)
    if known is not None:
        if known.recipient_id != recipient_id or known.content_hash != content_hash:
            raise Conflict("这份填报已经用别的内容提交过了，请刷新后再看。", code="content_differs")
        return known, False
    require_possible(RECIPIENT_WORKFLOW, RECIPIENT_WORKFLOW.find(M.SUBMIT), context)
    errors = {**missing_files(form, content.answers, files), **content.errors}
    if form is None and files.get(FORMLESS):
        errors.pop(FORMLESS, None)  # files say it
    errors = errors or dict(kind_of(context.snapshot.kind).find_faults(content.answers, day_of(now)))
    if errors:
        raise Invalid(f"还有 {len(errors)} 处没有填好，已标出来。", fields=errors)
    draft = _keep(context, content, body.version)
    frozen = _freeze(context, body.key, content, content_hash)
    frozen.correction = draft.correction
    perform_held(RECIPIENT_WORKFLOW, replace(context, form=Sending(via, frozen)), M.SUBMIT)
    return frozen, True


def name_answerer(session: Session, recipient_id: UUID, body: NameIn, *, actor: Actor, now: datetime) -> Recipient:
    """Say who alone answers for the union, or that everybody may again. Raises Invalid for somebody who does not review
    there, Conflict if somebody was faster."""
    return perform(RECIPIENT_WORKFLOW, session, recipient_id, M.NAME, actor=actor, now=now, form=body)


def accept_response(session: Session, recipient_id: UUID, body: VersionIn, *, actor: Actor, now: datetime) -> Recipient:
    """Take an answer as it is. Raises Forbidden for one's own, Conflict if it changed since the page was made."""
    return perform(
        RECIPIENT_WORKFLOW, session, recipient_id, M.ACCEPT, actor=actor, now=now, form=body, party=CHECKER.name
    )  # fmt: skip


def accept_responses(session: Session, rows: list[Picked], *, actor: Actor, now: datetime) -> Decided:
    """Take several as they are, each by itself."""
    return decide_each(
        session, rows,
        lambda row: accept_response(session, row.id, VersionIn(version=row.version), actor=actor, now=now),
    )  # fmt: skip


def correct_response(
    session: Session, recipient_id: UUID, body: CorrectIn, *, actor: Actor, now: datetime
) -> Recipient:  # fmt: skip
    """Open what was accepted for a correction, with the reason. Raises Conflict for kinds that have none."""
    return perform(RECIPIENT_WORKFLOW, session, recipient_id, M.CORRECT, actor=actor, now=now, form=body)


def return_response(session: Session, recipient_id: UUID, body: ReturnIn, *, actor: Actor, now: datetime) -> Recipient:
    """Send an answer back with what is to be corrected. Raises as `accept_response`, Invalid if nothing is said."""
    return perform(RECIPIENT_WORKFLOW, session, recipient_id, M.RETURN, actor=actor, now=now, form=body)


def _hold(session: Session, recipient_id: UUID, actor: Actor, now: datetime) -> Context:
    row = RECIPIENT_WORKFLOW.lock(session, recipient_id, actor)
    return RECIPIENT_WORKFLOW.context(session, row, actor=actor, now=now)


def _read(context: Context, body: ResponseIn, *, final: bool) -> Content:
    return read_content(_form(context), body, final=final)


def _form(context: Context) -> Definition | None:
    assignment: Assignment = context.snapshot
    return form_for(context.session, assignment, context.row)


def _keep(context: Context, content: Content, seen: int) -> Response:
    """The draft with this content. What was saved before and is saved again is no news, whatever version was seen."""
    session, actor_id = context.session, context.actor_id
    draft = session.get(Response, context.row.id, with_for_update=True)
    if draft is None:
        draft = Response(recipient_id=context.row.id, version=0)
    elif content.is_same(draft):
        return draft
    if draft.version != seen:
        raise Conflict(_say_stale(session, draft), code="stale")
    session.add(draft)
    draft.answers, draft.skipped, draft.text = dict(content.answers), dict(content.skipped), content.text
    draft.version += 1
    draft.edited_by_id, draft.edited_at = actor_id, context.now
    session.flush()
    return draft


def _say_stale(session: Session, draft: Response) -> str:
    name = session.scalar(select(Person.name).where(Person.id == draft.edited_by_id))
    return f"{name or '同事'}刚刚也改过，您填的还没有保存。请对照以后再保存。"


def _freeze(context: Context, key: UUID, content: Content, content_hash: str) -> ResponseVersion:
    numbers = select(func.max(ResponseVersion.number)).where(ResponseVersion.recipient_id == context.row.id)
    session, form = context.session, _form(context)
    answers = freeze_files(session, context.row.id, key, form, content.answers, now=context.now)
    answers |= draw_figures(session, context.snapshot, context.row, form, context.now)
    return ResponseVersion(
        id=key, recipient_id=context.row.id, number=(session.scalar(numbers) or 0) + 1, answers=answers,
        skipped=dict(content.skipped), text=content.text, content_hash=content_hash,
        submitted_by_id=context.actor_id, submitted_at=context.now, remarks={},
    )  # fmt: skip
