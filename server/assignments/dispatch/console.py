"""Pages of assignments: the list, a draft, one that was sent with what can be done."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from server.assignments.dispatch import actions, queries
from server.assignments.dispatch.choosing import preview_pages
from server.assignments.dispatch.choosing.statements import below, rule_of
from server.assignments.dispatch.drafting.attachments import LIMITS, SUBJECT, list_attachments
from server.assignments.dispatch.drafting.posted import flat_errors, read_draft, show_draft, show_posted
from server.assignments.dispatch.kinds.registry import AssignmentKind, all_kinds, kind_of
from server.assignments.dispatch.listing import ASSIGNMENTS, AssignmentFilter
from server.assignments.dispatch.models import Assignment, AssignmentStatus
from server.assignments.dispatch.queries import sending_roles
from server.assignments.dispatch.recipients import recipient_pages
from server.assignments.dispatch.schemas import LEVELS, CloseIn, DraftIn, EndIn, NewQuery, VersionIn
from server.assignments.dispatch.texts import (
    ASSIGNMENT_CHIPS,
    ASSIGNMENT_STATUS_NAMES,
    CHECKER_NAMES,
    STATUS_NAMES,
    say_urged,
)
from server.assignments.dispatch.workflow import ASSIGNMENTS as WORKFLOW
from server.assignments.dispatch.workflow import AssignmentMove
from server.assignments.forms.models import FormRecord
from server.assignments.forms.queries import find_frozen, in_reach
from server.core import clock
from server.core.errors import AppError, NotFound
from server.core.web.access import requires
from server.core.web.addresses import with_query
from server.core.web.forms import Form, form_values, posted_or_invalid, posted_version, query_params, union_words
from server.core.web.placing import place_below
from server.core.web.unit_of_work import session
from server.kit.exports.ledgers.sending import send_ledger
from server.kit.files.queries import list_files
from server.kit.listing import show_list
from server.kit.scope import name_of, union_names
from server.kit.workflow import offers
from server.unions.actor import Actor, current_actor
from server.unions.campaigns.choosing.choice import campaign_asked
from server.unions.campaigns.queries import list_own_campaigns
from server.unions.roles import Level
from server.unions.tree.lookup.flags import FLAG_TEXTS
from server.unions.tree.lookup.picking import offer_unions
from server.unions.tree.lookup.tags import offer_tags
from server.unions.tree.lookup.traits import traits
from server.unions.tree.models import Union
from server.unions.tree.rules import LEVEL_NAMES, RANK
from server.unions.tree.texts import OWNERSHIP_NAMES, SIZE_NAMES

bp = Blueprint("assignments_console", __name__, url_prefix="/console/assignments", template_folder="templates")
bp.register_blueprint(preview_pages.bp)
bp.register_blueprint(recipient_pages.bp)
WITHIN = frozenset({Level.CITY, Level.DISTRICT, Level.TOWN})


@bp.get("")
@requires("assignment.read")
def assignments() -> str:
    """The list."""
    page = show_list(ASSIGNMENTS)
    filters: AssignmentFilter = page.filters
    kind = next((each for each in all_kinds() if each.name == filters.kind), all_kinds()[0])
    may_send = bool(sending_roles(current_actor()))
    return render_template("assignments/list.html", page=page, kind=kind, may_send=may_send)


@bp.get("/ledger.xlsx")
@requires("assignment.read")
def ledger() -> Response:
    """The list as a sheet."""
    return send_ledger(ASSIGNMENTS)


# --- drafts -----------------------------------------------------------------------------------------------------------


@bp.get("/new")
@requires("assignment.send")
def new() -> str:
    """A form for a new draft of the kind in the address."""
    kind, actor = _kind(query_params(NewQuery).kind), current_actor()
    sender = session().get_one(Union, sending_roles(actor)[0].union_id)
    levels = [level for level in LEVELS if RANK[level] > RANK[sender.level]]
    campaign = campaign_asked()
    shown = {
        "wants_receipt": True, "remind_days": 3, "checker": "sender",
        "levels": [kind.level.value] if kind.level in levels else [each.value for each in levels[:1]],
        "wants_reply": bool(kind.wants_reply), "may_pass_on": kind.may_pass_on and len(levels) > 1,
        "campaign_id": campaign, "details": kind.begin_details(session(), sender),
        "tags": [], "sizes": [], "ownerships": [], "traits": [],
    }  # fmt: skip
    return _draft_page(kind, None, shown)


@bp.post("/new")
@requires("assignment.send")
def create() -> ResponseReturnValue:
    """Keep a draft."""
    kind, posted = _kind(query_params(NewQuery).kind), form_values()
    if (words := union_words()) is not None:
        return _draft_page(kind, None, show_posted(posted), words=words)
    form = Form(DraftIn, read_draft(posted))
    try:
        body = form.require()
        draft = actions.draft_assignment(session(), kind.name, body, actor=current_actor(), now=clock.now())
    except AppError as error:
        if error.status not in (403, 409, 422):
            raise
        session().rollback()
        return _draft_page(kind, None, show_posted(posted), error), error.status
    return _after_saving(draft)


@bp.post("/<uuid:assignment_id>")
@requires("assignment.send")
def save(assignment_id: UUID) -> ResponseReturnValue:
    """Save a draft, and go on to the unions if asked."""
    posted, version, actor = form_values(), posted_version(), current_actor()
    posted.pop("version", None)
    before = queries.get_assignment(session(), assignment_id, actor)
    kind = kind_of(before.kind)
    if (words := union_words()) is not None:
        return _draft_page(kind, before, show_posted(posted), words=words)
    try:
        body = Form(DraftIn, read_draft(posted, before)).require()
        draft = actions.edit_assignment(session(), assignment_id, version, body, actor=actor, now=clock.now())
    except AppError as error:
        if error.status not in (409, 422):
            raise
        session().rollback()
        before = queries.get_assignment(session(), assignment_id, actor)
        return _draft_page(kind, before, show_posted(posted), error), error.status
    return _after_saving(draft)


def _after_saving(draft: Assignment) -> AnyResponse:
    if form_values().get("then") == "check":
        return redirect(f"/console/assignments/preview?assignment={draft.id}", code=303)
    flash("草稿已保存。")
    return redirect(f"/console/assignments/{draft.id}", code=303)


def _kind(name: str) -> AssignmentKind:
    found = next((each for each in all_kinds() if each.name == name), None)
    if found is None:
        raise NotFound
    return found


# --- one that was sent ------------------------------------------------------------------------------------------------


@bp.get("/<uuid:assignment_id>")
@requires("assignment.read")
def assignment(assignment_id: UUID) -> str:
    """A draft to write, or what was sent."""
    found = queries.get_assignment(session(), assignment_id, current_actor())
    if found.status is AssignmentStatus.DRAFT:
        return _draft_page(kind_of(found.kind), found, show_draft(found))
    return _page(found)


@bp.get("/<uuid:assignment_id>/progress")
@requires("assignment.read")
def progress(assignment_id: UUID) -> str:
    """How far the sending is."""
    found = queries.get_assignment(session(), assignment_id, current_actor())
    return render_template("assignments/_progress.html", assignment=found)


@bp.post("/<uuid:assignment_id>/<any(send, discard, withdraw, close, replace, copy, urge):move>")
@requires("assignment.send")
def make(assignment_id: UUID, move: str) -> ResponseReturnValue:
    """Make a move. Refused, the page comes again with the reason and with what was typed."""
    actor = current_actor()
    try:
        return _MOVES[move](assignment_id, actor)
    except AppError as error:
        if error.status == 404:
            raise
        session().rollback()
        found = queries.get_assignment(session(), assignment_id, actor)
        if found.status is AssignmentStatus.DRAFT:
            return _draft_page(kind_of(found.kind), found, show_draft(found), error), error.status
        return _page(found, error, form_values().get("reason", "")), error.status


def _send(assignment_id: UUID, actor: Actor) -> AnyResponse:
    version = posted_or_invalid(VersionIn).version
    actions.send_assignment(session(), assignment_id, version, actor=actor, now=clock.now())
    return _back(assignment_id, WORKFLOW.find(AssignmentMove.SEND).done)


def _discard(assignment_id: UUID, actor: Actor) -> AnyResponse:
    version = posted_or_invalid(VersionIn).version
    actions.discard_draft(session(), assignment_id, version, actor=actor, now=clock.now())
    flash(WORKFLOW.find(AssignmentMove.DISCARD).done)
    return redirect("/console/assignments?status=draft", code=303)


def _withdraw(assignment_id: UUID, actor: Actor) -> AnyResponse:
    body = posted_or_invalid(EndIn, "请写明为什么撤回。")
    actions.withdraw_assignment(session(), assignment_id, body.version, body.reason, actor=actor, now=clock.now())
    return _back(assignment_id, WORKFLOW.find(AssignmentMove.WITHDRAW).done)


def _close(assignment_id: UUID, actor: Actor) -> AnyResponse:
    body = posted_or_invalid(CloseIn)
    actions.close_assignment(session(), assignment_id, body.version, body.reason, actor=actor, now=clock.now())
    return _back(assignment_id, WORKFLOW.find(AssignmentMove.CLOSE).done)


def _replace(assignment_id: UUID, actor: Actor) -> AnyResponse:
    body = posted_or_invalid(EndIn, "请写明为什么重发。")
    draft = actions.replace_assignment(
        session(), assignment_id, body.version, body.reason, actor=actor, now=clock.now()
    )  # fmt: skip
    return _back(draft.id, "已起草新的一份，改好发出后，原来的一份自动作废。")


def _copy(assignment_id: UUID, actor: Actor) -> AnyResponse:
    draft = actions.copy_assignment(session(), assignment_id, actor=actor, now=clock.now())
    return _back(draft.id, "已复制成草稿，截止日期请重新填。")


def _urge(assignment_id: UUID, actor: Actor) -> AnyResponse:
    count = actions.urge(session(), assignment_id, actor=actor, now=clock.now())
    flash(say_urged(count))
    return redirect(with_query(f"/console/assignments/{assignment_id}"), code=303)


_MOVES = {
    "send": _send, "discard": _discard, "withdraw": _withdraw, "close": _close, "replace": _replace, "copy": _copy,
    "urge": _urge,
}  # fmt: skip


def _back(assignment_id: UUID, words: str) -> AnyResponse:
    flash(words)
    return redirect(f"/console/assignments/{assignment_id}", code=303)


# --- pages ------------------------------------------------------------------------------------------------------------


def _draft_page(
    kind: AssignmentKind,
    draft: Assignment | None,
    shown: Mapping[str, Any],
    error: AppError | None = None,
    words: str | None = None,
) -> str:
    place_below(kind.path)
    actor, db = current_actor(), session()
    sender_id = draft.sender_id if draft is not None else sending_roles(actor)[0].union_id
    sender = db.get_one(Union, sender_id)
    own = actor.carrying({role_at.role for role_at in sending_roles(actor)})
    forms = db.execute(
        select(FormRecord.id, FormRecord.title)
        .where(in_reach(actor), FormRecord.made_for.is_(None))
        .where(FormRecord.is_active.is_(True) | (FormRecord.id == (draft.form_id if draft else None)))
        .order_by(FormRecord.id.desc())
        .limit(300)
    ).all()
    return render_template(
        "assignments/draft.html", draft=draft, kind=kind, shown=shown, sender=sender,
        senders=[(str(at.union_id), at.union_name) for at in sending_roles(actor)],
        is_child=draft is not None and draft.root_id != draft.id, errors=flat_errors(error.fields) if error else {},
        message=error.message if error and not error.fields else None, forms=forms,
        within=offer_unions(db, own, WITHIN, str(shown.get("within") or ""), words), checkers=CHECKER_NAMES,
        levels=[(level.value, LEVEL_NAMES[level]) for level in LEVELS if RANK[level] > RANK[sender.level]],
        flags=FLAG_TEXTS, sizes=SIZE_NAMES, ownerships=OWNERSHIP_NAMES,
        traits=[(code, trait.name) for code, trait in traits().items()],
        tags=[(tag, tag) for tag in offer_tags(db, below(sender), shown["tags"])],
        campaigns=[(str(each.id), each.name) for each in list_own_campaigns(db, actor) if each.archived_at is None],
        rule=rule_of(draft) if draft is not None else None, details=shown.get("details") or {},
        originals=queries.list_originals(db, draft) if draft is not None else [],
        replaced=db.get(Assignment, draft.replaces_id) if draft is not None and draft.replaces_id else None,
        questions=WORKFLOW.questions(), limits=LIMITS, today=clock.day_of(clock.now()),
        files=list_attachments(db, draft.id) if draft is not None else [],
    )  # fmt: skip


def _page(found: Assignment, error: AppError | None = None, reason: str = "") -> str:
    actor, db, kind = current_actor(), session(), kind_of(found.kind)
    place_below(kind.path)
    source = queries.find_source(db, found.id)
    names, originals = union_names(db, {found.sender_id}), queries.list_originals(db, found)
    return render_template(
        "assignments/assignment.html", assignment=found, kind=kind, status_name=ASSIGNMENT_STATUS_NAMES[found.status],
        chip=ASSIGNMENT_CHIPS[found.status], sender_name=name_of(names, found.sender_id),
        moves={each.name: each.label for each in offers(WORKFLOW, db, found, actor=actor, now=clock.now())},
        questions=WORKFLOW.questions(), counts=queries.count_by_status(db, found.id), status_names=STATUS_NAMES,
        definition=find_frozen(db, found.form_version_id), facts=kind.facts(db, found),
        checker=CHECKER_NAMES[found.checker],
        originals=originals, source=source, may_send=queries.sends_for(actor, found.sender_id),
        replacement=queries.find_replacement(db, found), message=error.message if error else None, reason=reason,
        replaced=db.get(Assignment, found.replaces_id) if found.replaces_id else None,
        files=list_attachments(db, found.id),
        originals_files=list_files(db, SUBJECT, [each.id for each in originals]),
    )  # fmt: skip
