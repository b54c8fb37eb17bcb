"""Whatever is done to an item that was opened from a list leads back to the list as it was narrowed."""

import html
import re
from collections.abc import Callable

import pytest

from server.core.db import Database
from server.review.submissions.models import Submission
from tests.support.callers import Desk, Phone
from tests.support.images import jpeg
from tests.support.pages import links
from tests.support.versions import version_of
from tests.support.world import Someone, World

DeskOf = Callable[[Someone], Desk]
FILTER = "category=electric&day_of=sent"
pytestmark = pytest.mark.parametrize("backend", ["embedded"], indirect=True)


def actions(page: str, ending: str) -> list[str]:
    """Where the forms of a page lead whose path ends so."""
    found = re.findall(r'<form[^>]*\baction="([^"]+)"', page)
    return [html.unescape(each) for each in found if html.unescape(each).partition("?")[0].endswith(ending)]


def test_merging_from_beside_one_another_and_undoing_it_keep_the_filter(
    phone: Phone, desk_of: DeskOf, world: World, run_jobs: Callable[[], int], database: Database
) -> None:
    first, again = (phone.report(jpeg(7), enterprise_id=world.unions.shipyard) for _ in range(2))
    phone.report(jpeg(8), enterprise_id=world.unions.shipyard)
    run_jobs()
    desk = desk_of(world.people.town_reviewer)
    item = desk.get(f"/console/submissions/{again}?{FILTER}").ok().text
    [compare] = [link.href for link in links(item) if f"{again}/compare/{first}" in link.href]
    page = desk.get(compare).ok().text
    assert f"/console/submissions/{again}?{FILTER}" in {link.href for link in links(page)}
    [merge] = actions(page, "/mark_duplicate")
    answer = desk.post(merge, {"version": version_of(desk, again), "target_id": str(first)})
    assert (answer.status, answer.headers["Location"].partition("?")[2]) == (303, FILTER)
    [undo] = actions(desk.get(answer.headers["Location"]).ok().text, "/reopen")
    with database.reading() as session:
        version = str(session.get_one(Submission, again).version)
    back = desk.post(undo, {"version": version})
    assert (back.status, back.headers["Location"].partition("?")[2]) == (303, FILTER)


def test_a_letter_leads_back_to_the_list_it_was_opened_from(desk_of: DeskOf, world: World) -> None:
    desk = desk_of(world.people.district_reviewer)
    fields = {
        "kind": "notice", "issuer_id": str(world.unions.south), "addressee_id": str(world.unions.shipyard),
        "addressee_name": "船厂", "mark": "南工", "subject": "关于消除隐患的提示函", "body": "一、配电箱敞开。",
        "reply_days": "10", "rectification": "",
    }  # fmt: skip
    assert desk.post("/console/letters", fields).status == 303
    [opened] = links(desk.get("/console/letters?status=draft").ok().text, r"/console/letters/[0-9a-f-]{36}.*")
    assert opened.href.endswith("?status=draft")
    page = desk.get(opened.href).ok().text
    assert "/console/letters?status=draft" in {link.href for link in links(page)}
    [issue] = actions(page, "/issue")
    assert desk.post(issue, {"version": "1"}).headers["Location"].endswith("?status=draft")
