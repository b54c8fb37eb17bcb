"""Closing reports: asked for, answered with figures, corrected with a reason, compiled."""

import html
import io
import re
from uuid import UUID

import pytest
from docx import Document
from openpyxl import load_workbook
from sqlalchemy import select

from server.assignments.dispatch.actions import (
    add_recipients,
    copy_assignment,
    draft_assignment,
    send_assignment,
    withdraw_recipient,
)
from server.assignments.dispatch.schemas import DraftIn, RecipientRule
from server.assignments.excerpts.models import Excerpt
from server.assignments.forms.actions import create_form
from server.assignments.forms.schemas import Definition, FormIn
from server.assignments.rollup.jobs import add_up_changed
from server.core import clock, ids
from server.core.db import Database
from server.oversight.summaries.queries import ready_form
from server.unions.roles import Role
from tests.integration.assignments.answering import Cast
from tests.support.callers import Answer, Desk
from tests.support.figures import count_figures
from tests.support.images import jpeg
from tests.support.tasks import LATER, Officer, Sender, actor_at, load_row, load_versions
from tests.support.training import held_session
from tests.support.world import World

pytestmark = pytest.mark.parametrize("backend", ["embedded"], indirect=True)
WORDS = {
    "deployment": "开了会。", "measures_text": "查了车间。", "results_text": "共上报 {{隐患上报数}} 件。",
    "problems_text": "人手少。", "next_text": "再查。", "meetings": "30", "publicity": "20",
}  # fmt: skip


def ask(cast: Cast, sender: Sender, *unions: UUID, also: dict[str, str] | None = None) -> UUID:
    """The ready form, figures of this year; `also`: one field more."""
    now, said = clock.now(), ready_form().model_dump(mode="json")
    said["sections"][0]["fields"] += [also] if also is not None else []
    with cast.database.transaction() as session:
        definition = Definition.model_validate(said)
        form = create_form(session, sender.union_id, FormIn(title="总结"), definition, actor=sender.actor, now=now)
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


def pick(desk: Desk, asked: UUID, *passages: str) -> Answer:
    fields = {"assignment": str(asked), "passage": list(passages)}
    return desk.post("/console/assignments/excerpts", fields, form="/console/")


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
    add_up_changed(database)
    assert "30 次" in town.desk.get(base).ok().text  # in force until the correction is accepted
    assert unit.fill("submit", **{**WORDS, "meetings": "31"}).status == 303
    assert town.decide("accept", load_row(database, task).version).status == 303
    assert [each.correction for each in load_versions(database, task)] == [None, "人次写错了"]
    assert "（更正：人次写错了）" in unit.page
    rows = set(re.findall(r'href="(/console/[^"]+)">[^<]*</a\s*>\s*<div class="text-muted">', unit.page))
    assert rows
    assert all(unit.desk.get(html.unescape(each)).status == 200 for each in rows)  # an enterprise sees no awards

    assert "30 次" in town.desk.get(base).ok().text  # as the job counted it last: no answer is read
    add_up_changed(database)
    page = town.desk.get(base).ok().text
    assert all(words in page for words in ("截至", "31 次", "20 篇", "统计期：", "field=meetings"))
    assert "共上报 1 件。" in town.desk.get(f"/console/assignments/excerpts?assignment={asked}").ok().text
    lists = re.findall(r'href="(/console/queue[^"]*)" aria-label="隐患上报数的明细"', page)
    assert town.desk.get(html.unescape(lists[0])).ok().text.count("data-row") == 1
    of_unit = town.desk.get(f"/console/assignments/answers?assignment={asked}&field=hazards").ok().text
    assert f"union={cast.world.unions.shipyard}" in of_unit[of_unit.index("看明细") - 300 : of_unit.index("看明细")]
    to = {"addressee": "市总工会"}
    assert pick(town.desk, asked, f"{task}.results_text").status == 303
    report = text_of(town.desk.post(f"{base}/report", to).ok().body)
    assert all(
        words in report for words in ("关于安全生产月活动情况的报告", "市总工会：", "一、成效与数据", "共上报 1 件。")
    )
    assert "人手少。" not in report
    brief = text_of(town.desk.post(f"{base}/brief", to).ok().body)
    assert all(words in brief for words in ("隐患上报数", "截至", "：共上报 1 件。"))
    sheet = load_workbook(io.BytesIO(town.desk.get(f"{base}/table.xlsx").ok().body))["汇总表"]
    lines = list(sheet.iter_rows(values_only=True))
    heads = next(line for line in lines if "是否报送" in line)
    reported = next(line for line in lines if "是" in line)
    numbers = dict(zip(map(str, heads), reported, strict=True))  # to be added up by whoever opens it
    assert [cell for head, cell in numbers.items() if head.endswith("（次）")] == [31]
    assert numbers["隐患上报数"] == 1


