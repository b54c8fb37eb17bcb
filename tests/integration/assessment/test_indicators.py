"""What may be scored: outcomes of the work, by construction; a scheme that asks for anything else is not published."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, cast

import pytest
from sqlalchemy import event, insert
from sqlalchemy.exc import IntegrityError, StatementError

from server.core import clock
from server.core.clock import day_of
from server.core.db import Database
from server.core.errors import Conflict, Forbidden, Invalid
from server.kit.indicators import Asked, Counted, Indicator, Measure, OutcomeSource, all_indicators
from server.oversight.assessment import actions
from server.oversight.assessment.indicators import FigureCount, ShareOfFigures
from server.oversight.assessment.models import AssessedFigure
from server.oversight.assessment.schemas import Definition, PublishIn, SchemeIn
from server.oversight.assessment.schemes.editing import rename_part
from server.oversight.assessment.schemes.shipped import shipped
from server.unions.tree.models import Union
from tests.integration.assessment.assessing import SCHEME, Assessing
from tests.support.callers import Desk
from tests.support.world import Someone, World

TABLE = re.compile(r"\b(?:FROM|JOIN)\s+([a-z_]+)")
USAGE = re.compile(
    r"session|sign_in|login|visitor|inbox|message|subscri|template|consent|vote|like|read|view|scan|device|phone"
    r"|attempt|quiz|level|question|practice|standing|points|streak|throttle|kept_file|saved_filter"
)
"""Of tables that tell how a program is used, by their names: nothing that is scored may be read from them."""


@pytest.fixture
def assessing(
    database: Database, world: World, desk_of: Callable[[Someone], Desk], run_jobs: Callable[..., int]
) -> Assessing:
    return Assessing(database, world, desk_of, run_jobs)


@pytest.fixture
def tables(database: Database) -> Iterator[set[str]]:
    """Every table that is read meanwhile."""
    found: set[str] = set()

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        found.update(TABLE.findall(statement))

    engine = database.engine
    event.listen(engine, "before_cursor_execute", note)
    yield found
    event.remove(engine, "before_cursor_execute", note)


def test_no_indicator_reads_how_a_program_is_used(database: Database, world: World, tables: set[str]) -> None:
    """Every one that is declared is counted, and what it reads is looked at."""
    assert all_indicators()
    now = clock.now()
    for union_id in (world.unions.city, world.unions.seaside, world.unions.shipyard):
        with database.reading() as session:
            union, today = session.get_one(Union, union_id), day_of(now)
            asked = Asked(union, world.campaign_id, today - timedelta(days=90), today, now)
            for indicator in all_indicators().values():
                tables.clear()
                counted = indicator.count(session, asked)
                assert isinstance(counted, Counted)
                assert counted.value is None or counted.value >= 0
                assert counted.under != 0 or counted.value is None, "nothing to divide by is neither 0 nor 100"
                assert {table for table in tables if USAGE.search(table)} == set(), indicator.key


def test_a_source_that_is_no_outcome_can_be_declared_nowhere(
    assessing: Assessing, database: Database
) -> None:  # fmt: skip
    with pytest.raises(TypeError):
        Indicator(
            key="logins", name="登录次数", meaning="", source=cast(OutcomeSource, "logins"), measure=Measure.ITEMS,
            count=lambda _session, _asked: Counted(None),
        )  # fmt: skip
    with database.reading() as session:
        today = day_of(clock.now())
        asked = Asked(session.get_one(Union, assessing.world.unions.city), None, today, today, clock.now())
        for disguised in (FigureCount("quiz_people"), ShareOfFigures("training_times", "training_people")):
            with pytest.raises(TypeError):  # whatever source is written beside it
                disguised(session, asked)
    assert {"login", "install", "read", "like", "vote", "minutes", "quiz"} & {
        each.value for each in OutcomeSource
    } == set()
    run_id = assessing.open(assessing.publish(), percent=0)
    assessing.move(run_id, "count")
    assessing.run_jobs()
    unit = next(iter(assessing.units(run_id).values()))
    row = {
        "unit_id": unit.id, "item": "i9", "indicator": "logins", "source": "logins", "name": "登录", "meaning": "",
        "href": "", "counted_at": clock.now(),
    }  # fmt: skip
    with database.transaction() as session, pytest.raises(StatementError):
        session.execute(insert(AssessedFigure), [row])  # the type refuses it before the database is asked
    by_hand = (
        "INSERT INTO assessment_figures (unit_id, item, indicator, source, name, meaning, href, counted_at)"
        " SELECT unit_id, 'i9', 'logins', 'logins', '', '', '', counted_at FROM assessment_figures"
    )
    with pytest.raises(IntegrityError), database.engine.begin() as connection:
        connection.exec_driver_sql(by_hand)


def test_a_scheme_is_frozen_at_publication_and_changes_with_a_reason(assessing: Assessing, database: Database) -> None:
    scheme_id = assessing.publish()
    with database.transaction() as session:
        actor, now = assessing.actor, clock.now()
        with pytest.raises(Conflict):
            actions.publish_scheme(session, scheme_id, PublishIn(version=2), actor=actor, now=now)
        actions.change_definition(
            session, scheme_id, 2, lambda found: rename_part(found, "p1", "组织保障"), actor=actor, now=now
        )
        with pytest.raises(Invalid):
            actions.publish_scheme(session, scheme_id, PublishIn(version=3), actor=actor, now=now)
        second = actions.publish_scheme(
            session, scheme_id, PublishIn(version=3, reason="按新文件"), actor=actor, now=now
        )  # fmt: skip
        assert (second.number, second.reason) == (2, "按新文件")
    desk = assessing.city
    page = desk.get(f"/console/assessments/schemes/{scheme_id}").ok().text
    assert "第 1 版" in page
    assert "修改原因：按新文件" in page


@pytest.mark.parametrize(
    ("label", "indicator", "says"),
    [
        ("小程序登录次数", "", "国办函"),
        ("答题率", "", "国办函"),
        ("作品点赞", "", "国办函"),
        ("隐患按期答复率", "quiz_attempts", "指标现在没有"),
    ],
)
def test_what_counts_use_is_not_published(
    assessing: Assessing, database: Database, label: str, indicator: str, says: str
) -> None:
    item: dict[str, Any] = {"key": "i1", "kind": "ratio", "label": label, "points": "5"}
    if indicator:
        item |= {"source": "computed", "indicator": indicator}
    definition = Definition.model_validate({"parts": [{"key": "p1", "title": "部分", "items": [item]}]})
    with database.transaction() as session:
        made = actions.create_scheme(
            session, assessing.world.unions.city, SchemeIn(title="考核"), definition, actor=assessing.actor,
            now=clock.now(),
        )  # fmt: skip
        with pytest.raises(Invalid) as refused:
            actions.publish_scheme(session, made.id, PublishIn(version=1), actor=assessing.actor, now=clock.now())
        assert says in refused.value.message


def test_the_shipped_schemes_are_whole_and_can_be_published(assessing: Assessing) -> None:
    for each in shipped().values():
        assert each.definition.points == 100
        assert each.unverified
        assessing.publish(each.definition.model_dump(mode="json"))
        page = assessing.city.get(f"/console/assessments/schemes/shipped/{each.code}").ok().text
        assert "未核实" in page
    copied = assessing.city.post(
        "/console/assessments/schemes/shipped/city/copy", {"union": str(assessing.world.unions.city)}
    )
    assert copied.status == 303


def test_a_scheme_is_built_at_the_console(assessing: Assessing, world: World) -> None:
    city = assessing.city
    made = city.post("/console/assessments/schemes/new", {"union": str(world.unions.city), "title": "街道考核"})
    base = made.headers["Location"]
    assert city.get(f"{base}/items/new?part=p1&kind=graded").status == 200
    item = {"version": "1", "part": "p1", "kind": "graded", "key": "", "label": "制度", "points": "10"}
    refused = city.post(f"{base}/items", {**item, "source": "self_reported", "grades": "好"})
    assert (refused.status, "后面要写百分之几" in refused.text, "制度" in refused.text) == (422, True, True)
    saved = {**item, "source": "self_reported", "grades": "好 100\n差 0", "scorer": "reviewer"}
    assert city.post(f"{base}/items", saved).status == 303
    rules = {"version": "2", "not_applicable": "spread", "bonus_most": "5"}
    wrong = city.post(f"{base}/rules", {**rules, "peers": "甲组 | 天上", "bands": ""})
    assert (wrong.status, "天上" in wrong.text) == (422, True)
    right = {**rules, "peers": "镇街 | 镇街\n大型企业 | 企业、大型", "bands": "优秀 90 80\n合格 60"}
    assert city.post(f"{base}/rules", right).status == 303
    page = city.get(base).ok().text
    assert "大型企业 | 企业、大型" in page
    assert "优秀 90 80" in page
    item_page = city.get(f"{base}/items/i1").ok().text
    assert "好 100" in item_page
    assert city.post(f"{base}/publish", {"version": "3"}).status == 303
    other = assessing.desk_of(world.people.district_reviewer)
    assert "街道考核" in other.get(base).ok().text  # of a union above: to be copied, not changed
    assert other.post(f"{base}/publish", {"version": "4", "reason": "x"}).status == 403
    with pytest.raises(Forbidden), assessing.database.transaction() as session:
        actions.create_scheme(
            session, world.unions.north, SchemeIn(title="别家的"), Definition.model_validate(SCHEME),
            actor=assessing.actor, now=clock.now(),
        )  # fmt: skip
