"""Paper goes from hand to hand: whoever prints it, it does not tell who reported anonymously, or at what minute."""

from collections.abc import Callable

import pytest

from server.core.db import Database
from tests.integration.anonymity.conftest import EXCERPT, Case, read
from tests.integration.rectification.conftest import Case as Rectified
from tests.integration.rectification.conftest import Hand
from tests.support.callers import Desk, Phone
from tests.support.papers import words_in
from tests.support.world import Someone, World

pytestmark = pytest.mark.parametrize("backend", ["embedded"], indirect=True)


@pytest.mark.parametrize("who", ["enterprise_reviewer", "city_reviewer"])
def test_a_sheet_says_the_day_and_no_name_even_when_the_city_has_opened_it(
    who: str, case: Case, desk_of: Callable[[Someone], Desk], world: World
) -> None:
    city = desk_of(world.people.city_reviewer)
    page = f"/console/submissions/{case.submission_id}"
    assert city.post(f"{page}/disclose", {"reply": "需要当面核实情况"}, form=page).status == 303
    answer = desk_of(getattr(world.people, who)).get(f"/console/submissions/{case.submission_id}/sheet.docx").ok()
    words = words_in(answer.body)
    assert ("匿名职工" in words, EXCERPT in words, "2026年11月20日" in words) == (True, True, True)
    for trace in (*case.traces, case.reporter.name):
        assert trace not in read(answer)


def test_what_the_anonymous_reporter_confirmed_is_by_an_anonymous_worker_also_when_the_city_has_opened_the_name(
    case: Case, desk_of: Callable[[Someone], Desk], phone_of: Callable[[Someone], Phone], world: World,
    database: Database,
) -> None:  # fmt: skip
    city, rectified = desk_of(world.people.city_reviewer), Rectified(database, case.submission_id)
    page = f"/console/submissions/{case.submission_id}"
    assert city.post(f"{page}/disclose", {"reply": "需要当面核实情况"}, form=page).status == 303
    assert city.post(f"{page}/accept", {"version": "2", "grade": "3"}).status == 303
    Hand(desk_of(world.people.enterprise_reviewer)).submit(rectified.row)
    confirm = f"/api/v1/submissions/{case.submission_id}/rectification/confirm"
    phone_of(case.reporter).post(confirm, {"text": "现场看过"}).ok()
    words = words_in(city.get(f"{page}/sheet.docx").ok().body)
    assert ("匿名职工\n现场看过" in words, "未填姓名" in words, case.reporter.name in words) == (True, False, False)
    assert "未填姓名" not in city.get(f"/console/rectifications/{rectified.row.id}").ok().text
