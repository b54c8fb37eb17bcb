"""What a browser sends, as shapes."""

from typing import Annotated
from uuid import UUID

import pytest
from flask import Flask
from pydantic import StringConstraints

from server.core.errors import Conflict, Invalid
from server.core.web.forms import (
    form_data,
    form_values,
    posted_or_invalid,
    posted_version,
    query_params,
    strict_query_params,
)
from server.core.web.schemas import In, Prose

APP = Flask(__name__)


class Note(In):
    words: Annotated[Prose, StringConstraints(max_length=5)]


class Wanted(In):
    under: UUID | None = None
    year: int = 2026


def test_a_line_break_counts_as_one_character_whatever_the_browser_makes_of_it() -> None:
    with APP.test_request_context(method="POST", data={"words": "ab\r\ncd", "csrf_token": "t"}):
        assert form_data(Note).require().words == "ab\ncd"


def test_several_values_of_one_name_are_kept_and_the_token_is_not_among_them() -> None:
    with APP.test_request_context(method="POST", data={"item": ["a", "b\r\n"], "csrf_token": "t"}):
        assert form_values().getlist("item") == ["a", "b\n"]
        assert list(form_values()) == ["item"]


def test_a_refused_form_keeps_what_was_typed_beside_what_is_wrong_with_it() -> None:
    with APP.test_request_context(method="POST", data={"words": "abcdef"}):
        form = form_data(Note)
        assert (form.value, form.raw) == (None, {"words": "abcdef"})
        assert form.errors == {"words": "最多 5 个字"}
        with pytest.raises(Invalid, match="太长"):
            posted_or_invalid(Note, "太长了。")


@pytest.mark.parametrize("version", ["", "x", "-1", "1" * 10, "²", "１"])
def test_a_version_that_no_page_showed_is_an_old_page(version: str) -> None:
    with APP.test_request_context(method="POST", data={"version": version}), pytest.raises(Conflict):
        posted_version()


def test_an_old_link_opens_without_what_makes_no_sense_and_an_export_refuses_it() -> None:
    with APP.test_request_context("/?under=nowhere&year=2025&utm=x"):
        assert query_params(Wanted) == Wanted(year=2025)
        with pytest.raises(Invalid) as refused:
            strict_query_params(Wanted)
        assert list(refused.value.fields) == ["under"]
