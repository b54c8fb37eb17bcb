"""What WeChat's error codes mean for us: one course of action each. Pure."""

import re
from enum import StrEnum

from server.core.errors import AppError

BUSY_MESSAGE = "微信暂时没有响应，请稍后再试。已填写的内容都保存在手机里。"
QUOTA_MESSAGE = "使用微信的人太多了，请过一会儿再试。"


class Course(StrEnum):
    """What to do about an error."""

    RETRY = "retry"  # with back-off; nothing was done
    REFRESH = "refresh"  # the access token, once, and replay once
    TOMORROW = "tomorrow"  # the day's quota is used up
    ADMIN = "admin"  # nothing helps until somebody changes a setting
    USER = "user"  # it lies with whom the call was made for


_BY_COURSE: dict[Course, frozenset[int]] = {
    Course.RETRY: frozenset({-1, 43108, 44991, 45011, 45047}),
    Course.REFRESH: frozenset({40001, 40014, 42001}),
    Course.TOMORROW: frozenset({45009}),
    Course.USER: frozenset(
        {40003, 40007, 40029, 40163, 40226, 43004, 43101, 43104, 43107, 45015, 45168, 61010, 87014, 87020}
        | {87007, 87009}
    ),
    Course.ADMIN: frozenset(
        {40002, 40004, 40006, 40013, 40018, 40036, 40037, 40097, 40125, 40129, 40164, 40169, 40243}
        | {41001, 41002, 41004, 41030, 43002, 44002, 45064, 47001, 47003, 48001, 50002, 50004, 50007}
        | {85096, 86369, 87008, 89503, 89506, 89507}
    ),
}
COURSES: dict[int, Course] = {errcode: course for course, codes in _BY_COURSE.items() for errcode in codes}

# (status, code, what the worker reads); every other error is a bad day of WeChat's to them.
_FOR_THE_USER: dict[int, tuple[int, str, str]] = {
    40029: (401, "wechat_code_invalid", "微信登录已过期，请重新打开小程序再试。"),
    40163: (401, "wechat_code_invalid", "微信登录已过期，请重新打开小程序再试。"),
    40226: (403, "wechat_user_blocked", "微信认为此账号有风险，暂时不能登录。"),
}
_BUSY = frozenset({45009, 45011, 44991})
_FIELD = re.compile(r"\bdata\.([a-z_]{1,30}\d{0,3})\.value\b")


class WechatSilent(AppError):
    """No usable answer. `maybe_done`: the request may have had its effect all the same."""

    status, code, message = 503, "wechat_unavailable", BUSY_MESSAGE
    is_outage = True

    def __init__(self, call: str, why: str, *, maybe_done: bool) -> None:
        super().__init__()
        self.call, self.why, self.maybe_done = call, why, maybe_done
        self.args = (f"{call}: {why}",)


class WechatRefused(AppError):
    """WeChat answered with an error. Its own words are not kept: they may repeat what was sent.

    `field` is the template field that error 47003 names.
    """

    def __init__(self, call: str, errcode: int, errmsg: object = "") -> None:
        status, code, message = 503, "wechat_unavailable", BUSY_MESSAGE
        if errcode in _BUSY:
            status, code, message = 429, "wechat_busy", QUOTA_MESSAGE
        status, code, message = _FOR_THE_USER.get(errcode, (status, code, message))
        super().__init__(message, code=code, status=status)
        self.call, self.errcode = call, errcode
        self.course = COURSES.get(errcode, Course.ADMIN)
        found = _FIELD.search(errmsg) if isinstance(errmsg, str) else None
        self.field = found[1] if found else None
        self.args = (f"{call}: errcode {errcode} ({self.course})" + (f" field {self.field}" if self.field else ""),)
