"""What holds the console together: landing page, frame, error pages, assets."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from server.core.settings import Settings
from tests.support.callers import Desk, InProcess
from tests.support.pages import tight
from tests.support.world import Someone, World

pytestmark = [pytest.mark.parametrize("backend", ["embedded"], indirect=True), pytest.mark.browser]

DeskOf = Callable[[Someone | None], Desk]


def links(page: str) -> set[str]:
    return set(re.findall(r'class="side-link" href="([^"]+)"', page))


def test_the_landing_page_shows_two_doors_to_anybody(desk_of: DeskOf) -> None:
    page = desk_of(None).get("/").ok().text
    assert 'href="/h5/"' in page
    assert 'href="/console/"' in page
    assert 'src="data:image/svg+xml' in page


@pytest.mark.parametrize(
    "role", ["enterprise_reviewer", "town_reviewer", "district_reviewer", "city_reviewer", "admin"]
)
def test_everyone_with_a_console_role_has_a_home_and_only_links_that_open(
    desk_of: DeskOf, world: World, role: str
) -> None:
    desk = desk_of(getattr(world.people, role))
    offered = links(desk.get("/console/").ok().text)
    assert "/console/queue" in offered
    assert {path: desk.get(path).status for path in offered} == dict.fromkeys(offered, 200)


def test_the_navigation_hides_what_one_may_not_open(desk_of: DeskOf, world: World) -> None:
    offered = links(desk_of(world.people.enterprise_reviewer).get("/console/").text)
    assert "/console/jobs" not in offered
    assert "/console/audit" not in offered


def test_a_page_that_is_not_there_says_so_in_words_with_the_code_in_small_print(desk_of: DeskOf, world: World) -> None:
    answer = desk_of(world.people.admin).get("/console/nothing-here")
    assert answer.status == 404
    assert "没有找到" in answer.text
    assert "not_found" in answer.text
    assert "Traceback" not in answer.text


def test_an_error_page_keeps_the_navigation_of_whoever_is_signed_in(desk_of: DeskOf, world: World) -> None:
    desk = desk_of(world.people.enterprise_reviewer)
    for path, status in (("/console/nothing-here", 404), ("/console/audit", 403), ("/console/queue?status=odd", 422)):
        answer = desk.get(path)
        assert (answer.status, "/console/queue" in links(answer.text)) == (status, True)
    assert not links(desk_of(None).get("/console/nothing-here").text)


def test_groups_of_the_navigation_fold_but_for_what_waits_and_the_page_one_is_on(desk_of: DeskOf, world: World) -> None:
    page = tight(desk_of(world.people.admin).get("/console/audit").ok().text)
    groups = re.findall(r'<details class="side-group"(?P<open> open)?><summary><span>([^<]+)', page)
    assert [label for is_open, label in groups if is_open] == ["待办", "设置"]
    assert len(groups) > 3


def test_the_error_page_links_back_only_to_pages_of_this_site(desk_of: DeskOf, world: World) -> None:
    desk = desk_of(world.people.admin)
    inside = desk.get("/console/nothing-here", Referer="http://localhost/console/queue?due=today").text
    outside = desk.get("/console/nothing-here", Referer="https://elsewhere.example/console/").text
    assert 'href="http://localhost/console/queue?due=today"' in inside
    assert "elsewhere.example" not in outside


def test_pages_allow_nothing_inline_and_nothing_from_elsewhere(desk_of: DeskOf, world: World) -> None:
    policy = desk_of(world.people.admin).get("/console/").headers["Content-Security-Policy"]
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert directives["default-src"] == directives["script-src"] == directives["style-src"] == "'self'"
    assert directives["frame-ancestors"] == "'none'"


def test_assets_have_fingerprints_and_may_be_kept_for_ever(desk_of: DeskOf) -> None:
    desk = desk_of(None)
    found = re.findall(r'(?:href|src)="(/static/[^"#]+)', desk.get("/").text)
    assert found
    for address in found:
        answer = desk.get(address, **{"Accept-Encoding": "br"})
        assert answer.status == 200
        assert re.search(r"-[0-9a-f]{12}\.(js|css|svg)$", address)
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["Content-Encoding"] == "br"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_the_workers_page_is_asked_for_anew_but_its_parts_are_kept(settings: Settings, tmp_path: Path) -> None:
    from server.app import create_app

    built = tmp_path / "h5"
    (built / "assets").mkdir(parents=True)
    (built / "index.html").write_text("<!doctype html><title>随手拍</title>")
    (built / "assets" / "index-Bx3_9aQz.js").write_text("1")
    desk = Desk(InProcess(create_app(settings.model_copy(update={"h5_dir": built}))))
    page = desk.get("/h5/").ok()
    assert page.headers["Cache-Control"] == "no-cache"
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    assert "immutable" in desk.get("/h5/assets/index-Bx3_9aQz.js").ok().headers["Cache-Control"]


def test_without_built_assets_the_page_tells_how_to_build_them(
    app: Flask, desk_of: DeskOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.extensions, "asset_manifest", {})
    answer = desk_of(None).get("/")
    assert answer.status == 500
    assert "scripts/run" in answer.text
