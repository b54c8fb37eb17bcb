"""Logs hold no personal data and no secrets."""

import io
import json
import logging
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from pydantic import SecretStr
from sqlalchemy.exc import IntegrityError

from server.core import logging as service_logging
from server.core.settings import Settings

CONFIGURE = service_logging.configure  # as it was before the fixtures put a stop to it


@pytest.fixture
def log_lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.BytesIO]:
    """What is written to standard error while the service's logging is set up."""
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stderr", io.TextIOWrapper(written, write_through=True))
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    CONFIGURE(Settings(secret_key=SecretStr("a secret that is long enough for tests"), log_format="json"))
    yield written
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)


def parsed(written: io.BytesIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


def test_a_line_is_one_json_object_with_time_and_level(log_lines: io.BytesIO) -> None:
    structlog.get_logger("a").info("happened", number=3)
    (line,) = parsed(log_lines)
    assert line["event"] == "happened"
    assert line["level"] == "info"
    assert line["number"] == 3
    assert line["timestamp"].endswith("Z")


def test_the_standard_library_goes_the_same_way(log_lines: io.BytesIO) -> None:
    logging.getLogger("some.library").warning("call %s", "13800138000")
    (line,) = parsed(log_lines)
    assert (line["event"], line["logger"]) == ("call ***", "some.library")


@pytest.mark.parametrize("key", ["phone", "password", "token", "wechat_app_secret", "openid", "address", "code"])
def test_what_is_secret_or_personal_by_name_is_blanked(log_lines: io.BytesIO, key: str) -> None:
    structlog.get_logger("a").info("happened", **{key: "anything"})
    assert parsed(log_lines)[0][key] == "***"


def test_numbers_of_phones_and_identity_cards_are_masked_wherever_they_stand(log_lines: io.BytesIO) -> None:
    structlog.get_logger("a").info("happened", note="13800138000 and 37020219800101001X", id="01a20959-76cc-71e3")
    line = parsed(log_lines)[0]
    assert line["note"] == "*** and ***"
    assert line["id"] == "01a20959-76cc-71e3"


def test_an_exception_shows_where_it_came_from_but_not_the_values_of_a_statement(log_lines: io.BytesIO) -> None:
    def fail() -> None:
        raise IntegrityError("INSERT INTO people", {"name": "somebody"}, Exception("Key (name)=(somebody) exists"))

    try:
        fail()
    except IntegrityError:
        structlog.get_logger("a").exception("failed")
    line = parsed(log_lines)[0]
    assert "test_logging.py" in line["exception"]
    assert "IntegrityError" in line["exception"]
    assert "somebody" not in line["exception"]


def test_a_description_of_an_exception_is_one_line_of_bounded_length() -> None:
    text = service_logging.describe_exception(ValueError("a\nb " * 1000))
    assert "\n" not in text
    assert len(text) <= 500
