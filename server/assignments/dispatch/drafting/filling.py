"""What a draft says, checked and written into its row."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import update
from sqlalchemy.orm import Session

from server.assignments.dispatch.choosing.statements import refuse_tags, require_within
from server.assignments.dispatch.kinds.registry import AssignmentKind, kind_of
from server.assignments.dispatch.models import Assignment, AssignmentStatus, Recipient
from server.assignments.dispatch.rules import end_of, refuse_later, refuse_past
from server.assignments.dispatch.schemas import DraftIn, PassOnIn, RecipientRule
from server.assignments.forms.actions import make_form
from server.assignments.forms.queries import get_form
from server.assignments.forms.schemas import FormIn
from server.core import ids
from server.core.errors import Invalid
from server.core.web.errors import invalid_from
from server.kit.scope import ancestors_of
from server.unions.actor import Actor
from server.unions.campaigns.queries import get_own_campaign
from server.unions.tree.models import Union

DETAIL = "details-"
"""How the fields of a kind's own details are called on pages, and in what is refused."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A draft as it shall be; `version` is the one on the page."""

    version: int
    body: DraftIn


@dataclass(frozen=True, slots=True)
class RuleEdit:
    """Other unions, and nothing else."""

    version: int
    rule: RecipientRule


def fill(session: Session, draft: Assignment, body: DraftIn, actor: Actor, now: datetime) -> None:
    """Write the words of a draft. Raises Invalid, also for a date that is past, NotFound for what is out of reach.

    What passes something on keeps what it asks, and how; it has words, a date and recipients of its own.
    """
    kind = kind_of(draft.kind)
    if (refusal := refuse_past(body.due_on, now)) is not None:
        raise refusal
    sender = session.get_one(Union, draft.sender_id)
    require_within(session, body.rule, sender)
    if (refusal := refuse_tags(session, body.rule, sender)) is not None:
        raise refusal
    if draft.root_id == draft.id:
        _fill_what_is_asked(session, draft, kind, body, actor)
        make_own_form(session, draft, actor, now)
    draft.title, draft.text = body.title, body.text
    draft.due_on, draft.due_at = body.due_on, end_of(body.due_on)
    draft.remind_days = body.remind_days
    draft.rule = body.rule.model_dump(mode="json")


def _fill_what_is_asked(session: Session, draft: Assignment, kind: AssignmentKind, body: DraftIn, actor: Actor) -> None:
    form_id = body.form_id if kind.wants_form is not False and kind.form is None else None
    if form_id is not None and form_id != draft.form_id and not get_form(session, form_id, actor).is_active:
        raise Invalid("这张表单已经停用，请换一张。", fields={"form_id": "已经停用"})
    if body.campaign_id is not None:
        get_own_campaign(session, body.campaign_id, actor)
    details = _details(kind, body)
    wants_reply = kind.wants_reply if kind.wants_reply is not None else body.wants_reply or form_id is not None
    draft.form_id, draft.campaign_id, draft.details = form_id, body.campaign_id, details
    draft.wants_receipt, draft.wants_reply, draft.checker = body.wants_receipt, wants_reply, body.checker
    draft.may_pass_on = body.may_pass_on and kind.may_pass_on


def make_own_form(session: Session, draft: Assignment, actor: Actor, now: datetime) -> None:
    """Of a kind that always asks the same: the form as it is now."""
    kind, sender = kind_of(draft.kind), session.get_one(Union, draft.sender_id)
    if kind.form is not None and draft.root_id == draft.id:
        ready = kind.form(session, sender)
        body = FormIn(title=ready.title, about=f"{kind.label}用的表单，由系统做好。")
        made = make_form(session, sender.id, kind.name, body, ready.definition, actor=actor, now=now)
        draft.form_id = made.id


def _details(kind: AssignmentKind, body: DraftIn) -> dict[str, object]:
    if kind.details is None:
        return {}
    try:
        details = kind.details.model_validate(body.details)
    except ValidationError as error:
        raise _wrong(invalid_from(error).fields) from error
    if wrong := kind.check_details(details):
        raise _wrong(wrong)
    return details.model_dump(mode="json")


def _wrong(fields: Mapping[str, str]) -> Invalid:
    return Invalid(fields={f"{DETAIL}{name}": words for name, words in fields.items()})


def refuse_details(draft: Assignment) -> Invalid | None:
    """Why the details of a draft cannot go out: it may be a copy of something old. What is passed on keeps them."""
    kind = kind_of(draft.kind)
    wrong = kind.check_details(kind.read_details(draft)) if draft.root_id == draft.id else {}
    return _wrong(wrong) if wrong else None


def new_draft(kind: str, sender: Union, title: str, *, actor: Actor, now: datetime) -> Assignment:
    """An empty draft in the name of a union."""
    draft_id = ids.new_id()
    return Assignment(
        id=draft_id, kind=kind, status=AssignmentStatus.DRAFT, version=1, sender_id=sender.id, root_id=draft_id,
        title=title, rule={}, details={}, recipient_count=0,
        drafted_by_id=actor.person_id, drafted_at=now, edited_at=now, **ancestors_of(sender),
    )  # fmt: skip


def new_child(
    session: Session, source: Assignment, row: Recipient, body: PassOnIn, *, actor: Actor, now: datetime
) -> Assignment:
    """A draft by which a union passes on what it was asked. Raises Invalid for a date after its own while that is to
    come, or past."""
    if (refusal := refuse_past(body.due_on, now)) is not None:
        raise refusal
    sender = session.get_one(Union, row.union_id)
    require_within(session, body.rule, sender)
    child = new_draft(source.kind, sender, body.title or source.title, actor=actor, now=now)
    copy_what_is_asked(source, child)
    child.root_id, child.form_version_id = source.root_id, source.form_version_id
    child.text, child.remind_days = body.text, body.remind_days
    child.due_on = body.due_on or (source.due_on if refuse_past(source.due_on, now) is None else None)
    child.due_at, child.rule = end_of(child.due_on), body.rule.model_dump(mode="json")
    if (refusal := refuse_later(child.due_on, source.due_on, now)) is not None:
        raise refusal
    return child


def copy_what_is_asked(source: Assignment, target: Assignment) -> None:
    """The same form, kind of answer and details."""
    for name in ("campaign_id", "form_id", "wants_receipt", "wants_reply", "checker", "may_pass_on", "remind_days"):
        setattr(target, name, getattr(source, name))
    target.details = dict(source.details)


def unlink(session: Session, draft: Assignment) -> None:
    """Whoever wanted to pass something on by the draft has not yet."""
    session.execute(
        update(Recipient)
        .where(Recipient.passed_on_id == draft.id)
        .values(passed_on_id=None)
        .execution_options(synchronize_session="fetch")
    )


def sender_of(session: Session, actor_unions: tuple[UUID, ...], wanted: UUID | None) -> Union | None:
    """The union in whose name a draft begins: the one wanted, else the first."""
    chosen = wanted or (actor_unions[0] if actor_unions else None)
    return session.get(Union, chosen) if chosen in actor_unions else None
