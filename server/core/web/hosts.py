"""Under which names the service answers: those that the settings give, and loopback.

A request under another name is refused before anything reads it: a foreign Host would end up in links, posters and
messages.
"""

from flask import Flask, request
from flask.typing import ResponseReturnValue
from werkzeug.sansio.utils import host_is_trusted

from server.core.errors import AppError
from server.core.settings import Settings
from server.core.web.errors import json_error

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


class UnknownHost(AppError):
    """The name in the request is none of ours."""

    status, code = 421, "unknown_host"
    message = (
        "请用本服务公布的网址打开。管理员：网址要和 SUISHOUPAI_PUBLIC_URL 一致，其他网址加进 SUISHOUPAI_ALLOWED_HOSTS。"
    )


def install(app: Flask, settings: Settings) -> None:
    """Refuse what comes under a foreign name."""
    trusted = [*LOOPBACK, *settings.hosts]

    @app.before_request
    def refuse_foreign_host() -> ResponseReturnValue | None:
        if host_is_trusted(request.host, trusted):
            return None
        return json_error(UnknownHost())
