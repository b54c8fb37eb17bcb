"""Errors that reach people: a stable English code, a Chinese message fit to show a worker, an HTTP status."""

from collections.abc import Mapping


class AppError(Exception):
    """A refusal that the caller can act on.

    `code` is stable English; `message` is Chinese and says what happened, what is safe and what to do;
    `fields` maps a dotted field path to what is wrong with it.
    """

    status = 400
    code = "bad_request"
    message = "请求有误，请检查后重试。"

    is_outage = False  # something that the service needs is away: it lies with nobody who asked, and passes

    def __init__(
        self,
        message: str | None = None,
        *,
        code: str | None = None,
        status: int | None = None,
        fields: Mapping[str, str] | None = None,
    ) -> None:
        self.message = message or self.message
        self.code = code or self.code
        self.status = status or self.status
        self.fields = dict(fields or {})
        super().__init__(f"{self.code}: {self.message}")


class Unauthorized(AppError):
    status, code, message = 401, "unauthorized", "请先登录。"


class Forbidden(AppError):
    status, code, message = 403, "forbidden", "您没有权限做这件事。"


class NotFound(AppError):
    status, code, message = 404, "not_found", "没有找到：可能已经删掉了，或者不在能看的范围内。"


class Conflict(AppError):
    status, code, message = 409, "conflict", "内容已经变化，请刷新后再试。"


class TooLarge(AppError):
    status, code, message = 413, "too_large", "内容太大了。"


class Invalid(AppError):
    status, code, message = 422, "invalid", "填写的内容有误，请检查。"


class TooMany(AppError):
    status, code, message = 429, "too_many_requests", "操作太频繁了，请稍等一会儿再试。"


class Unavailable(AppError):
    status, code, message = 503, "unavailable", "服务暂时不可用，请稍后再试。"
    is_outage = True
