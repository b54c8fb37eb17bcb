"""A run from self-assessment to the archive, as those see it who assess and those who are assessed."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from docx import Document
from openpyxl import load_workbook
from sqlalchemy import update

from server.core.clock import day_of, now
from server.core.db import Database
from server.oversight.assessment.engine.ranking import Contestant
from server.oversight.assessment.models import AssessedUnit, Assessment, Objection
from server.oversight.assessment.running import rescoring
from server.oversight.assessment.running.results import compare_runs, contestants_of, recompute
from tests.integration.assessment.assessing import LIST, WORDS, Assessing
from tests.support.callers import Desk
from tests.support.world import Someone, World

one_size = pytest.mark.parametrize("backend", ["embedded"], indirect=True)
BASE = "/console/assessments"


@pytest.fixture
def assessing(
    database: Database, world: World, desk_of: Callable[[Someone], Desk], run_jobs: Callable[..., int]
) -> Assessing:
    return Assessing(database, world, desk_of, run_jobs)


def text_of(content: bytes) -> str:
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def cells_of(content: bytes) -> set[str]:
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    return {str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None}


def test_a_run_goes_from_self_assessment_to_the_archive(assessing: Assessing, database: Database, world: World) -> None:
    """Every stage through its page; slow because it is the whole way."""
    people, unions, city = world.people, world.unions, assessing.city
    run_id = assessing.open(assessing.publish())
    assessing.assess_oneself(run_id, unions.south, people.district_reviewer)
    assessing.assess_oneself(run_id, unions.north, people.other_district_reviewer, i4="9")
    assert assessing.move(run_id, "sum").status == 409
    assert assessing.move(run_id, "count").status == 303
    assessing.run_jobs()
    units = assessing.units(run_id)
    south, north = units[unions.south], units[unions.north]
    assert south.peer == north.peer == "g1"
    assert any("一字不差" in words for words in south.signals)
    page = city.get(f"{BASE}/units/{south.id}").ok().text
    assert "隐患按期答复率：" in page
    assert "不适用" in page
    district = assessing.desk_of(people.district_reviewer)
    assert district.get(f"{BASE}/units/{south.id}").status == 404  # not told yet

    refused = assessing.mark(south, city, i4="3")
    assert (refused.status, "和自评不一样的" in refused.text) == (422, True)
    corrected = {"i4": "3", "i4_reason": "有一项没有记录"}
    assert assessing.mark(south, assessing.colleague(), **corrected).status == 303
    assert assessing.mark(south, city).status == 409  # the page is out of date
    # A colleague checks first, and is corrected: what stands is the city's, who therefore checks nothing of it again.
    assert assessing.mark(north, assessing.colleague(), i4="9").status == 303
    for unit, said in ((south, corrected), (north, {"i4": "9"})):
        latest = assessing.units(run_id)[unit.union_id]
        assert assessing.mark(latest, city, **said).status == 303
    assert assessing.move(run_id, "sum").status == 409  # first the draw
    assert assessing.move(run_id, "draw").status == 303
    [drawn] = [unit for unit in assessing.units(run_id).values() if unit.place]
    draw = city.get(f"{BASE}/{run_id}/draw.json").ok().json
    assert (draw["drawn"], len(draw["entrants"])) == ([str(drawn.id)], 2)
    assert assessing.mark(drawn, city).status == 403  # two pairs of eyes
    values = {"i4": "3", "i4_reason": "看了台账"} if drawn.id == south.id else {"i4": "9"}
    assert assessing.mark(drawn, assessing.colleague(), **values).status == 303
    assert assessing.sum_up(run_id).status == 303

    units = assessing.units(run_id)
    south, north = units[unions.south], units[unions.north]
    # The 30 points of what does not apply went to the other item of its part: 40 + 30.
    assert (south.total_hundredths, south.rank, south.band) == (3000 + 5250, 2, "合格")
    assert (north.total_hundredths, north.rank, north.band) == (10000, 1, "优秀")
    assert north.result is not None
    assert north.result["percentile"] is None
    until = (day_of(now()) + timedelta(days=3)).isoformat()
    assert assessing.move(run_id, "open_objections", until="2001-01-01").status == 422
    assert assessing.move(run_id, "open_objections", until=until).status == 303

    mine = district.get(f"{BASE}/units/{south.id}").ok().text
    assert "有一项没有记录" in mine
    assert "一字不差" not in mine
    assert WORDS in mine
    assert district.get(f"{BASE}/units/{north.id}").status == 404
    assert "汇总排名" not in district.get(f"{BASE}/{run_id}").ok().text
    said = {"item": "i4", "words": "记录在另一本台账上，请再看"}
    assert district.post(f"{BASE}/units/{south.id}/objections", said, form=LIST).status == 303
    with database.reading() as session:
        objection = session.query(Objection).one()
    assert "1 家对考核得分有异议" in city.get("/console/").text
    assert "有异议" in city.get(f"{BASE}/units?objected=1").ok().text
    answer = {"is_upheld": "1", "answer": "补充的记录属实", "value": "5"}
    assert district.post(f"{BASE}/objections/{objection.id}", answer, form=LIST).status in (403, 404)
    assert city.post(f"{BASE}/objections/{objection.id}", answer, form=LIST).status == 303
    page = city.get(f"{BASE}/{run_id}").ok().text
    assert ("正按采纳的异议重算：0 / 2 家" in page, "名次</th>" in page) == (True, False)
    assert "正按采纳的异议重算" in district.get(f"{BASE}/units/{south.id}").ok().text
    assert city.get(f"{BASE}/units").ok().text.count("正在重算") == 2
    for path in (f"{run_id}/ranking.xlsx", f"{run_id}/recommended.docx", f"units/{south.id}/scores.xlsx"):
        assert city.get(f"{BASE}/{path}").status == 409
    assessing.run_jobs()
    assert assessing.units(run_id)[unions.south].rank == 1  # both have everything now
    assert "正按采纳的异议重算" not in city.get(f"{BASE}/{run_id}").ok().text
    assert city.post(f"{BASE}/objections/{objection.id}", answer, form=LIST).status == 409
    assert assessing.move(run_id, "publish", until=until).status == 409  # the days are not over

    with database.transaction() as session:
        yesterday = day_of(now()) - timedelta(days=1)
        session.execute(update(Assessment).values(objections_until=yesterday))
    assert assessing.move(run_id, "publish", until=until).status == 303
    assert "合格" not in district.get(f"{BASE}/{run_id}").ok().text.split("名次")[1].split("</table>")[0]
    with database.transaction() as session:
        session.execute(update(Assessment).values(published_until=yesterday))
    assert assessing.move(run_id, "finalise").status == 303
    assert assessing.move(run_id, "archive").status == 303
    with database.reading() as session:
        assert recompute(session, session.get_one(Assessment, run_id)).is_true

    assert district.get(f"{BASE}/units/{south.id}/approval.docx").status in (403, 404)
    approval = text_of(city.get(f"{BASE}/units/{south.id}/approval.docx").ok().body)
    assert all(words in approval for words in ("推荐等次", "优秀", "100 分", "系统没有登记，请核对", "审批单位意见"))
    assert {"名次", "1", "优秀"} <= cells_of(city.get(f"{BASE}/{run_id}/ranking.xlsx").ok().body)
    assert {"推荐等次", "近两年事故"} <= cells_of(city.get(f"{BASE}/{run_id}/recommended.xlsx").ok().body)
    heads = {"项目", "内容", "标准分", "自评分", "核定分", "扣分原因", "佐证"}
    assert heads <= cells_of(city.get(f"{BASE}/units/{south.id}/scores.xlsx").ok().body)
    for path, words in (
        (f"{run_id}/ranking.docx", "考核汇总排名表"), (f"{run_id}/recommended.docx", "推荐汇总表"),
        (f"units/{south.id}/approval.docx", "推荐单位意见"),
        (f"units/{south.id}/scores.docx", "考核评分表"), (f"units/{south.id}/feedback.docx", "补充的记录属实"),
    ):  # fmt: skip
        assert words in text_of(city.get(f"{BASE}/{path}").ok().body)


@one_size
def test_what_was_tampered_with_is_found_by_computing_again(
    assessing: Assessing, database: Database, world: World
) -> None:
    run_id = assessing.open(assessing.publish(), percent=0)
    assessing.move(run_id, "count")
    assessing.run_jobs()
    for unit in assessing.units(run_id).values():
        assert assessing.mark(unit, assessing.city).status == 303
    assert assessing.move(run_id, "draw").status == 409  # nobody is drawn of none
    assert assessing.sum_up(run_id).status == 303
    with database.transaction() as session:
        run = session.get_one(Assessment, run_id)
        assert recompute(session, run).is_true
        south = session.query(AssessedUnit).filter_by(union_id=world.unions.south).one()
        south.total_hundredths = 9999
        session.flush()
        assert recompute(session, run).different == (south.id,)
        [(words, agrees)] = compare_runs(session, run_id)
        assert (str(south.id) in words, agrees) == (True, False)


@one_size
def test_what_is_upheld_while_it_is_scored_anew_counts_too(
    assessing: Assessing, database: Database, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id, city = assessing.open(assessing.publish(), percent=0), assessing.city
    assessing.move(run_id, "count")
    assessing.run_jobs()
    for unit in assessing.units(run_id).values():
        assert assessing.mark(unit, city, i4="1").status == 303
    objected = assessing.object_all(run_id)
    upheld = {"is_upheld": "1", "answer": "补充的记录属实", "value": "4"}

    def uphold(union_id: UUID) -> None:
        assert city.post(f"{BASE}/objections/{objected[union_id]}", upheld, form=LIST).status == 303

    def read_then_uphold(*arguments: Any) -> list[Contestant[UUID]]:
        monkeypatch.setattr(rescoring, "contestants_of", contestants_of)
        found = contestants_of(*arguments)
        uphold(world.unions.north)
        return found

    monkeypatch.setattr(rescoring, "contestants_of", read_then_uphold)
    uphold(world.unions.south)
    assert assessing.move(run_id, "publish", until="2099-01-01").status == 409
    assessing.run_jobs()
    run, units = assessing.run(run_id), assessing.units(run_id)
    assert (run.rescores_asked, run.rescores_done, run.rescored_units) == (2, 2, 2)
    assert [unit.total_hundredths for unit in units.values()] == [10000, 10000]
    with database.reading() as session:
        assert recompute(session, session.get_one(Assessment, run_id)).is_true


@one_size
def test_whoever_knows_who_was_drawn_or_who_got_what_calls_nothing_off_alone(
    assessing: Assessing, world: World
) -> None:
    scheme_id, other = assessing.publish(), assessing.colleague()
    run_id, early = assessing.open(scheme_id), assessing.open(scheme_id)
    assert assessing.move(early, "ask_cancel", reason="开错了").status == 409  # one is enough
    assert assessing.move(early, "cancel", reason="开错了").status == 303
    assessing.move(run_id, "count")
    assessing.run_jobs()
    for unit in assessing.units(run_id).values():
        assert assessing.mark(unit, assessing.city).status == 303
    assert assessing.move(run_id, "draw").status == 303
    for again in range(2):  # once it was drawn; once it was summed up
        alone = assessing.move(run_id, "cancel", reason="换一批")
        assert (alone.status, "没有人申请取消" in alone.text) == (409, True)
        assert assessing.move(run_id, "keep", other).status == 409
        assert assessing.move(run_id, "ask_cancel").status == 422
        assert assessing.move(run_id, "ask_cancel", reason="抽得不巧").status == 303
        assert "次考核申请取消" not in assessing.city.get("/console/").text
        assert "1 次考核申请取消，等您来定" in other.get("/console/").text
        assert "抽得不巧" in other.get(f"{BASE}/{run_id}").ok().text
        assert assessing.move(run_id, "keep").status == 403
        assert assessing.move(run_id, "cancel", reason="自己定").status == 403
        if not again:
            assert assessing.move(run_id, "keep", other).status == 303
            [drawn] = [unit for unit in assessing.units(run_id).values() if unit.place]
            assert assessing.mark(drawn, other).status == 303
            assert assessing.sum_up(run_id).status == 303
    assert assessing.move(run_id, "cancel", other, reason="核对过，分组错了").status == 303
    page = assessing.city.get(f"{BASE}/{run_id}").ok().text
    assert ("抽得不巧" in page, "核对过，分组错了" in page) == (True, True)


@one_size
def test_only_whoever_assesses_marks_and_nobody_their_own(assessing: Assessing, world: World) -> None:
    run_id = assessing.open(assessing.publish())
    assessing.move(run_id, "count")
    assessing.run_jobs()
    south = assessing.units(run_id)[world.unions.south]
    for someone in (world.people.district_reviewer, world.people.other_district_reviewer, world.people.admin):
        assert assessing.mark(south, assessing.desk_of(someone)).status in (403, 404)
    assert assessing.move(run_id, "draw", assessing.desk_of(world.people.district_reviewer)).status in (403, 404)
    page = assessing.desk_of(world.people.admin).get(f"{BASE}/{run_id}")
    assert (page.status, "抽签，开始抽查核分" in page.text) == (200, False)
