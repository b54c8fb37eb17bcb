"""Closing reports: asked for, answered with figures, corrected with a reason, compiled."""

import io
from collections.abc import Callable
from uuid import UUID

import pytest
from docx import Document
from openpyxl import load_workbook

from server.assignments.dispatch.actions import draft_assignment, send_assignment
from server.assignments.dispatch.schemas import DraftIn, RecipientRule
from server.assignments.forms.actions import create_form
from server.assignments.forms.schemas import FormIn
from server.core import clock
from server.core.db import Database
from server.oversight.summaries.queries import ready_form
from server.unions.roles import Role
from tests.integration.assignments.answering import Cast
from tests.support.callers import Desk, Phone
from tests.support.figures import count_figures
from tests.support.tasks import LATER, Officer, Sender, actor_at, load_row, load_versions
from tests.support.world import Someone, World

pytestmark = pytest.mark.parametrize("backend", ["embedded"], indirect=True)
WORDS = {
    "deployment": "开了会。", "measures_text": "查了车间。", "results_text": "共上报 {{隐患上报数}} 件。",
    "problems_text": "人手少。", "next_text": "再查。", "training_times": "30", "training_people": "20",
}  # fmt: skip


@pytest.fixture
def cast(
    database: Database, world: World, desk_of: Callable[[Someone | None], Desk],
    phone_of: Callable[[Someone | None], Phone], run_jobs: Callable[..., int],
) -> Cast:  # fmt: skip
    return Cast(database, world, desk_of, phone_of, run_jobs)


def ask(cast: Cast, sender: Sender, *unions: UUID) -> UUID:
    """The ready form, figures of this year."""
    now = clock.now()
    with cast.database.transaction() as session:
        form = create_form(session, sender.union_id, FormIn(title="总结"), ready_form(), actor=sender.actor, now=now)
        today = clock.day_of(now)
        body = DraftIn(
            title="安全生产月活动总结", text="请按期报送。", form_id=form.id, due_on=LATER,
            rule=RecipientRule(plus=unions), details={"since": today.replace(month=1, day=1), "until": today},
        )  # fmt: skip
        draft = draft_assignment(session, "summary", body, actor=sender.actor, now=now)
        send_assignment(session, draft.id, draft.version, actor=sender.actor, now=now)
    cast.run_jobs()
    return draft.id


@pytest.fixture
def asked(cast: Cast) -> UUID:
    """What the town asks the shipyard."""
    return ask(cast, cast.sender, cast.world.unions.shipyard)


def text_of(content: bytes) -> str:
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_reports_are_answered_corrected_and_compiled(cast: Cast, asked: UUID, database: Database) -> None:
    task = cast.sender.rows(asked)[cast.world.unions.shipyard]
    unit, town = cast.unit(task), cast.town(task)
    cast.phone_of(cast.world.people.worker).report(enterprise_id=cast.world.unions.shipyard)
    count_figures(database)
    assert unit.fill("submit", **WORDS).status == 303
    assert town.decide("accept", load_row(database, task).version).status == 303

    assert "要改，请" not in unit.page
    assert unit.desk.post(f"{unit.path}/correct", {"version": str(load_row(database, task).version)}).status == 422
    reason = {"version": str(load_row(database, task).version), "reason": "人次写错了"}
    assert unit.desk.post(f"{unit.path}/correct", reason).status == 303
    base = f"/console/summaries/{asked}"
    assert "30 人次" in town.desk.get(base).ok().text  # in force until the correction is accepted
    assert unit.fill("submit", **{**WORDS, "training_times": "31"}).status == 303
    assert town.decide("accept", load_row(database, task).version).status == 303
    assert [each.correction for each in load_versions(database, task)] == [None, "人次写错了"]
    assert "（更正：人次写错了）" in unit.page

    page = town.desk.get(base).ok().text
    assert all(words in page for words in ("31 人次", "20 人", "共上报 1 件。", "统计期："))
    chosen = {"passage": f"{task}.results_text", "addressee": "市总工会"}
    report = text_of(town.desk.post(f"{base}/report", chosen).ok().body)
    assert all(
        words in report for words in ("关于安全生产月活动情况的报告", "市总工会：", "一、成效与数据", "共上报 1 件。")
    )
    assert "人手少。" not in report
    assert "隐患上报数" in text_of(town.desk.post(f"{base}/brief", chosen).ok().body)
    sheet = load_workbook(io.BytesIO(town.desk.get(f"{base}/table.xlsx").ok().body))["汇总表"]
    cells = [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row]
    assert {"是否报送", "退回次数", "隐患上报数", "31 人次"} <= set(cells)


def test_a_summary_is_not_shown_to_who_was_asked_nor_to_others(cast: Cast, asked: UUID) -> None:
    for someone in (cast.world.people.enterprise_reviewer, cast.world.people.other_district_reviewer):
        answer = cast.desk_of(someone).get(f"/console/summaries/{asked}")
        assert answer.status in (403, 404)


def test_what_a_union_above_reports_already_is_not_counted_twice(cast: Cast, database: Database) -> None:
    people, unions = cast.world.people, cast.world.unions
    city = cast.desk_of(people.city_reviewer)
    sender = Sender(
        database, actor_at(database, people.city_reviewer.id, Role.CITY_REVIEWER, unions.city), cast.run_jobs
    )  # fmt: skip
    summary = ask(cast, sender, unions.south, unions.seaside)
    tasks = sender.rows(summary)
    for union, officer in ((unions.seaside, people.town_reviewer), (unions.south, people.district_reviewer)):
        task = tasks[union]
        assert Officer(cast.desk_of(officer), task).fill("submit", **WORDS).status == 303
        assert Officer(city, task).decide("accept", load_row(database, task).version).status == 303
        page = city.get(f"/console/summaries/{summary}").ok().text
        assert ("30 人次" in page, "60 人次" in page) == (True, False)
    assert "已计入" in city.get(f"/console/summaries/{summary}").ok().text