def test_who_is_withdrawn_and_asked_again_has_reported_nothing_yet(cast: Cast, asked: UUID, database: Database) -> None:
    """What was accepted before is in no number and no passage, until they report again."""
    task, base = cast.sender.rows(asked)[cast.world.unions.shipyard], f"/console/summaries/{asked}"
    unit, town, now = cast.unit(task), cast.town(task), clock.now()
    count_figures(database)

    def report() -> None:
        assert unit.fill("submit", **WORDS).status == 303
        assert town.decide("accept", load_row(database, task).version).status == 303

    def shown() -> tuple[bool, bool]:
        add_up_changed(database)
        excerpts = town.desk.get(f"/console/assignments/excerpts?assignment={asked}").ok().text
        return "30 次" in town.desk.get(base).ok().text, "开了会。" in excerpts

    report()
    assert shown() == (True, True)
    with database.transaction() as session:
        withdraw_recipient(session, task, "发错了", actor=cast.sender.actor, now=now)
    with database.transaction() as session:
        add_recipients(
            session, asked, [cast.world.unions.shipyard], "还是要报", actor=cast.sender.actor, now=clock.now()
        )
    assert shown() == (False, False)
    report()
    assert shown() == (True, True)


def trained(database: Database, world: World) -> None:
    """甲 and 乙 at the shipyard, 甲 at the bakery too."""
    held = ((world.unions.shipyard, "甲乙"), (world.unions.shipyard, "乙"), (world.unions.bakery, "甲"))
    with database.transaction() as session:
        for number, (union, names) in enumerate(held):
            held_session(session, world, number, *names, enterprise_id=union, organiser_id=union)


def attach(unit: Officer, field: str, content: bytes) -> None:
    address = f"/console/files/{ids.new_id()}?subject=response&subject_id={unit.task}&field={field}&name=1.jpg"
    headers = {"X-CSRFToken": unit.desk.csrf_token("/console/"), "Content-Type": "application/octet-stream"}
    assert unit.desk.transport.send("POST", address, body=content, headers=headers).status == 201


