"""Writes of spot checks: the draw in two steps, and what the union finds at those who were drawn."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.assignments.forms.rules import Checked, check_answers
from server.assignments.spot_checks.models import SpotCheck, SpotDraw
from server.assignments.spot_checks.queries import get_check, get_draw, get_drawable, handed_in, leading_role, read_form
from server.assignments.spot_checks.schemas import DrawIn, Typed
from server.core import ids
from server.core.audit.actions import record
from server.core.errors import Conflict, Forbidden
from server.core.jobs.actions import enqueue
from server.kit.draws.samples import drawn, list_entrants, promise
from server.unions.actor import Actor

REPORT_CHECK = "spot_checks.report_check"


def promise_draw(session: Session, assignment_id: UUID, form: DrawIn, *, actor: Actor, now: datetime) -> SpotDraw:
    """Fix the seed of a draw, before anybody can know the list. Raises Conflict while there is nobody to draw."""
    assignment, role = get_drawable(session, assignment_id, actor), leading_role(actor)
    if session.scalar(handed_in(assignment, role).limit(1)) is None:
        raise Conflict("还没有企业交上来，等有了再准备抽查。", code="nobody_finished")
    draw_id = ids.new_id()
    seed, terms = promise(draw_id, form.percent, now, assignment_id=assignment.id, union_id=role.union_id)
    draw = SpotDraw(
        id=draw_id, assignment_id=assignment.id, union_id=role.union_id, seed=seed, terms=terms, entrants=[],
        promised_by_id=actor.person_id, promised_at=now,
    )  # fmt: skip
    session.add(draw)
    session.flush()
    _record(session, "inspection.draw_promised", draw, actor, now, {"percent": form.percent})
    return draw


def hold_draw(session: Session, draw_id: UUID, *, actor: Actor, now: datetime) -> SpotDraw:
    """Take the list as it is now, and draw. Raises Conflict if it was drawn, or nobody has handed anything in."""
    draw = get_draw(session, draw_id, actor, lock=True)
    role = leading_role(actor)
    if role.union_id != draw.union_id:
        raise Forbidden("由准备这次抽查的工会来抽。")
    if draw.drawn_at is not None:
        raise Conflict("已经抽过了，结果不会再变。", code="drawn_already")
    assignment = get_drawable(session, draw.assignment_id, actor)
    finished = session.scalars(handed_in(assignment, role)).all()
    if not finished:
        raise Conflict("还没有企业交上来，等有了再抽。", code="nobody_finished")
    draw.entrants = list_entrants(draw.id, finished)
    draw.drawn_at, draw.drawn_by_id = now, actor.person_id
    for place, recipient_id in enumerate(drawn(draw), 1):
        session.add(SpotCheck(id=ids.new_id(), draw_id=draw.id, recipient_id=UUID(recipient_id), place=place))
    session.flush()
    _record(session, "inspection.drawn", draw, actor, now, {"listed": len(draw.entrants), "drawn": place})
    return draw


# --- what the union finds ---------------------------------------------------------------------------------------------


def require_open(check: SpotCheck, draw: SpotDraw, actor: Actor) -> None:
    """Raises Forbidden for another union than the one that draws, Conflict for what was kept for good."""
    if leading_role(actor).union_id != draw.union_id:
        raise Forbidden("由抽查的工会填写。")
    if check.checked_at is not None:
        raise Conflict("这一家已经查过，结果不能再改。", code="checked_already")


def save_check(session: Session, check_id: UUID, body: Typed, *, actor: Actor, now: datetime) -> Checked:
    """Keep what is right of a draft. Raises as `require_open`, and Conflict `stale` if a colleague saved something else
    meanwhile."""
    check, draw = get_check(session, check_id, actor, lock=True)
    require_open(check, draw, actor)
    checked = check_answers(read_form(session, check), body.answers, body.skipped, final=False)
    if (check.answers, check.skipped) == (checked.answers, checked.skipped):
        return checked  # saved already, whatever version was seen
    if check.version != body.version:
        raise Conflict("同事刚刚也改过，您填的还没有保存。请刷新页面，对照以后再填。", code="stale")
    check.answers, check.skipped = checked.answers, checked.skipped
    check.version += 1
    check.edited_by_id, check.edited_at = actor.person_id, now
    session.flush()
    return checked


def finish_check(session: Session, check_id: UUID, body: Typed, *, actor: Actor, now: datetime) -> Checked:
    """Keep what the union found for good, if nothing is missing. Raises as `save_check`."""
    kept = save_check(session, check_id, body, actor=actor, now=now)
    check, _ = get_check(session, check_id, actor)
    checked = check_answers(read_form(session, check), body.answers, body.skipped, final=True)
    if checked.errors or kept.errors:
        return checked
    check.checked_at, check.checked_by_id = now, actor.person_id
    session.flush()
    enqueue(session, REPORT_CHECK, check_id=check.id)
    record(
        session, "inspection.spot_checked", subject_type="spot_check", subject_id=check.id, actor_id=actor.person_id,
        at=now, detail={"recipient_id": str(check.recipient_id)},
    )  # fmt: skip
    return checked


def _record(session: Session, action: str, draw: SpotDraw, actor: Actor, now: datetime, detail: dict[str, Any]) -> None:
    record(
        session, action, subject_type="spot_draw", subject_id=draw.id, actor_id=actor.person_id, at=now, detail=detail
    )  # fmt: skip
