"""Everything that an enterprise's reviewer can open, walked: nothing tells who reported anonymously."""

import html
import re
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urljoin, urlsplit
from uuid import UUID

import pytest
import time_machine as clock
from flask import Flask
from werkzeug.routing import Rule

from server.core import ids
from server.core.db import Database
from server.core.web.access import permission_of
from server.photos.models import Photo
from server.photos.pictures.keys import Variant
from server.photos.pictures.links import photo_url
from server.unions.roles import Role
from tests.integration.anonymity.conftest import (
    EXCERPT,
    PHONE_NUMBER,
    Case,
    ids_made_while_reporting,
    known_ids,
    read,
    report_anonymously,
)
from tests.support import images
from tests.support.callers import Answer, Desk, Phone, hazard
from tests.support.world import Someone, World

pytestmark = pytest.mark.parametrize("backend", ["embedded"], indirect=True)

ID = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-7")
VERSION = re.compile(r'name="version" value="(\d+)"')
LINK = re.compile(r'(?:href|src|data-display|data-original|hx-get|action)="([^"]+)"')
STAFF = ("/console/people", "/console/unions", "/console/training/people")  # the enterprise's own, who are no secret
OVERVIEW = re.compile("/console/unions/[^/]+/overview")  # what the enterprise sent and owes, and nobody's name
OVERDUE = datetime(2027, 1, 8, 2, 0, tzinfo=UTC)  # when the rectification should long have been done
SAME_LIST = ("reverse", "union")
MOST = 2000  # pages; more would mean that the walk goes in circles
BRIEF = {"Accept": "application/json"}  # pages are the same; a refusal, told by its status alone, costs a third
LEAVES = ("/console/sign-out", "/static/", "/h5/", "/api/", "/metrics", "/healthz", "/readyz")


