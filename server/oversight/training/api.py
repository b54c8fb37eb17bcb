"""JSON for the worker's side: sessions one is asked to, checking in and out, one's own record."""

from datetime import timedelta
from uuid import UUID

from apiflask import APIBlueprint

from server.core import clock
from server.core.web.access import requires
from server.core.web.limits import limiter
from server.core.web.unit_of_work import session
from server.oversight.training.check_in import phone_lists
from server.oversight.training.check_in.checking_in import check_in, check_out
from server.oversight.training.schemas import CheckIn, RecordOut, SessionOut, SessionsOut, SessionsQuery
from server.unions.actor import current_actor

bp = APIBlueprint("training", __name__, url_prefix="/api/v1/training", tag="training")
WRONG_CODES = "10/minute;60/day"
"""Codes that somebody may get wrong: of a million there is no guessing then."""
SHOWN_AFTER = timedelta(days=1)

guess_limit = limiter.limit(
    WRONG_CODES, scope="training_codes", deduct_when=lambda response: response.status_code == 422
)


@bp.get("/sessions")
@requires("training.attend")
@bp.output(SessionsOut)
def list_sessions() -> SessionsOut:
    """邀请我参加的培训和演练，先开始的在前"""
    return phone_lists.list_asked(session(), current_actor(), clock.now(), SHOWN_AFTER)


@bp.get("/sessions/<uuid:session_id>")
@requires("training.attend")
@bp.output(SessionOut)
def get_one(session_id: UUID) -> SessionOut:
    """一场培训"""
    return phone_lists.get_asked(session(), session_id, current_actor(), clock.now())


@bp.put("/sessions/<uuid:session_id>/check-in")
@guess_limit
@requires("training.attend")
@bp.input(CheckIn, arg_name="form")
@bp.output(SessionOut)
def put_check_in(session_id: UUID, form: CheckIn) -> SessionOut:
    """签到；没有网络时记下的，以后再发也算"""
    actor, now = current_actor(), clock.now()
    check_in(session(), session_id, form, actor=actor, now=now)
    return phone_lists.get_asked(session(), session_id, actor, now)


@bp.put("/sessions/<uuid:session_id>/check-out")
@guess_limit
@requires("training.attend")
@bp.input(CheckIn, arg_name="form")
@bp.output(SessionOut)
def put_check_out(session_id: UUID, form: CheckIn) -> SessionOut:
    """签退"""
    actor, now = current_actor(), clock.now()
    check_out(session(), session_id, form, actor=actor, now=now)
    return phone_lists.get_asked(session(), session_id, actor, now)


@bp.get("/record")
@requires("training.attend")
@bp.input(SessionsQuery, location="query", arg_name="query")
@bp.output(RecordOut)
def get_record(query: SessionsQuery) -> RecordOut:
    """我的培训档案，最近的在前"""
    return phone_lists.list_record(session(), current_actor(), query.after, clock.now())
