"""The worker's own data."""

from uuid import UUID

from apiflask import APIBlueprint
from flask import Response

from server.core import clock
from server.core.errors import NotFound
from server.core.web.access import requires
from server.core.web.json import send_model
from server.core.web.limits import CHANGES_OF_MIND, limiter
from server.core.web.unit_of_work import independent_transaction, session
from server.unions.actor import current_actor
from server.unions.people.profile import actions as own
from server.unions.people.queries import describe_me, describe_own, enterprise_ref
from server.unions.people.schemas import BindingIn, EnterpriseRef, Me, MePatch
from server.unions.throttle.actions import begin_attempt, forgive_attempts, refuse_while_waiting
from server.unions.tree.lookup.invites import normalise_invite_code
from server.unions.tree.models import Union
from server.unions.tree.queries import find_union_by_invite_code, get_enterprise

bp = APIBlueprint("people", __name__, url_prefix="/api/v1", tag="people")


@bp.get("/me")
@requires("me.read")
@bp.output(Me)
def get_me() -> Response:
    """Who is signed in."""
    return send_model(describe_own(session(), current_actor().person_id))


@bp.patch("/me")
@requires("me.edit")
@limiter.limit(CHANGES_OF_MIND)
@bp.input(MePatch, arg_name="body")
@bp.output(Me)
def patch_me(body: MePatch) -> Me:
    """Set or clear one's own name and phone."""
    person = own.change_own_details(session(), current_actor().person_id, body, now=clock.now())
    return describe_me(session(), person)


@bp.put("/me/binding")
@requires("me.edit")
@limiter.limit(CHANGES_OF_MIND)
@bp.input(BindingIn, arg_name="body")
@bp.output(Me)
def bind(body: BindingIn) -> Me:
    """Belong to an enterprise, named by id or by its invite code."""
    person_id = current_actor().person_id
    invited = _guess_invite_code(body.invite_code) if body.invite_code is not None else None
    enterprise_id = invited.id if invited is not None else body.enterprise_id
    if enterprise_id is None:
        raise NotFound("没有找到这家企业，请重新选择。", code="enterprise_not_found")
    enterprise = get_enterprise(session(), enterprise_id)
    by = "invite" if invited is not None else "search"
    return describe_me(session(), own.bind_to_enterprise(session(), person_id, enterprise, by=by, now=clock.now()))


@bp.put("/me/workplaces/<uuid:enterprise_id>")
@requires("me.edit")
@limiter.limit(CHANGES_OF_MIND)
@bp.output(Me)
@bp.doc(responses={404: "没有这家企业", 409: "已经填了五家（too_many_workplaces）"})
def name_workplace(enterprise_id: UUID) -> Me:
    """我也在这家企业干活：自己填的，不用谁确认，只用来选上报的是哪一家"""
    enterprise = get_enterprise(session(), enterprise_id)
    return describe_me(session(), own.name_workplace(session(), _me(), enterprise, now=clock.now()))


@bp.delete("/me/workplaces/<uuid:enterprise_id>")
@requires("me.edit")
@limiter.limit(CHANGES_OF_MIND)
@bp.output(Me)
def leave_workplace(enterprise_id: UUID) -> Me:
    """不在这家企业干活了"""
    return describe_me(session(), own.leave_workplace(session(), _me(), enterprise_id, now=clock.now()))


def _me() -> UUID:
    return current_actor().person_id


@bp.get("/invites/<code>")
@requires("me.edit")
@bp.output(EnterpriseRef)
def show_invite(code: str) -> EnterpriseRef:
    """The enterprise that an invite code is for, to look at before binding."""
    enterprise = _guess_invite_code(code[:20])
    return enterprise_ref(session(), enterprise)


def _guess_invite_code(text: str) -> Union:
    """The enterprise behind an invite code. Raises NotFound, and TooMany for somebody who keeps guessing."""
    now, subject = clock.now(), f"invite:{current_actor().person_id.hex}"
    with independent_transaction() as writer:
        refuse_while_waiting(writer, subject=subject, origin="person", now=now, what="邀请码")
        begin_attempt(writer, subject=subject, origin="person", now=now)
        enterprise = find_union_by_invite_code(writer, normalise_invite_code(text))
        if enterprise is not None:
            forgive_attempts(writer, subject=subject, origin="person")
            return enterprise
    raise NotFound("邀请码不对，请核对后再填，或者按名称查找企业。", code="invite_code_unknown")
