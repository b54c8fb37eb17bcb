"""What came back is added up: by union, level and flag, field by field, and follows every change."""

import re
from uuid import UUID

import pytest
from sqlalchemy import inspect, select, text, update

from server.assignments.dispatch.actions import add_recipients, withdraw_recipient
from server.assignments.dispatch.models import Recipient, RecipientStatus
from server.assignments.rollup.counting.adding_up import MEASURES
from server.assignments.rollup.jobs import add_up_changed
from server.assignments.rollup.models import RollupCount, RollupField
from server.assignments.rollup.triggers import NAMES
from server.core import clock
from server.core.db import Database
from server.unions.roles import Role
from server.unions.tree.models import Union
from tests.integration.assignments.answering import Cast
from tests.support.callers import Desk
from tests.support.ledgers import read_ledger
from tests.support.tasks import Officer, Sender, actor_at, load_row, load_versions
from tests.support.world import World

embedded = pytest.mark.parametrize("backend", ["embedded"], indirect=True)


class City:
    """The city asks enterprises of two districts, and looks at what comes back."""

    def __init__(self, cast: Cast) -> None:
        self.cast, self.world, self.database = cast, cast.world, cast.database
        people, unions = self.world.people, self.world.unions
        actor = actor_at(self.database, people.city_reviewer.id, Role.CITY_REVIEWER, unions.city)
        self.desk = cast.desk_of(people.city_reviewer)
        self.sender = Sender(self.database, actor, cast.run_jobs)
        self.assignment = self.sender.send([unions.shipyard, unions.bakery, unions.brewery])
        self.rows = self.sender.rows(self.assignment)

    def answer(self, union_id: UUID, **fields: str) -> None:
        officer = Officer(self.cast.desk_of(self.cast.reviewer(union_id)), self.rows[union_id])
        answer = officer.fill("submit", **fields)
        assert answer.status == 303, answer.text[:2000]

    def decide(self, union_id: UUID, what: str, **fields: str) -> None:
        task = self.rows[union_id]
        answer = Officer(self.desk, task).decide(what, load_row(self.database, task).version, **fields)
        assert answer.status == 303, answer.text[:2000]

    def counts(self, union_id: UUID, cut: str = "all") -> list[int]:
        add_up_changed(self.database)
        with self.database.reading() as session:
            row = session.get(RollupCount, (self.assignment, union_id, cut))
            return [getattr(row, name) for name in MEASURES] if row is not None else [0] * len(MEASURES)

    def totals(self, union_id: UUID, key: str) -> dict[str, object]:
        add_up_changed(self.database)
        with self.database.reading() as session:
            row = session.get(RollupField, (self.assignment, union_id, key))
            return row.totals if row is not None else {}

    def page(self, *, of: UUID | None = None, cut: str = "all") -> str:
        add_up_changed(self.database)
        below = f"&union={of}" if of is not None else ""
        address = f"/console/assignments/rollup?assignment={self.assignment}&cut={cut}{below}"
        return " ".join(self.desk.get(address).ok().text.split())


@pytest.fixture
def city(cast: Cast, database: Database, world: World) -> City:
    with database.transaction() as session:
        session.execute(update(Union).where(Union.id == world.unions.brewery).values(is_chemical=True))
    return City(cast)


def test_counts_and_sums_follow_answers_returns_corrections_and_withdrawals(city: City, world: World) -> None:
    """On both databases: their triggers note every change, of whatever statement."""
    unions = world.unions
    assert city.counts(unions.city) == [3, 0, 0, 0, 0, 0]
    city.answer(unions.shipyard, f2="3")
    city.answer(unions.bakery, f2="10")
    city.answer(unions.brewery, f2="5")
    assert city.counts(unions.city) == [3, 3, 3, 3, 0, 0]
    assert city.counts(unions.south) == [2, 2, 2, 2, 0, 0]
    assert city.counts(unions.city, "chemical") == [1, 1, 1, 1, 0, 0]
    assert city.counts(unions.city, "enterprise") == [3, 3, 3, 3, 0, 0]
    assert city.totals(unions.city, "f2") == {"n": 3, "sum": "18", "least": "3", "most": "10", "median": "5"}
    assert city.totals(unions.south, "f2")["median"] == "6.5"
    city.decide(unions.bakery, "return", remark="台数不对")
    assert city.counts(unions.city) == [3, 3, 3, 3, 0, 1]
    assert city.totals(unions.city, "f2") == {"n": 2, "sum": "8", "least": "3", "most": "5", "median": "4"}
    city.answer(unions.bakery, f2="1")
    city.decide(unions.bakery, "accept")
    assert city.counts(unions.city) == [3, 3, 3, 3, 1, 0]
    assert city.totals(unions.city, "f2")["sum"] == "9"
    with city.database.transaction() as session:
        withdraw_recipient(session, city.rows[unions.brewery], "发错了", actor=city.sender.actor, now=clock.now())
    assert city.counts(unions.city) == [2, 2, 2, 2, 1, 0]
    assert city.totals(unions.city, "f2")["sum"] == "4"
    names = "SELECT name FROM sqlite_master" if is_sqlite(city.database) else "SELECT tgname FROM pg_trigger"
    with city.database.reading() as session:
        assert set(NAMES) <= set(session.scalars(text(names)))


