"""The web service: wires settings, database, object store, slices and what every door shares."""

from apiflask import APIFlask
from apiflask.exceptions import HTTPError as ApiHTTPError
from flask.typing import ResponseReturnValue
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError
from pydantic import ValidationError
from werkzeug.middleware.proxy_fix import ProxyFix

import server.models  # noqa: F401  (every table must be known before the first mapper is used)
from server.console.shell.assets_serving import install_assets
from server.console.shell.errors import render_error, typed_words
from server.core.db import Database
from server.core.errors import AppError, Unauthorized
from server.core.jobs import wake_ups
from server.core.jobs.wake_ups import WakeUps
from server.core.settings import Settings
from server.core.storage.factory import open_store
from server.core.web import (
    access,
    addresses,
    drain_body,
    errors,
    headers,
    health,
    hosts,
    limits,
    openapi,
    request_log,
    unit_of_work,
)
from server.core.web.json import OrjsonProvider
from server.unions.consents.rules import require_consent
from server.unions.receipts.rules import require_account
from server.unions.sign_in.requests.authentication import authenticate_bearer, authenticate_console, sign_in_redirect
from server.unions.sign_in.second_factor.obligation import (
    SecondFactorDue,
    demanded_roles,
    enrolment_redirect,
    require_second_factor,
)
from server.wiring import load_policy, rooms, wire

STATEMENT_SECONDS = 10.0  # people wait no longer for one; what takes longer is a job
MAX_BODY = 1024 * 1024  # bytes; views that take files set their own cap


def create_app(settings: Settings) -> APIFlask:
    """The application for `settings`. Opens no connection and starts no thread until the first request.

    Raises SettingsError for roles that do not exist.
    """
    demanded_roles(settings)
    app = APIFlask(
        "server",
        title="安全随手拍",
        version="v1",
        static_folder=None,  # type: ignore[arg-type]  # APIFlask's annotation forgets Flask's None
        docs_path=None,
        spec_path=None,
    )
    app.json = OrjsonProvider(app)
    app.config.update(
        SECRET_KEY=settings.secret_key.get_secret_value(),
        MAX_CONTENT_LENGTH=MAX_BODY,
        WTF_CSRF_TIME_LIMIT=None,  # lives as long as the session
        SESSION_COOKIE_NAME="ssp_form",
    )
    app.extensions["settings"] = settings
    app.extensions["object_store"] = open_store(settings)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    _install_plumbing(app, settings)
    _register_slices(app)
    openapi.configure(app)
    install_assets(app)
    return app


def _install_plumbing(app: APIFlask, settings: Settings) -> None:
    request_log.install(app)
    hosts.install(app, settings)
    drain_body.install(app)
    database = Database(settings, STATEMENT_SECONDS)
    unit_of_work.install(app, database)
    wake_ups.install(database, WakeUps(settings))
    headers.install(app, settings, settings.photo_origin)
    limits.install(app, settings)
    health.install(app)
    doors = {"/api/": authenticate_bearer, "/console": authenticate_console}
    access.install(app, load_policy(), doors, [require_account, require_consent, require_second_factor])
    addresses.install(app)
    errors.install(app, _error_page)
    app.register_error_handler(ApiHTTPError, _on_api_error)
    app.register_error_handler(CSRFError, _on_csrf_error)


def _register_slices(app: APIFlask) -> None:
    csrf = CSRFProtect(app)
    for room in rooms("api"):
        app.register_blueprint(room.bp)
        csrf.exempt(room.bp)  # bearer tokens are not sent by browsers on their own
    for room in rooms("console"):
        app.register_blueprint(room.bp)
    wire()


def _error_page(error: AppError) -> ResponseReturnValue:
    """Whoever must sign in, or get a second factor, is sent there; what was written meanwhile is given back first."""
    if isinstance(error, Unauthorized) and not typed_words():
        return sign_in_redirect(error)
    if isinstance(error, SecondFactorDue) and not typed_words():
        return enrolment_redirect(error)
    return _refusal(error)


def _refusal(error: AppError) -> ResponseReturnValue:
    return errors.json_error(error) if errors.wants_json() or errors.is_htmx() else render_error(error)


def _on_api_error(error: ApiHTTPError) -> ResponseReturnValue:
    """APIFlask's refusal of an input as ours; pydantic's complaint is its cause."""
    if isinstance(error.__cause__, ValidationError):
        return errors.json_error(errors.invalid_from(error.__cause__))
    code, message = errors.HTTP_ERRORS.get(error.status_code, ("http_error", "请求没有成功，请重试。"))
    return errors.json_error(AppError(message, code=code, status=error.status_code))


def _on_csrf_error(_error: CSRFError) -> ResponseReturnValue:
    message = "页面放得太久，已经失效。请返回上一页刷新后再试，填写的内容不会丢失。"
    return _refusal(AppError(message, code="form_expired", status=400))
