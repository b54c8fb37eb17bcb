"""Paper goes from hand to hand: whoever prints it, it does not tell who reported anonymously, or at what minute."""

from collections.abc import Callable

import pytest

from tests.integration.anonymity.conftest import EXCERPT, Case, read
from tests.support.callers import Desk
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