@embedded
def test_who_was_withdrawn_and_is_asked_again_has_answered_nothing_yet(city: City, world: World) -> None:
    shipyard, now = world.unions.shipyard, clock.now()
    city.answer(shipyard, f2="3")
    with city.database.transaction() as session:
        withdraw_recipient(session, city.rows[shipyard], "发错了", actor=city.sender.actor, now=now)
    with city.database.transaction() as session:
        add_recipients(session, city.assignment, [shipyard], "还是要报", actor=city.sender.actor, now=now)
    assert city.counts(world.unions.city) == [3, 0, 0, 0, 0, 0]
    officer = Officer(city.cast.desk_of(world.people.enterprise_reviewer), city.rows[shipyard])
    assert 'value="3"' in officer.page  # what was filled in is kept
    city.answer(shipyard, f2="4")
    assert city.counts(world.unions.city) == [3, 1, 1, 1, 0, 0]
    assert [each.number for each in load_versions(city.database, city.rows[shipyard])] == [1, 2]


def is_sqlite(database: Database) -> bool:
    return inspect(database.engine).dialect.name == "sqlite"


@embedded
def test_a_late_answer_counts_as_answered_and_not_as_in_time(city: City, world: World) -> None:
    past = clock.now().replace(year=2025)
    with city.database.transaction() as session:
        session.execute(update(Recipient).where(Recipient.assignment_id == city.assignment).values(due_at=past))
    city.answer(world.unions.shipyard)
    assert city.counts(world.unions.city) == [3, 1, 1, 0, 0, 0]


@embedded
def test_the_page_says_numbers_choices_and_who_is_missing_and_leads_down(city: City, world: World) -> None:
    unions = world.unions
    city.answer(
        unions.shipyard, f2="3", f3="gas", f4="yes", **{"c1.result": "not_applicable", "c1.words": "没有报警器"}
    )
    city.answer(unions.brewery, f2="5", f3="gas", **{"c1.result": "passed"})
    page = city.page()
    for words in ("<dt>应填报</dt> <dd>3</dd>", "<dt>还没填报</dt> <dd>1</dd>", "<dd>8 台</dd>", "<dd>4.00 台</dd>"):
        assert words in page, words
    assert '<progress max="2" value="2" aria-label="燃气"></progress>' in page
    assert '<progress max="2" value="1" aria-label="不涉及"></progress>' in page
    assert f"union={unions.south}&cut=all" in page
    south = city.page(of=unions.south)
    assert "<dt>应填报</dt> <dd>2</dd>" in south
    assert "<dd>3 台</dd>" in south
    assert "<dt>应填报</dt> <dd>1</dd>" in city.page(cut="chemical")


@embedded
def test_answers_can_be_read_one_by_one_and_as_a_sheet_like_the_form(city: City, world: World) -> None:
    city.answer(
        world.unions.shipyard, f1="周工", f2="3", **{"skip.s2": "1", "skip.s2.reason": "不用燃气", "c1.result": ""}
    )
    address = f"/console/assignments/answers?assignment={city.assignment}&field=f1"
    assert "周工" in city.desk.get(address).ok().text
    sheet = city.desk.get(f"/console/assignments/answers/ledger.xlsx?assignment={city.assignment}").ok()
    [row] = read_ledger(sheet.body)
    assert (row["单位"], row["负责人"], row["锅炉台数（台）"]) == ("蓝海船舶修造有限公司", "周工", 3)
    assert row["报警器有电"] == "不涉及：不用燃气"
    assert list(row)[-6:] == ["燃料", "有没有值班表", "值班安排", "报警器有电", "钢瓶", "说明"]


