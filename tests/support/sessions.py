"""Sessions of people who are in already: what a sign-in leaves behind, without the sign-in.

The sign-ins themselves have tests of their own; the others need somebody who is signed in, not the way there.
"""

from datetime import timedelta

from flask import Flask
from flask import session as form_session
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import generate_csrf
from playwright.sync_api import BrowserContext, Page

from server.core import clock
from server.core.db import Database
from server.core.settings import Settings
from server.unions.accounts.models import Door
from server.unions.accounts.sessions.actions import Visitor, start_session
from server.unions.consents.actions import give_consent
from server.unions.sign_in.requests.authentication import COOKIE_PATH, SESSION_COOKIE
from tests.support.callers import Desk, InProcess, Phone
from tests.support.service import Service
from tests.support.world import POLICY_VERSION, Someone

HERE = Visitor(address="127.0.0.1", user_agent="tests")


def signed_in_phone(app: Flask, who: Someone) -> Phone:
    """The phone of a worker who has agreed to the privacy policy and is signed in."""
    return Phone(InProcess(app), _start(app, who, Door.API))


def signed_in_desk(app: Flask, who: Someone) -> Desk:
    """The browser of a reviewer who is signed in, with a CSRF token for its forms."""
    transport = InProcess(app)
    transport.client.set_cookie(SESSION_COOKIE, _start(app, who, Door.CONSOLE), path=COOKIE_PATH)
    with app.test_request_context():
        csrf_token = generate_csrf()
        signer = SecureCookieSessionInterface().get_signing_serializer(app)
        assert signer is not None
        kept = signer.dumps(dict(form_session))
    transport.client.set_cookie(app.config["SESSION_COOKIE_NAME"], kept)
    return Desk(transport, csrf_token)


def signed_in_page(context: BrowserContext, server: Service, who: Someone) -> Page:
    """A blank page of a browser in which a reviewer is signed in to the console of a running service."""
    database = Database(server.settings)
    try:
        token = _start_session(server.settings, database, who, Door.CONSOLE)
    finally:
        database.close()
    context.add_cookies(
        [{"name": SESSION_COOKIE, "value": token, "domain": "127.0.0.1", "path": COOKIE_PATH, "httpOnly": True}]
    )
    return context.new_page()


def token_of_phone(server: Service, database: Database, who: Someone) -> str:
    """The token of a worker's phone that is signed in to a running service."""
    return _start_session(server.settings, database, who, Door.API)


def _start(app: Flask, who: Someone, door: Door) -> str:
    return _start_session(app.extensions["settings"], app.extensions["database"], who, door)


def _start_session(settings: Settings, database: Database, who: Someone, door: Door) -> str:
    """The token of a new session."""
    is_phone = door is Door.API
    lifetime = (
        timedelta(days=settings.worker_token_days) if is_phone else timedelta(hours=settings.console_session_hours)
    )
    now = clock.now()
    with database.transaction() as session:
        if is_phone:
            give_consent(session, who.id, POLICY_VERSION, now=now)
        return start_session(session, who.id, door=door, visitor=HERE, lifetime=lifetime, now=now).token
