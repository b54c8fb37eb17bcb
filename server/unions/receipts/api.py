"""Reporting without an account, and coming back by the code of the receipt."""

from datetime import datetime, timedelta

from apiflask import APIBlueprint
from flask import g

from server.core import clock
from server.core.db import settings_of
from server.core.errors import Unauthorized
from server.core.web.access import public
from server.core.web.limits import limiter
from server.core.web.unit_of_work import independent_transaction, session
from server.unions.accounts.models import Door
from server.unions.accounts.sessions.actions import Visitor, start_session
from server.unions.people.models import Person
from server.unions.people.queries import describe_me
from server.unions.receipts.actions import find_by_code, open_receipt
from server.unions.receipts.rules import LIFETIME
from server.unions.receipts.schemas import ReceiptCodeIn, ReceiptIn, ReceiptOut
from server.unions.sign_in.attempts.origins import origin_of_address
from server.unions.sign_in.schemas import SessionOut
from server.unions.throttle.actions import begin_attempt, forgive_attempts, refuse_while_waiting

bp = APIBlueprint("receipts", __name__, url_prefix="/api/v1", tag="sign-in")


@bp.post("/receipts")
@limiter.limit("60/hour;200/day")  # for one address, behind which a whole factory may sit; counted in memory alone
@public
@bp.input(ReceiptIn, arg_name="body")
@bp.output(ReceiptOut, status_code=201)
def take_receipt(body: ReceiptIn) -> ReceiptOut:
    """不登录也能上报：得到一个回执码，凭它看进展、回答问题"""
    g.leaves_no_address = True
    now = clock.now()
    person, code = open_receipt(session(), body.version, now=now)
    return ReceiptOut(code=code, **dict(_open_session(person, now)))


@bp.post("/receipts/open")
@limiter.limit("300/minute")
@public
@bp.input(ReceiptCodeIn, arg_name="body")
@bp.output(SessionOut)
def come_back(body: ReceiptCodeIn) -> SessionOut:
    """凭回执码回来看进展"""
    g.leaves_no_address = True
    now, origin = clock.now(), origin_of_address().key
    with independent_transaction() as writer:  # stays when the code is wrong; goes when it is right
        refuse_while_waiting(writer, subject="receipt", origin=origin, now=now, what="回执码")
        begin_attempt(writer, subject="receipt", origin=origin, now=now)
    person = find_by_code(session(), body.code)
    if person is None or not person.is_active:
        raise Unauthorized("没有这个回执码，请核对后再试。", code="receipt_wrong")
    forgive_attempts(session(), subject="receipt", origin=origin)
    return _open_session(person, now)


def _open_session(person: Person, now: datetime) -> SessionOut:
    """A bearer token; nothing is noted of the device that gets it."""
    lifetime = min(LIFETIME, timedelta(days=settings_of(session()).worker_token_days))
    started = start_session(session(), person.id, door=Door.API, visitor=Visitor(), lifetime=lifetime, now=now)
    return SessionOut(token=started.token, expires_at=started.expires_at, person=describe_me(session(), person))
