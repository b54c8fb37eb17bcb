"""Addresses and bodies that no page of ours makes: refused, never a 500, on both databases."""

import base64
import json
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from unittest.mock import Mock
from urllib.parse import quote, urlsplit

import pytest
from flask import Flask

from server.core.errors import Invalid
from server.core.web import cursors
from tests.support.callers import Desk, Phone
from tests.support.service import Service
from tests.support.world import Someone, World

MOMENTS = ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "0001-01-01", "9999-12-31T23:59:59.999999+00:00"]
KEY = "01a20b46-607d-7758-8540-6a4a87bb5945"


def cursor(*parts: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


CURSORS = [
    *(cursor(*shape) for moment in MOMENTS for shape in ([moment, KEY], [0, moment, KEY], [moment, 0, KEY], [moment])),
    base64.urlsafe_b64encode(b"[" * 1400).decode(), cursor("\x00", KEY), cursor(10**30, KEY), "\u200b",
]  # fmt: skip
NO_CURSOR = quote("\u200b")


def is_read(after: str, *kinds: type) -> bool:
    """Whether a cursor gets as far as the list."""
    try:
        cursors.decode(after, *kinds)
    except Invalid:
        return False
    return True


def plain_addresses(app: Flask) -> Iterator[str]:
    """Every page and list that needs nothing but its address."""
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and not rule.arguments:
            yield rule.rule


def test_a_cursor_with_an_impossible_date_is_refused_everywhere(
    app: Flask,
    phone: Phone,
    desk_of: Callable[[Someone], Desk],
    world: World,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Every address is asked once; whoever reads a cursor, for all that get as far as its list. What is refused before
    that is refused alike, whatever is asked."""
    desk = desk_of(world.people.admin)
    monkeypatch.setattr(cursors, "decode", decode := Mock(wraps=cursors.decode))
    readers = taken = 0
    for path in plain_addresses(app):
        if not path.startswith(("/api/v1/", "/console")):
            continue
        get = phone.get if path.startswith("/api/") else partial(desk.get, Accept="application/json")
        decode.reset_mock()
        answer = get(f"{path}?after={NO_CURSOR}")
        assert answer.status < 500, (path, answer.text[:300])
        readers += decode.called
        wanted = {call.args[1:] for call in decode.call_args_list}
        for after in (after for after in CURSORS if any(is_read(after, *kinds) for kinds in wanted)):
            taken += 1
            answer = get(f"{path}?after={quote(after)}")
            assert answer.status < 500, (path, after, answer.text[:300])
    assert readers > 15
    assert taken > 0


@pytest.mark.slow("opens every page")
def test_a_nul_in_an_address_is_refused_everywhere(
    app: Flask, phone: Phone, desk_of: Callable[[Someone], Desk], world: World
) -> None:
    desk = desk_of(world.people.admin)
    names = ("q", "category", "who", "action", "subject", "hash", "kind", "state", "edit", "topic", "statute", "code")
    query = "&".join(f"{name}=a%00b" for name in names)
    for path in plain_addresses(app):
        caller = phone if path.startswith("/api/") else desk
        assert caller.get(f"{path}?{query}").status < 500, path
    for path in ("/certificates/a%00b", "/api/v1/hazards/a%00b", "/console/message-templates/a%00b"):
        assert desk.get(path).status in (400, 401, 404, 405)


def test_words_pasted_into_a_search_are_cleaned(desk_of: Callable[[Someone], Desk], world: World) -> None:
    pasted = quote("蓝海\u200b船舶\x0b")
    assert "蓝海船舶修造有限公司" in desk_of(world.people.admin).get(f"/console/unions?q={pasted}").text


@pytest.mark.servers
def test_chunks_ended_by_a_line_feed_alone_are_refused(live_server: Service) -> None:
    address = urlsplit(live_server.base_url)
    for path in ("/api/v1/session", "/console/sign-in", "/wechat/official-account"):
        head = f"POST {path} HTTP/1.1\r\nHost: {address.netloc}\r\nContent-Type: application/json\r\n"
        body = b"Transfer-Encoding: chunked\r\n\r\n5\nhello\n0\n\n"
        with closing(socket.create_connection((str(address.hostname), address.port or 80), timeout=10)) as phone:
            phone.sendall(head.encode() + body)
            phone.shutdown(socket.SHUT_WR)
            answer = phone.recv(4096)
        assert answer[:12] in (b"HTTP/1.1 400", b"HTTP/1.1 404", b""), answer[:200]


def test_an_object_of_thousands_of_unknown_fields_is_refused_in_a_few_words(phone_of: Callable[[None], Phone]) -> None:
    """Each costs its complaint; anybody can send a megabyte of them before signing in."""
    flood = {f"k{number}": 1 for number in range(70_000)}
    begun = time.process_time()
    answer = phone_of(None).post("/api/v1/session", flood)
    assert (answer.status, answer.code) == (422, "invalid")
    assert len(answer.text) < 1000
    assert time.process_time() - begun < 1