@embedded
@pytest.mark.parametrize("door", ["rollup", "answers", "answers/ledger.xlsx"])
def test_sums_and_answers_are_for_the_sender_and_those_above_or_between(
    city: City, world: World, cast: Cast, door: str
) -> None:
    """The district of the two who are asked sees their sums, the town of others does not; nor does one that is asked
    itself while nobody below it is, nor one between a notice that wants no reply."""
    people, unions = world.people, world.unions
    south, hillside = cast.desk_of(people.district_reviewer), cast.desk_of(people.other_town_reviewer)
    own = city.sender.send([unions.shipyard, unions.hillside])
    notice = city.sender.send([unions.shipyard], form=None, wants_reply=False)

    def status(desk: Desk, assignment: UUID, more: str = "") -> int:
        return desk.get(f"/console/assignments/{door}?assignment={assignment}{more}").status

    assert status(south, city.assignment) == 200
    assert status(south, city.assignment, f"&union={unions.north}") == 404
    assert (status(hillside, own), status(south, notice)) == (404, 404)
    with city.database.transaction() as session:
        withdraw_recipient(session, city.rows[unions.brewery], "发错了", actor=city.sender.actor, now=clock.now())
    assert status(hillside, city.assignment) == 404
    assert status(cast.desk_of(people.enterprise_reviewer), city.assignment) == 403
    assert city.desk.get(f"/console/assignments/{door}").status in (404, 422)


def test_a_union_between_reads_the_sums_of_its_own_subtree_and_who_is_missing(city: City, world: World) -> None:
    """Whoever asked them, directly or by passing it on; the answers of others it never sees."""
    unions = world.unions
    city.answer(unions.shipyard, f2="3")
    city.answer(unions.brewery, f1="郑工", f2="50")
    add_up_changed(city.database)
    south = city.cast.desk_of(world.people.district_reviewer)
    assert "冬季取暖检查" not in south.get("/console/assignments").ok().text
    found = south.get("/console/assignments?above=true").ok().text
    address = f"/console/assignments/rollup?assignment={city.assignment}"
    assert f'href="{address}"' in found
    page = " ".join(south.get(address).ok().text.split())
    for words in ("<dt>应填报</dt> <dd>2</dd>", "<dd>3 台</dd>", "/console/assignments?above=true"):
        assert words in page, words
    assert not re.search("5[03] 台", page)
    assert f"/console/assignments/{city.assignment}" not in page  # what the city wrote to others is theirs
    missing = south.get(f"/console/assignments/recipients?assignment={city.assignment}&status=missing").ok().text
    assert [name in missing for name in ("麦香", "蓝海", "山泉")] == [True, False, False]
    answers = south.get(f"/console/assignments/answers?assignment={city.assignment}&field=f1").ok().text
    assert ("周工" in answers, "郑工" in answers) == (True, False)
    assert south.get(f"/console/assignments/{city.assignment}").status == 404
    assert south.get(f"/console/assignments/excerpts?assignment={city.assignment}").status == 404
    urged = south.post(f"/console/assignments/{city.assignment}/urge", {}, form="/console/")
    assert urged.status == 404


@embedded
def test_who_has_read_what_asks_for_no_reply_is_counted_for_nobody(city: City, world: World) -> None:
    notice = city.sender.send([world.unions.shipyard], form=None, wants_reply=False)
    add_up_changed(city.database)
    assert city.desk.get(f"/console/assignments/rollup?assignment={notice}").status == 404
    assert "汇总" not in city.desk.get(f"/console/assignments/{notice}").ok().text
    with city.database.reading() as session:
        assert session.scalars(select(RollupCount).where(RollupCount.root_id == notice)).all() == []


@embedded
def test_a_union_that_moved_takes_its_answer_along(city: City, world: World) -> None:
    city.answer(world.unions.shipyard, f2="3")
    assert city.counts(world.unions.south)[0] == 2
    with city.database.transaction() as session:
        values = {"district_id": world.unions.north, "town_id": world.unions.hillside}
        session.execute(update(Recipient).where(Recipient.union_id == world.unions.shipyard).values(**values))
    assert city.counts(world.unions.south)[0] == 1
    assert city.totals(world.unions.north, "f2")["sum"] == "3"
    with city.database.reading() as session:
        assert session.scalar(select(Recipient.status).where(Recipient.union_id == world.unions.shipyard)) is (
            RecipientStatus.SUBMITTED
        )
