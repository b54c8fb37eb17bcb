"""Steps of plans for tests, through the pages."""

import re
from typing import Any

from tests.support.callers import Answer, Desk

PLAN = {"title": "冬季督导", "mode": "leaders", "starts_on": "2026-12-01", "ends_on": "2026-12-20", "basis": "青工办"}
HOME = "/console/supervision"


def send(desk: Desk, path: str, **fields: str) -> Answer:
    """Post to a page of the console."""
    return desk.post(path, fields)


def draft(desk: Desk, **changes: Any) -> str:
    """The address of a new plan."""
    answer = desk.post(HOME, {**PLAN, **changes})
    assert answer.status == 303, answer.text[-2000:]
    return str(answer.headers["Location"])


def version_on(desk: Desk, page: str) -> str:
    """The version that a page would post."""
    found = re.search(r'name="version"\s+value="(\d+)"', desk.get(page).ok().text)
    assert found is not None, page
    return found[1]


def publish(desk: Desk, plan: str) -> Answer:
    """Publish a draft."""
    return send(desk, f"{plan}/move/publish", version=version_on(desk, plan))


def add_team(desk: Desk, plan: str, lead: object, **member: str) -> str:
    """A group with one person; its id."""
    known = set(re.findall(r'<option value="([0-9a-f-]{36})"', desk.get(f"{plan}/teams").text))
    assert send(desk, f"{plan}/teams/add", lead_union=str(lead)).status == 303
    page = desk.get(f"{plan}/teams").text
    [team] = set(re.findall(r"/teams/([0-9a-f-]{36})/remove", page)) - known
    assert send(desk, f"{plan}/teams/members/add", team=team, **member).status == 303
    return str(team)


def units_of(desk: Desk, plan: str, status: str = "") -> list[str]:
    """The addresses of the enterprises of a plan."""
    page = desk.get(f"{HOME}/units?plan={plan.rpartition('/')[2]}&status={status}").ok().text
    return re.findall(r'href="(/console/supervision/units/[0-9a-f-]{36})"', page)
