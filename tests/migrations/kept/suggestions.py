"""What suggestions had brought before there was a status of it stays confirmed; steps of their plans are counted."""

from datetime import date

from sqlalchemy import select

from server.activities.suggestions.models import ImplementationStatus, Suggestion
from tests.migrations.climbing import NEWEST, NOW, Filled, Old, Story, story


@story
def a_benefit_that_was_confirmed_stays_so_and_any_other_suggestion_waits_for_it(old: Old) -> Story:
    filled = Filled(old)
    old = yield "0040-1"
    first = old.row("submissions", filled.hazard)
    same = {name: value for name, value in first.items() if name not in ("id", "number", "kind", "grade")}
    words = {"title": "加装光电保护", "present_state": "", "proposal": "在冲床两侧加装", "benefit": "", "risk": ""}

    def add(number: str, **values: object) -> object:
        submission_id = old.insert("submissions", **same, number=number, kind="suggestion")
        row = words | {"may_publish": True, "supporters": 0, "submission_id": submission_id}
        old.insert("suggestions", **row | values)
        return submission_id

    brought = add("2026-700001J", confirmed_at=NOW, confirmed_by_id=filled.person, hours=3)
    waiting = add("2026-700002J", published_at=NOW)
    for submission_id, done_on in ((brought, NOW.date()), (waiting, None), (waiting, NOW.date())):
        step = {"what": "采购", "owner": "设备科", "due_on": date(2026, 12, 1), "created_at": NOW}
        old.insert("suggestion_plan_steps", submission_id=submission_id, done_on=done_on, **step)
    database = yield NEWEST
    with database.reading() as session:
        rows = session.scalars(select(Suggestion)).all()
        found = {row.submission_id: (row.status, row.version, row.steps, row.open_steps) for row in rows}
    assert found == {
        brought: (ImplementationStatus.CONFIRMED, 1, 1, 0),
        waiting: (ImplementationStatus.PENDING, 1, 2, 1),
    }
