"""The handbook, the hints for a first visit and the news at the console."""

import re
from collections.abc import Callable
from urllib.parse import unquote

import pytest

from server.console.help.queries import HANDBOOK, NEWS, chapters, latest_news
from server.core.slice import MenuEntry, declared
from tests.support.callers import Desk
from tests.support.world import Someone, World

DeskOf = Callable[[Someone], Desk]


def entry_of(path: str) -> MenuEntry:
    return next(entry for entry in declared().menu if entry.path == path)


@pytest.mark.parametrize("path", ["/console/queue", "/console/rectifications"])
def test_help_leads_from_a_page_to_its_chapter_and_its_first_visit_says_what_it_is_for(
    world: World, desk_of: DeskOf, path: str
) -> None:
    desk, entry = desk_of(world.people.town_reviewer), entry_of(path)
    page = desk.get(path).ok().text
    assert entry.handbook in map(unquote, re.findall(r'href="/console/help#([^"]+)"', page))
    assert entry.hint in page
    handbook = desk.get("/console/help").ok().text
    assert f'id="{entry.handbook}"' in handbook
    assert all(f'href="#{each.heading}"' in handbook for each in chapters(HANDBOOK))
    assert "<p><strong>扫码登录</strong>" in handbook  # a line is a matter of its own: no wall of text
    assert "LibreOffice" not in handbook


def test_news_are_announced_by_their_day_and_read_on_their_page(world: World, desk_of: DeskOf) -> None:
    desk = desk_of(world.people.enterprise_reviewer)
    assert f'data-news="{latest_news()}"' in desk.get("/console/").ok().text
    page = desk.get("/console/help/news").ok().text
    assert [f"<h2>{each.heading}</h2>" in page for each in chapters(NEWS)] == [True] * len(chapters(NEWS))


def test_markup_in_a_chapter_is_shown_and_never_run(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("docs") / "handbook.md"
    path.write_text("# 手册\n\n## 一\n\n<script>alert(1)</script>\n", "utf-8")
    [chapter] = chapters(path)
    assert "<script>" not in chapter.html
