"""Under which names the service answers: those that the settings give, and loopback.

A request under another name is refused before anything reads it: a foreign Host would end up in links, posters and
messages.
"""

from urllib.parse import urlsplit

from flask import Flask, request
from flask.typing import ResponseReturnValue

from server.core.errors import AppError
from server.core.settings import Settings
from server.core.web.errors import json_error

LOOPBACK = ("localhost", "127.0.0.1", "::1")


class UnknownHost(AppError):
    """The name in the request is none of ours."""

    status, code = 421, "unknown_host"
    message = "请用本服务公布的网址打开。网址没有错的，请告诉管理服务器的人：这个网址还没有登记。"


def name_of(host: str) -> str:
    """The name or address in a Host header, without port and brackets, in lower case; empty if it makes no sense."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def install(app: Flask, settings: Settings) -> None:
    """Refuse what comes under a foreign name."""
    trusted = {*LOOPBACK, *(name_of(host) for host in settings.hosts)}

    @app.before_request
    def refuse_foreign_host() -> ResponseReturnValue | None:
        if name_of(request.host) in trusted:
            return None
        return json_error(UnknownHost())
