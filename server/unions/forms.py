"""Console forms: what a browser posts, as our shapes, with what is wrong in Chinese beside each field."""

from collections.abc import Mapping
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from flask import request, url_for
from pydantic import BaseModel, ValidationError

from server.core.errors import Invalid
from server.core.web.errors import invalid_from

M = TypeVar("M", bound=BaseModel)


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


def form_data(shape: type[M], *, drop: tuple[str, ...] = ()) -> Form[M]:
    """The posted form as `shape`. The CSRF token and the fields in `drop` are left out."""
    left_out = {"csrf_token", *drop}
    return Form(shape, {key: value for key, value in request.form.items() if key not in left_out})


def posted_or_invalid(shape: type[M]) -> M:
    """The posted form as `shape`, for forms of buttons and choices. Raises Invalid."""
    form = form_data(shape)
    if form.value is None:
        raise Invalid(fields=form.errors)
    return form.value


def query_params(shape: type[M]) -> M:
    """The query string as `shape`; a filter that makes no sense is dropped, so that an old link still opens."""
    plain = request.args.to_dict()
    form = Form(shape, plain)
    while form.value is None:
        wrong = {path.split(".")[0] for path in form.errors} & plain.keys()
        if not wrong:
            raise Invalid(fields=form.errors)
        plain = {key: value for key, value in plain.items() if key not in wrong}
        form = Form(shape, plain)
    return form.value


def list_url(endpoint: str, wanted: BaseModel, *, after: str | None = None) -> str:
    """The address of a list with the filters of `wanted`, from its first page on or from the cursor `after`."""
    plain = wanted.model_dump(mode="json", exclude_defaults=True, exclude={"after"})
    query = {key: "true" if value is True else value for key, value in plain.items() if value is not None}
    if after is not None:
        query["after"] = after
    return url_for(endpoint) + (f"?{urlencode(query)}" if query else "")
