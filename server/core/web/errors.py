"""Errors on the way out: one JSON shape for the API, a page for people; never a trace, never a silent 500."""

from collections.abc import Callable

import structlog
from flask import Flask, Response, g, jsonify, request
from flask.typing import ResponseReturnValue
from gunicorn.http.errors import ParseException
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException

from server.core.errors import AppError, Invalid, Unavailable
from server.core.outages import is_outage
from server.core.web.messages import explain

log = structlog.get_logger(__name__)

ErrorPage = Callable[[AppError], ResponseReturnValue]

HTTP_ERRORS = {
    400: ("bad_request", "请求格式不对，请检查后重试。"),
    401: ("unauthorized", "请先登录。"),
    403: ("forbidden", "您没有权限做这件事。"),
    404: ("not_found", "没有找到这个页面或内容。"),
    405: ("method_not_allowed", "不支持这种操作方式。"),
    406: ("not_acceptable", "不支持所要的格式。"),
    408: ("request_timeout", "网络太慢，请求超时了，请重试。"),
    411: ("length_required", "请求缺少长度。"),
    413: ("too_large", "内容太大了。"),
    414: ("uri_too_long", "网址太长了。"),
    415: ("unsupported_media_type", "不支持这种内容格式。"),
    429: ("too_many_requests", "操作太频繁了，请稍等一会儿再试。"),
    431: ("headers_too_large", "请求头太大了。"),
}


def json_error(error: AppError) -> tuple[Response, int]:
    """The one error shape: {"error": {"code", "message", "fields", "request_id"}}."""
    body = {
        "code": error.code,
        "message": error.message,
        "fields": error.fields,
        "request_id": g.get("request_id", ""),
    }
    response = jsonify(error=body)
    if error.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response, error.status


def invalid_from(error: ValidationError) -> Invalid:
    """A pydantic complaint as ours: field paths with Chinese explanations."""
    fields = {".".join(str(part) for part in item["loc"]) or "body": explain(item) for item in error.errors()}
    return Invalid(fields=fields)


def wants_json() -> bool:
    """API callers get JSON, and scripts of a page, which ask for it by `Accept`; people get pages."""
    is_script = request.accept_mimetypes.best == "application/json"
    return is_script or request.path.startswith(("/api/", "/healthz", "/readyz", "/metrics"))


def is_htmx() -> bool:
    """Whether htmx asks for a part of a page: errors are said by the page's script, from JSON."""
    return "HX-Request" in request.headers


def install(app: Flask, page: ErrorPage) -> None:
    """Handle every error. `page` renders one for people."""

    def answer(error: AppError) -> ResponseReturnValue:
        return json_error(error) if wants_json() else page(error)

    def on_http_error(error: HTTPException) -> ResponseReturnValue | HTTPException:
        if error.code is None or error.code < 400:
            return error
        code, message = HTTP_ERRORS.get(error.code, ("http_error", "请求没有成功，请重试。"))
        return answer(AppError(message, code=code, status=error.code))

    def on_bug(error: Exception) -> ResponseReturnValue:
        if is_outage(error):
            log.error("part_unavailable", error=type(error).__name__)
            return answer(Unavailable())
        log.exception("unhandled_error", path=request.path)
        return answer(AppError("出了点问题，我们已经记录。请稍后再试。", code="internal_error", status=500))

    def on_broken_body(_error: Exception) -> ResponseReturnValue:
        """Chunks that end otherwise than HTTP says; gunicorn notices while a view reads."""
        return answer(AppError(HTTP_ERRORS[400][1]))

    app.register_error_handler(AppError, answer)
    app.register_error_handler(ParseException, on_broken_body)
    app.register_error_handler(HTTPException, on_http_error)
    app.register_error_handler(ValidationError, lambda error: answer(invalid_from(error)))
    app.register_error_handler(Exception, on_bug)
