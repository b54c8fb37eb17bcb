"""Figures in a form: counted by the service, quoted by words, frozen with what is sent."""

import re
from collections.abc import Callable

import pytest

from server.core import ids
from server.core.db import Database
from tests.integration.assignments.answering import Cast
from tests.support.callers import Desk, Phone
from tests.support.figures import count_figures
from tests.support.tasks import load_row, load_versions
from tests.support.world import Someone, World

pytestmark = pytest.mark.parametrize("backend", ["embedded"], indirect=True)
FIGURED = {
    "sections": [
        {
            "key": "s1",
            "title": "成效",
            "fields": [
                {"key": "sent", "kind": "figure", "label": "隐患上报数", "figure": "submitted"},
                {"key": "rate", "kind": "figure", "label": "答复及时率", "figure": "answer_rate"},
                {"key": "times", "kind": "figure", "label": "答题人次", "figure": "quiz_attempts"},
                {"key": "people", "kind": "figure", "label": "答题人数", "figure": "quiz_people"},
                {"key": "words", "kind": "prose", "label": "主要成效", "required": True},
            ],
        }
    ]
}


@pytest.fixture
def cast(
    database: Database, world: World, desk_of: Callable[[Someone | None], Desk],
    phone_of: Callable[[Someone | None], Phone], run_jobs: Callable[..., int],
) -> Cast:  # fmt: skip
    return Cast(database, world, desk_of, phone_of, run_jobs)


def test_a_figure_is_counted_for_the_unit_and_frozen_when_it_is_sent(cast: Cast, database: Database) -> None:
    yard, worker = cast.world.unions.shipyard, cast.phone_of(cast.world.people.worker)
    task = cast.ask(form=FIGURED)
    unit = cast.unit(task)
    worker.report(enterprise_id=yard)
    count_figures(database)
    page = unit.page
    assert re.search(r"<output[^>]*>1</output>", page)
    assert "本期上报、照片已收齐的隐患" in page
    assert "统计期：全部时间；截至 " in page
    assert 'name="sent"' not in page
    assert unit.fill("submit", words="上报 {{隐患上报数}} 件。").status == 303
    worker.report(enterprise_id=yard)
    count_figures(database)
    [sent] = load_versions(database, task)
    assert (sent.answers["sent"]["value"], sent.answers["rate"]["parts"]) == (1, [0, 0])
    assert (sent.answers["times"]["text"], sent.answers["people"]["text"]) == ("0", "0")
    checked = cast.town(task).desk.get(f"/console/tasks/{task}/check").ok().text
    assert "上报 1 件。" in checked
    assert f"union={yard}" in checked  # down to the rows


def test_words_that_quote_an_unknown_figure_are_refused_with_those_that_there_are(cast: Cast) -> None:
    unit = cast.unit(cast.ask(form=FIGURED))
    assert unit.fill(words="上报 {{上报数}} 件。").status == 303
    refused = unit.fill("submit", words="上报 {{上报数}} 件。")
    assert refused.status == 422
    assert "没有“上报数”这个数字，可以引用：隐患上报数、答复及时率" in refused.text
    assert "上报 {{上报数}} 件。" in refused.text


def test_nobody_says_a_figure_themselves(cast: Cast, database: Database) -> None:
    task, phone = cast.ask(form=FIGURED), cast.linked_phone()
    shown = phone.get(f"/api/v1/tasks/{task}").ok().json
    assert shown["figures"]["sent"]["text"] == "0"
    assert "统计期：全部时间" in shown["figures"]["sent"]["about"]
    claimed = {"version": 0, "answers": {"sent": 99, "words": "好"}}
    assert phone.put(f"/api/v1/tasks/{task}/response", claimed).ok().json["errors"] == {
        "sent": "这个数字由系统统计，不用填"
    }
    refused = phone.post(f"/api/v1/tasks/{task}/submissions", {**claimed, "version": 1, "key": str(ids.new_id())})
    assert refused.status == 422
    posted = cast.unit(task).fill("submit", words="好", sent="99")
    assert posted.status == 303
    assert load_versions(database, task)[0].answers["sent"]["value"] == 0
    assert load_row(database, task).status == "submitted"
