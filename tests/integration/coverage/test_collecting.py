"""A union asks enterprises for their headcounts; what it accepts stands in the register once, and a correction takes
its place."""

from typing import Any

import pytest
from sqlalchemy import select

from server.oversight.coverage.models import Denominator, DenominatorSource
from server.unions.tree.models import Union
from tests.integration.assignments.answering import Cast

pytestmark = pytest.mark.usefixtures("end_of_november")

SAID = {
    "as_of": "2026-11-20", "own": "80", "dispatched": "10", "contractors": "5", "officers_required": "2", "teams": "6",
    "evidence": "社保缴费人数", "signed_by": "企业工会主席",
}  # fmt: skip


def kept(cast: Cast) -> list[tuple[Any, ...]]:
    """The register of the shipyard, and what the page of the union says."""
    with cast.database.reading() as session:
        rows = session.scalars(
            select(Denominator)
            .where(Denominator.enterprise_id == cast.world.unions.shipyard)
            .order_by(Denominator.as_of)
        )
        heads = session.get_one(Union, cast.world.unions.shipyard).headcount
        return [(str(row.as_of), row.own, row.source, row.entered_by_id, heads) for row in rows]


def test_what_is_accepted_is_written_once_and_corrected_by_a_correction(cast: Cast) -> None:
    task, by = cast.ask(kind="headcount", form=None), cast.world.people.enterprise_reviewer.id
    unit, town = cast.unit(task), cast.town(task)
    for wrong, words in (({"as_of": "2026-11-30"}, "不能晚于今天"), ({"officers_required": "0"}, "不能小于 1")):
        refused = unit.fill("submit", **SAID | wrong)
        assert (refused.status, words in refused.text) == (422, True)
    assert unit.fill("submit", **SAID).status == 303
    assert kept(cast) == []  # nobody looked at it yet
    assert town.decide("accept", 3).status == 303
    assert kept(cast) == [("2026-11-20", 80, DenominatorSource.ENTERPRISE, by, 95)]
    page = unit.desk.get(f"/console/coverage/enterprises/{cast.world.unions.shipyard}").ok().text
    assert f"/console/tasks/{task}/check" in page

    assert unit.desk.post(f"{unit.path}/correct", {"version": "4", "reason": "日期和人数写错了"}).status == 303
    assert unit.fill("submit", **SAID | {"as_of": "2026-11-01", "own": "8"}).status == 303
    assert kept(cast)[0][:2] == ("2026-11-20", 80)  # holds until the correction does
    assert town.decide("accept", 6).status == 303
    assert kept(cast) == [("2026-11-01", 8, DenominatorSource.ENTERPRISE, by, 23)]


def test_the_next_answer_starts_from_what_is_known_and_needs_nobody_where_nobody_checks(cast: Cast) -> None:
    first = cast.ask(kind="headcount", form=None, checker="nobody")
    assert cast.unit(first).fill("submit", **SAID).status == 303
    assert len(kept(cast)) == 1
    second = cast.ask(kind="headcount", form=None)
    start = cast.linked_phone().get(f"/api/v1/tasks/{second}").ok().json["response"]
    assert (start["version"], start["answers"]) == (
        0, {"own": 80, "dispatched": 10, "contractors": 5, "officers_required": 2, "teams": 6,
            "evidence": "社保缴费人数", "signed_by": "企业工会主席"},
    )  # fmt: skip
    page = cast.unit(second).page
    assert all(f'value="{each}"' in page for each in ("80", "社保缴费人数"))


def test_only_enterprises_are_asked_by_a_form_that_nobody_edits_or_picks(cast: Cast) -> None:
    desk = cast.desk_of(cast.world.people.city_reviewer)
    posted = {"title": "报职工数", "text": "", "due_on": "2026-12-20", "checker": "sender", "remind_days": "3"}
    made = desk.post("/console/assignments/new?kind=headcount", {**posted, "levels": "town"}, form="/console/")
    path = made.headers["Location"]
    draft = desk.get(path).ok().text
    assert 'name="form_id"' not in draft
    sent = desk.post(f"{path}/send", {"version": "1"}, form="/console/")
    assert (sent.status, "只能选企业" in sent.text) == (422, True)
    cast.ask(kind="headcount", form=None)
    assert "职工人数登记表" not in desk.get("/console/forms").ok().text
    assert "职工人数登记表" not in desk.get("/console/assignments/new?kind=task").ok().text
