"""JSON for the worker's side: agreeing to the privacy policy, and not any more."""

from apiflask import APIBlueprint
from flask import Response

from server.core import clock
from server.core.web.access import requires
from server.core.web.limits import CHANGES_OF_MIND, limiter
from server.core.web.unit_of_work import session
from server.unions.actor import current_actor
from server.unions.consents.actions import give_consent, withdraw_consent
from server.unions.consents.schemas import ConsentIn, ConsentOut

bp = APIBlueprint("consents", __name__, url_prefix="/api/v1/me/consent", tag="people")


@bp.put("")
@requires("consent.decide")
@limiter.limit(CHANGES_OF_MIND)
@bp.input(ConsentIn, arg_name="body")
@bp.output(ConsentOut)
@bp.doc(responses={409: "说明已经更新（consent_outdated）"})
def agree(body: ConsentIn) -> ConsentOut:
    """同意隐私说明；没有同意的，提交会被拒绝（consent_needed）"""
    consent = give_consent(session(), current_actor().person_id, body.version, now=clock.now())
    return ConsentOut(version=consent.version, agreed_at=consent.agreed_at)


@bp.delete("")
@requires("consent.decide")
@limiter.limit(CHANGES_OF_MIND)
@bp.output({}, status_code=204)
def withdraw() -> Response:
    """不再同意：已经提交的照常办理，不能再提交新的"""
    withdraw_consent(session(), current_actor().person_id, now=clock.now())
    return Response(status=204)