def test_what_is_picked_stays_in_its_order_over_corrections_and_comes_with_photos_and_a_chart(
    cast: Cast, database: Database
) -> None:
    people, unions = cast.world.people, cast.world.unions
    joined = {"key": "joined", "kind": "integer", "label": "参加人数", "unit": "人"}
    asked = ask(cast, cast.sender, unions.shipyard, unions.bakery, also=joined)
    trained(database, cast.world)
    tasks, town = cast.sender.rows(asked), cast.desk_of(people.town_reviewer)
    baker = cast.reviewer(unions.bakery, name="白案")
    for number, (union, someone) in enumerate(
        ((unions.shipyard, people.enterprise_reviewer), (unions.bakery, baker)), 2
    ):
        for _ in range(number):
            cast.phone_of(people.worker).report(enterprise_id=union)
        count_figures(database)
        unit = Officer(cast.desk_of(someone), tasks[union])
        attach(unit, "photos", jpeg(seed=number).content)
        cast.run_jobs()
        words = {**WORDS, "next_text": f"再查 {number} 次。", "joined": str(number)}
        assert unit.fill("submit", **words).status == 303
        assert Officer(town, tasks[union]).decide("accept", load_row(database, tasks[union]).version).status == 303
    yard, bakery = (tasks[union] for union in (unions.shipyard, unions.bakery))

    wanted = [f"{yard}.next_text", f"{bakery}.next_text", f"{yard}.photos", f"{yard}.problems_text"]
    assert pick(town, asked, *wanted).status == 303
    assert pick(town, asked, wanted[0]).status == 303  # twice is once
    assert pick(town, asked, f"{yard}.meetings").status == 422
    assert pick(cast.desk_of(people.district_reviewer), asked, wanted[0]).status in (403, 404)
    base = f"/console/summaries/{asked}"
    page = town.get(base).ok().text
    assert page.count("选入</span>") == 4
    add_up_changed(database)
    totals = " ".join(town.get(base).ok().text.split())
    counted = re.findall(r'data-label="合计">([^<]+)</td>', totals[totals.index(">培训人次</a") :])[:2]
    assert counted == ["4", "2"], "who was at both is one"
    assert "2 家填报的合计；各单位相加，可能重复。" in totals
    assert "几个单位都有的人只算一次" in totals
    brief = text_of(town.post(f"{base}/brief", {"addressee": ""}).ok().body)
    assert "5 人（可能重复）" in brief
    sums = town.get(f"/console/assignments/rollup?assignment={asked}").ok().text
    assert "5 人（各单位相加，可能重复）" in sums
    assert "file-picture" in page
    with database.reading() as session:
        last = session.scalars(select(Excerpt.id).where(Excerpt.recipient_id == bakery)).one()
    assert f"excerpts/{last}/up" in page
    assert town.post(f"/console/assignments/excerpts/{last}/up", {}, form="/console/").status == 303

    unit = cast.unit(yard)
    reason = {"version": str(load_row(database, yard).version), "reason": "写漏了"}
    assert unit.desk.post(f"{unit.path}/correct", reason).status == 303
    assert unit.fill("submit", **{**WORDS, "next_text": "改过的打算。"}).status == 303
    assert Officer(town, yard).decide("accept", load_row(database, yard).version).status == 303
    document = Document(io.BytesIO(town.post(f"{base}/report", {"addressee": ""}).ok().body))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert text.index("再查 3 次。") < text.index("改过的打算。")
    assert len(document.inline_shapes) == 2  # a photo, and the chart
    assert "各单位培训场次、培训人次、培训人数" in text
    [chart] = [part.blob.decode() for part in document.part.package.iter_parts() if "charts" in str(part.partname)]
    assert re.findall(r"<c:v>(\d+)</c:v>", chart)[:2] == ["2", "1"]  # the larger first
    assert town.post(f"/console/assignments/excerpts/{last}/off", {}, form="/console/").status == 303
    assert "再查 3 次。" not in town.get(base).ok().text
    assert "再查 3 次。" in town.get(f"/console/assignments/excerpts?assignment={asked}&part=next").ok().text


@pytest.mark.parametrize(
    ("since", "until", "words"),
    [
        ("", "", "请填写统计期"), ("2026-01-01", "", "请填写统计期"), ("2026-01-01", "2199-12-31", "请检查年份"),
        ("2026-03-01", "2026-02-28", "结束日期不能早于开始日期"),
    ],
)  # fmt: skip
def test_the_days_of_its_figures_are_there_in_order_and_of_no_year_to_come(
    cast: Cast, asked: UUID, since: str, until: str, words: str
) -> None:
    """When it is saved, and when an old one is sent again."""
    town = cast.desk_of(cast.world.people.town_reviewer)
    body = {
        "title": "总结",
        "due_on": LATER.isoformat(),
        "levels": "enterprise",
        "remind_days": "3",
        "checker": "sender",
    }
    days = {"details-since": since, "details-until": until}
    refused = town.post("/console/assignments/new?kind=summary", {**body, **days})
    assert (refused.status, words in refused.text) == (422, True)
    with cast.database.transaction() as session:
        old = copy_assignment(session, asked, actor=cast.sender.actor, now=clock.now())
        old.due_on, old.due_at = LATER, clock.now().replace(year=2190)
        old.details = {"since": since or None, "until": until or None}
    refused = town.post(f"/console/assignments/{old.id}/send", {"version": "1"})
    assert (refused.status, words in refused.text) == (422, True)


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
        add_up_changed(database)
        page = city.get(f"/console/summaries/{summary}").ok().text
        assert ("30 次" in page, "60 次" in page) == (True, False)
    assert "已计入" in city.get(f"/console/summaries/{summary}").ok().text