def addresses(app: Flask, known: list[UUID]) -> Iterator[str]:
    """Every GET route with every known id in its place, whoever added the route; one where the role opens nothing."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.rule.startswith(LEAVES):
            continue
        holders = app.extensions["policy"].get(permission_of(app, rule.endpoint) or "", ())
        is_closed = holders and Role.ENTERPRISE_REVIEWER not in holders  # whatever id it is asked for
        for values in _values(rule, known[:1] if is_closed else known):
            yield adapter.build(rule.endpoint, values)


def _values(rule: Rule, known: list[UUID]) -> Iterator[dict[str, object]]:
    names = {name: type(rule._converters[name]).__name__ for name in rule.arguments}
    if not names:
        yield {}
        return
    for each in known:
        for word in ("original", "display", "thumbnail", "hazard", "notice", "docx"):
            values: dict[str, object] = {}
            for name, converter in names.items():
                values[name] = each if converter == "UUIDConverter" else 1 if converter == "IntegerConverter" else word
            with suppress(ValueError):  # a word that this route does not know
                rule.build(values)
                yield values
            if all(converter == "UUIDConverter" for converter in names.values()):
                break


def links_in(address: str, answer: Answer) -> Iterator[str]:
    if "html" not in answer.headers.get("Content-Type", ""):
        return
    for found in LINK.findall(answer.text):
        target = urljoin(f"http://localhost{address}", html.unescape(found))
        parts = urlsplit(target)
        if parts.netloc == "localhost" and parts.scheme == "http" and not parts.path.startswith(LEAVES):
            yield parts.path + (f"?{parts.query}" if parts.query else "")


def pages_of(address: str) -> set[tuple[str, object]]:
    """What an address shows: on the page of one thing, a query says no more than which list leads there; a list that is
    turned round, or narrowed to the enterprise itself, is the same list; narrowed twice, it holds what is in both."""
    parts = urlsplit(address)
    if ID.search(parts.path):
        return {(parts.path, None)}
    query = [pair for pair in parse_qsl(parts.query) if pair[0] not in SAME_LIST]
    return {(parts.path, pair) for pair in query} or {(parts.path, None)}


def walk(desk: Desk, start: list[str], app: Flask) -> dict[str, str]:
    """What every page says that can be reached, by its address. Addresses of forms are not opened: nobody gets them."""
    waiting, seen = deque(dict.fromkeys(start)), dict[str, str]()
    tried = set(start)
    opened = set[object]()
    adapter = app.url_map.bind("localhost")
    while waiting:
        address = waiting.popleft()
        if pages_of(address) <= opened or not adapter.test(urlsplit(address).path, "GET"):
            continue
        opened |= pages_of(address)
        assert len(seen) < MOST, f"the walk does not end: {address}"
        answer = desk.get(address, **(BRIEF if address in tried else {}))
        assert answer.status < 500, address
        seen[address] = read(answer) if answer.status == 200 else ""
        waiting.extend(links_in(address, answer))
    return seen


def betrayals(pages: dict[str, str], case: Case) -> list[tuple[str, str]]:
    """(address, what it tells) of every page that says too much."""
    person = (str(case.reporter.id), case.reporter.name)
    found = []
    for address, text in pages.items():
        path = urlsplit(address).path
        is_staff = path.startswith(STAFF) and not OVERVIEW.fullmatch(path)
        told = [word for word in person if word in text]
        if is_staff:
            told = ["staff page shows the report"] if EXCERPT in text or str(case.submission_id) in text else []
            found += [(address, word) for word in told]
            continue
        told += [word for word in case.traces if word in text]
        told += ids_made_while_reporting(text)
        told += ["link to the original" for each in case.photo_ids if f"/photos/{each}/original?" in text][:1]
        found += [(address, word) for word in told]
    return found


@pytest.mark.slow("opens every page that an enterprise can, several times")
def test_no_page_export_or_link_tells_an_enterprise_who_it_was(
    app: Flask,
    desk_of: Callable[[Someone], Desk],
    phone_of: Callable[[Someone], Phone],
    world: World,
    database: Database,
    case: Case,
    run_jobs: Callable[..., int],
) -> None:
    desk = desk_of(world.people.enterprise_reviewer)
    address = f"/console/submissions/{case.submission_id}"
    queue = "/console/queue?status=all"
    stages: list[Callable[[], object]] = [
        lambda: None,
        lambda: _move(desk_of(world.people.town_reviewer), address, "return", reply="在哪一层？"),
        lambda: _answer(phone_of(case.reporter), case),
        lambda: _move(desk_of(world.people.town_reviewer), address, "accept", grade="2", measures="装门"),
        lambda: _move(desk_of(world.people.city_reviewer), address, "disclose", reply="当面致谢"),
    ]
    pages: dict[str, str] = {}
    for number, act in enumerate(stages):
        act()
        run_jobs(expect_failures=True)
        # What is shown anywhere is followed. At first, every door is tried with the report's ids as well, in the end
        # with every id that hangs on it.
        tried = addresses(app, [case.submission_id, *case.photo_ids]) if number == 0 else ()
        pages = walk(desk, [address, queue, *tried], app)
        assert EXCERPT in pages[address], number
        assert betrayals(pages, case) == [], number
        for said in (case.reporter.name, PHONE_NUMBER, str(case.reporter.id)):
            assert str(case.submission_id) not in desk.get(f"{queue}&q={said}").ok().text, f"found by {said}"
    assert any("/rectifications/" in each and EXCERPT in text for each, text in pages.items())
    with clock.travel(OVERDUE):
        run_jobs(expect_failures=True)
        with database.reading() as session:
            known = known_ids(session, case, world)
        pages = walk(desk_of(world.people.enterprise_reviewer), [address, queue, *addresses(app, known)], app)
    assert betrayals(pages, case) == []


def test_answers_to_what_an_enterprise_sends_tell_nothing_either(
    desk_of: Callable[[Someone], Desk], phone_of: Callable[[Someone], Phone], world: World, case: Case
) -> None:
    """A page out of date is told what happened meanwhile: here the reporter did it, at a quarter past nine."""
    desk, address = desk_of(world.people.enterprise_reviewer), f"/console/submissions/{case.submission_id}"
    with clock.travel(datetime(2026, 11, 23, 1, 15, tzinfo=UTC)):
        phone_of(case.reporter).post(f"/api/v1/submissions/{case.submission_id}/withdraw").ok()
    forms = {"accept": {"grade": "1"}, "decline": {"reply": "否"}, "claim": {}, "note": {"note": "x"}, "disclose": {}}
    pages = {move: read(desk.post(f"{address}/{move}", {"version": "2", **form})) for move, form in forms.items()}
    batch = ids.new_id()
    sent = {"move": "decline", "item": [f"{case.submission_id}:2"], "reply": "否"}
    assert desk.post(f"/console/queue/batches/{batch}", sent).status == 303
    pages["batch"] = read(desk.get(f"/console/queue?batch={batch}"))
    assert "报告人在 11月23日" in pages["accept"]
    assert "报告人在 11月23日" in pages["batch"]
    assert betrayals(pages, case) == []


def _answer(phone: Phone, case: Case) -> None:
    body = {"text": "二层", "photos": [images.jpeg(7).manifest]}
    phone.put(f"/api/v1/submissions/{case.submission_id}/answers/{ids.new_id()}", body).ok()
    phone.upload(case.submission_id, images.jpeg(7), 2).ok()


def _move(desk: Desk, address: str, move: str, **fields: str) -> None:
    version = VERSION.search(desk.get(address).ok().text)
    assert version is not None
    assert desk.post(f"{address}/{move}", {"version": version[1], **fields}).status == 303


def test_the_walk_sees_what_a_name_would_look_like(
    app: Flask, desk_of: Callable[[Someone], Desk], world: World, database: Database, case: Case
) -> None:
    """The same walk by those who may know finds plenty: it is not blind."""
    desk = desk_of(world.people.town_reviewer)
    address = f"/console/submissions/{case.submission_id}"
    found = {word for _, word in betrayals(walk_one(desk, address), case)}
    assert {"13:37", "link to the original", images.DEVICE[0]} <= found


def walk_one(desk: Desk, address: str) -> dict[str, str]:
    return {address: read(desk.get(address).ok())}


def test_an_original_is_refused_without_a_link_whatever_is_guessed(
    app: Flask, desk_of: Callable[[Someone], Desk], world: World, database: Database, case: Case
) -> None:
    desk = desk_of(world.people.enterprise_reviewer)
    page = desk.get(f"/console/submissions/{case.submission_id}").ok().text
    shown = [html.unescape(each) for each in re.findall(r'"(/photos/[^"]+)"', page)]
    assert shown
    for link in shown:
        guess = re.sub("/(display|thumbnail)", "/original", link)
        assert desk.get(guess).status == 403
        assert desk.get(urlsplit(guess).path).status == 403
    with database.reading() as session, app.app_context():
        photo = session.get_one(Photo, case.photo_ids[0])
        assert desk.get(str(photo_url(photo, Variant.ORIGINAL))).status == 200  # for whoever was given it


def test_ids_of_an_anonymous_report_tell_no_more_than_the_day(phone: Phone, world: World, case: Case) -> None:
    assert all(ids.tells_day_only(each) for each in (case.submission_id, *case.photo_ids))
    fine, body = ids.new_id(), {"is_anonymous": True, "enterprise_id": world.unions.shipyard}
    refused = phone.declare(fine, hazard([images.jpeg(5)], **body))
    assert (refused.status, refused.code) == (422, "id_tells_time")
    assert phone.declare(fine, hazard([images.jpeg(5)], enterprise_id=world.unions.shipyard)).status == 201


def test_several_anonymous_reports_of_a_day_stand_in_no_order_of_their_time(phone: Phone, world: World) -> None:
    made = [report_anonymously(phone, images.jpeg(seed), enterprise_id=world.unions.shipyard) for seed in range(10, 18)]
    assert made != sorted(made)
