"""Error pages for people. A page that refuses a form gives back what was typed into it: nothing written is lost."""

import re

from flask import g, render_template, request
from gunicorn.http.errors import ParseException
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from server.console.shell.assets_serving import AssetsMissingError
from server.core.errors import AppError
from server.core.web.access import find_actor
from server.core.web.forms import form_values

NEVER_SHOWN = frozenset(["csrf_token", "version", "password", "again", "current", "enrolment", "next"])
SIGNING_IN = ("/console/sign-in", "/console/account")  # where names and codes are no words to give back
_BY_THE_PAGE = re.compile(r"[a-z_]*|[0-9a-f-]{36}(:[0-9]+)?")  # buttons, choices and ids
TITLES = {
    401: "登录已经过期",
    400: "这一步没有成功",
    403: "您没有权限",
    404: "没有找到",
    405: "这个网址不能这样打开",
    409: "内容已经变化",
    413: "内容太大了",
    422: "填写的内容有误",
    429: "操作太频繁了",
    500: "出了点问题",
    503: "服务暂时不可用",
}

# Needs nothing that may be missing: no assets, no templates, no database.
_NO_ASSETS = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>页面还没有构建</title>
<h1>管理端页面还没有构建</h1><p>请运行 <code>scripts/run</code>，它会构建页面并启动服务；
或在 <code>server/console/assets</code> 里运行 <code>npm ci --ignore-scripts</code>
和 <code>npm run build</code>，再重新启动。</p>"""


def render_error(error: AppError) -> tuple[str, int]:
    """A page that says what happened and what to do; the code stands in small print."""
    try:
        page = render_template(
            "console/error.html",
            frame=_frame(error),
            error=error,
            title=TITLES.get(error.status, TITLES[400]),
            request_id=g.get("request_id", ""),
            back=_back(),
            typed=typed_words(),
            kept=_posted_fields(),
            retry=error.status in (408, 429, 503) and request.method == "GET",
        )
    except AssetsMissingError:
        return _NO_ASSETS, 500
    return page, error.status


def _frame(error: AppError) -> str:
    """What the page stands in: the console's navigation for whoever is signed in, while the service works."""
    if error.status == 401 or error.status >= 500:
        return "console/bare.html"
    try:
        return "console/layout.html" if find_actor() is not None else "console/bare.html"
    except SQLAlchemyError:
        return "console/bare.html"


def typed_words() -> list[str]:
    """What somebody wrote into the form that is being refused, in its order."""
    return [value for _, value in _posted_fields() if not _BY_THE_PAGE.fullmatch(value.strip())]


def _posted_fields() -> list[tuple[str, str]]:
    """Names and values of the form that is being refused, without secrets and what the page itself put into it."""
    if request.method != "POST" or request.path.startswith(SIGNING_IN):
        return []
    try:
        fields = list(form_values().items(multi=True))
    except (HTTPException, ParseException, OSError):  # the form could not be read at all
        return []
    return [(name, value) for name, value in fields if name not in NEVER_SHOWN]


def _back() -> str | None:
    """The page the caller came from, if it is ours and not this one, read again."""
    referrer = request.referrer or ""
    inside = referrer.startswith(request.host_url)
    is_this = request.method == "GET" and referrer.split("?")[0] == request.base_url
    return referrer if inside and not is_this else None
