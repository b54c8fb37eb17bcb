"""What a browser sends, as shapes: the query string and the posted form. No other module reads `request.form` or
`request.args`; a line break is one character here, whatever the browser makes of it."""

from collections.abc import Mapping
from typing import Any, Generic, TypeVar

from flask import has_request_context, request
from pydantic import BaseModel, ValidationError
from werkzeug.datastructures import MultiDict

from server.core.errors import Conflict, Invalid
from server.core.text import clean_line
from server.core.web.errors import invalid_from

M = TypeVar("M", bound=BaseModel)

FIND_UNION, UNION_WORDS = "find_union", "union_q"
"""The button and the field by which a form looks for a union where there is no JavaScript. They are no part of what is
kept."""
KEPT_FILE = "kept_file"
"""The field in which a refused form sends back the token of its file (core/kept_files)."""
_ABOUT_THE_FORM = frozenset({"csrf_token", FIND_UNION, UNION_WORDS, KEPT_FILE})
INCOMPLETE = "还有没填好的地方，请检查。"


class Form(Generic[M]):
    """A posted form: `value` if it is right, else `errors` by field; `raw` is what was posted, to show it again."""

    def __init__(self, shape: type[M], raw: Mapping[str, Any]) -> None:
        self.raw = dict(raw)
        self.errors: dict[str, str] = {}
        self.value: M | None = None
        try:
            self.value = shape.model_validate(self.raw)
        except ValidationError as error:
            self.errors = invalid_from(error).fields

    def require(self, message: str | None = None) -> M:
        """The value. Raises Invalid with the errors, and `message` in place of the general one."""
        if self.value is None:
            raise Invalid(message, fields=self.errors)
        return self.value


def form_values() -> MultiDict[str, str]:
    """The posted fields as text, several values of one name kept, without those about the form itself."""
    fields = request.form.items(multi=True)
    return MultiDict((name, value.replace("\r\n", "\n")) for name, value in fields if name not in _ABOUT_THE_FORM)


def form_data(shape: type[M], *, drop: tuple[str, ...] = ()) -> Form[M]:
    """The posted form as `shape`, the fields in `drop` left out."""
    return Form(shape, {name: value for name, value in form_values().items() if name not in drop})


def posted_or_invalid(shape: type[M], message: str | None = None) -> M:
    """The posted form as `shape`, for forms of buttons and choices. Raises Invalid, see `require`."""
    return form_data(shape).require(message)


def union_words() -> str | None:
    """What to look for among unions, where the form was sent to find one and not to be kept. Else None."""
    if FIND_UNION not in request.form:
        return None
    return clean_line(request.form.get(UNION_WORDS, ""))[:50]


def asked_union_words() -> str:
    """What to look for among unions in a row of filters, where there is no JavaScript; empty outside of requests."""
    return clean_line(request.args.get(UNION_WORDS, ""))[:50] if has_request_context() else ""


def posted_version() -> int:
    """The version that the page showed, of a form whose shape has none. Raises Conflict: the page is too old."""
    text = request.form.get("version", "")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Conflict
    return int(text)


def posted_kept_file() -> str:
    """The token of a file that came with the form before, empty without."""
    return request.form.get(KEPT_FILE, "")


def json_body(shape: type[M], message: str = INCOMPLETE) -> M:
    """The JSON that a script of the console sends, as `shape`. Raises Invalid with `message`."""
    try:
        return shape.model_validate(request.get_json(silent=True))
    except ValidationError as error:
        raise Invalid(message, fields=invalid_from(error).fields) from error


def strict_query_params(shape: type[M]) -> M:
    """The query string as `shape`; other parameters are not ours. Raises Invalid for values that make no sense: left
    out, they would show, or export, more than was asked for."""
    form = Form(shape, {name: value for name, value in request.args.items() if name in shape.model_fields})
    if form.value is None:
        raise Invalid(fields=form.errors)
    return form.value


def query_params(shape: type[M]) -> M:
    """The query string as `shape`; what makes no sense or is not ours is dropped, so that an old link still opens."""
    plain = {name: value for name, value in request.args.items() if name in shape.model_fields}
    form = Form(shape, plain)
    while form.value is None:
        wrong = {path.split(".")[0] for path in form.errors} & plain.keys()
        if not wrong:
            raise Invalid(fields=form.errors)
        plain = {name: value for name, value in plain.items() if name not in wrong}
        form = Form(shape, plain)
    return form.value
