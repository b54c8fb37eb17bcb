"""One search finds whatever somebody may see, by number, words, name or telephone, and nothing else."""

import re
from collections.abc import Callable
from urllib.parse import quote
from uuid import UUID

import pytest
from sqlalchemy import select, update

from server.core.audit.models import AuditEntry
from server.core.db import Database
from server.review.submissions.models import Submission
from server.unions.people.models import Person
from server.unions.roles import Level, Role
from server.unions.tree.models import Union
from tests.integration.anonymity.conftest import EXCERPT, report_anonymously
from tests.support.callers import Desk, Phone
from tests.support.counting import count_statements
from tests.support.images import jpeg
from tests.support.pages import links, squeeze
from tests.support.world import Someone, World, give_role, make_person, make_union

DeskOf = Callable[[Someone], Desk]
PATH = "/console/search"
NUMBER = "13805320011"
pytestmark = pytest.mark.parametrize("backend", ["embedded"], indirect=True)


def found(desk: Desk, words: str, path: str = PATH) -> dict[str, list[str]]:
    """The texts of the hits by kind; under "" the number of each kind."""
    page = desk.get(f"{path}?q={quote(words)}").ok().text
    sections = re.findall(r'<section class="hits"[^>]*>(.*?)</section>', page, re.DOTALL)
    return {
        squeeze(re.sub("<[^>]+>", "", re.search(r"<h2[^>]*>(.*?)</h2>", each, re.DOTALL)[1])): [  # type: ignore[index]
            link.text for link in links(each)
        ]
        for each in sections
    }


def hits(desk: Desk, words: str) -> str:
    """All that was found, as text."""
    return " ".join(f"{kind} {' '.join(lines)}" for kind, lines in found(desk, words).items())


def looks(database: Database) -> list[tuple[str, UUID | None, str]]:
    with database.reading() as session:
        rows = session.scalars(select(AuditEntry).where(AuditEntry.action.like("person.%by_%")))
        return [(row.action, row.actor_id, row.subject_id) for row in rows]


@pytest.fixture
def number(phone: Phone, world: World, database: Database) -> str:
    """The number of a report from the shipyard."""
    submission_id = phone.report(jpeg(1), enterprise_id=world.unions.shipyard)
    with database.reading() as session:
        return session.get_one(Submission, submission_id).number or ""


@pytest.mark.parametrize("spelling", ["{0}", "{0[:-1]}", "{1}", " {2} ", "{3}"])
def test_a_number_in_any_spelling_opens_what_has_it(world: World, desk_of: DeskOf, number: str, spelling: str) -> None:
    year, count = number[:4], number[5:11]
    wide = "".join(chr(ord(each) + 0xFEE0) for each in number)
    spellings = (number, f"{year}{count}", wide, f"{year}-{int(count)}")
    words = number[:-1] if "[:-1]" in spelling else spelling.format(*spellings)
    desk = desk_of(world.people.town_reviewer)
    answer = desk.get(f"{PATH}?q={quote(words)}")
    assert (answer.status, answer.headers["Location"].rpartition("/")[0]) == (303, "/console/submissions")
    assert links(desk.get(f"{PATH}/hits?q={quote(words)}").ok().text)[0].href == answer.headers["Location"]


def test_a_number_of_somebody_elses_opens_nothing_and_is_not_told_of(
    world: World, desk_of: DeskOf, number: str
) -> None:
    stranger = desk_of(world.people.other_town_reviewer)
    assert found(stranger, number) == {}
    assert stranger.get(f"{PATH}/hits?q={number}").text == stranger.get(f"{PATH}/hits?q=2026-999999Y").text.replace(
        "2026-999999Y", number
    )


def test_three_characters_find_an_enterprise_and_words_what_was_reported(
    world: World, desk_of: DeskOf, number: str
) -> None:
    desk = desk_of(world.people.town_reviewer)
    kinds = found(desk, "海船舶")
    assert any("蓝海船舶修造有限公司" in each for each in kinds["工会和企业"])
    assert (next(iter(kinds)), "隐患和建议" in kinds) == ("工会和企业", True)  # whoever types a name wants what has it
    assert any(number in each for each in found(desk, "配电箱门")["隐患和建议"])
    assert found(desk, "无此一物") == {}
    assert "请至少输入两个字" in desk.get(f"{PATH}?q=海").ok().text


def test_hits_are_few_and_all_of_them_are_a_list_away(world: World, desk_of: DeskOf, database: Database) -> None:
    with database.transaction() as session:
        for count in range(7):
            make_union(session, Level.ENTERPRISE, f"长风第{count}电机厂", world.unions.seaside)
    desk = desk_of(world.people.city_reviewer)
    page = desk.get(f"{PATH}?q=长风").ok().text
    [every] = [link for link in links(page) if link.text == "全部 7 条"]
    assert len(links(page, r"/console/unions/.*/overview")) == 5
    assert all(f"长风第{count}电机厂" in desk.get(every.href).ok().text for count in range(7))


def test_nothing_beyond_ones_own_subtree_is_found_or_counted(
    phone: Phone, world: World, desk_of: DeskOf, number: str, database: Database
) -> None:
    phone.report(jpeg(2), enterprise_id=world.unions.brewery)
    stranger = desk_of(world.people.other_town_reviewer)
    assert len(found(stranger, "配电箱门")["隐患和建议"]) == 1
    assert number not in hits(stranger, "配电箱门")
    for words in ("海船舶", "赵工"):
        assert found(stranger, words) == {}
    enterprise = desk_of(world.people.enterprise_reviewer)
    assert list(found(enterprise, "配电箱门")) == ["隐患和建议"]
    assert found(enterprise, "酒") == found(enterprise, "啤酒") == {}


def test_whoever_finds_a_person_by_name_is_on_record_with_them(
    world: World, desk_of: DeskOf, database: Database
) -> None:
    town, worker = world.people.town_reviewer, world.people.worker
    desk = desk_of(town)
    assert [each.split()[0] for each in found(desk, worker.name)["人员"]] == [worker.name]
    assert found(desk, "没有这个人") == {}
    assert looks(database) == [("person.found_by_name", town.id, str(worker.id))]
    log = desk_of(world.people.admin).get("/console/audit").ok().text
    assert "查找时看到" in log


def test_a_telephone_number_finds_its_holder_for_those_who_may_read_numbers(
    world: World, desk_of: DeskOf, database: Database
) -> None:
    worker = world.people.worker
    with database.transaction() as session:
        session.execute(update(Person).where(Person.id == worker.id).values(phone=NUMBER))
    typed = f"+86 {NUMBER[:3]}-{NUMBER[3:]}"
    assert [each.split()[0] for each in found(desk_of(world.people.town_reviewer), typed)["人员"]] == [worker.name]
    for who in (world.people.enterprise_reviewer, world.people.other_town_reviewer):
        assert found(desk_of(who), NUMBER) == {}
    assert found(desk_of(world.people.town_reviewer), NUMBER[:-1]) == {}
    assert [(action, subject) for action, _, subject in looks(database)] == [
        ("person.searched_by_number", str(worker.id)),
        ("person.searched_by_number", "unknown"),
        ("person.searched_by_number", "unknown"),
    ]


def test_an_anonymous_report_is_found_by_its_words_but_never_by_who_sent_it(
    phone: Phone, world: World, desk_of: DeskOf, database: Database
) -> None:
    worker = world.people.worker
    with database.transaction() as session:
        session.execute(update(Person).where(Person.id == worker.id).values(phone=NUMBER))
    desks = [desk_of(who) for who in (world.people.enterprise_reviewer, world.people.city_reviewer)]
    asked = [(desk, words) for desk in desks for words in (worker.name, NUMBER)]
    before = [found(desk, words) for desk, words in asked]
    report_anonymously(phone, jpeg(3), enterprise_id=world.unions.shipyard)
    assert [found(desk, words) for desk, words in asked] == before
    for desk in desks:
        said = hits(desk, "配电箱敞着")
        assert EXCERPT in said
        assert worker.name not in said


def test_it_costs_one_statement_a_kind_and_those_that_describe_the_rows_however_much_is_found(
    phone: Phone, world: World, desk_of: DeskOf, database: Database
) -> None:
    desk, asked = desk_of(world.people.city_reviewer), []

    def more(count: int) -> None:
        with database.transaction() as session:
            for each in range(count):
                make_union(session, Level.ENTERPRISE, f"电箱门{count}{each}厂", world.unions.seaside)
                make_person(session, f"电箱门{count}{each}", enterprise_id=world.unions.shipyard)
        for each in range(count):
            phone.report(jpeg(10 * count + each), enterprise_id=world.unions.shipyard, description="电箱门没有关好")

    more(1)
    found(desk, "电箱门")
    for count in (2, 4):
        more(count)
        with count_statements(database.engine) as counted:
            assert len(found(desk, "电箱门", f"{PATH}/hits")) == 3
        asked.append(len([each for each in counted if each.startswith(("SELECT", "WITH"))]))
        assert len([each for each in counted if each.startswith("WITH known")]) == 1, "words are looked up once for all"
    assert asked[0] == asked[1] <= 30


def test_markup_and_nonsense_are_words_like_others(world: World, desk_of: DeskOf) -> None:
    desk = desk_of(world.people.city_reviewer)
    for words in ("<b>粗体</b>", "%%", "__", '" OR 1', "*" * 100):
        for path in (PATH, f"{PATH}/hits"):
            page = desk.get(f"{path}?q={quote(words)}")
            assert page.status == 200, words
            assert "<b>粗体" not in page.text
    assert desk.get(f"{PATH}?q={'长' * 101}").status == 422


def test_people_are_searched_by_name_in_an_index_of_its_parts(
    world: World, desk_of: DeskOf, database: Database
) -> None:
    desk = desk_of(world.people.district_reviewer)
    with count_statements(database.engine) as counted:
        found(desk, "赵工", f"{PATH}/hits")
    asked = [each for each in counted if "person_name_grams" in each]
    [search] = [each for each in asked if not each.startswith("SELECT count")]  # that one asks if the name is common
    with database.engine.connect() as connection:  # of the embedded database alone
        marks = tuple("" for _ in range(search.count("?")))
        plan = str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {search}", marks).all())
    assert "SEARCH person_name_grams USING PRIMARY KEY (gram=?)" in plan
    assert "SCAN people" not in plan


def test_the_people_of_a_city_are_walked_not_gathered_enterprise_by_enterprise(
    world: World, desk_of: DeskOf, database: Database
) -> None:
    """On the embedded database, which takes every IN for a narrow one."""
    desk = desk_of(world.people.city_reviewer)
    with count_statements(database.engine) as counted:
        desk.get("/console/people").ok()
    [page] = [each for each in counted if "AS enterprise" in each and "count(" not in each]
    with database.engine.connect() as connection:
        marks = tuple("" for _ in range(page.count("?")))
        plan = str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {page}", marks).all())
    assert "SCAN people USING INDEX sqlite_autoindex_people_1" in plan, plan
    assert "ix_people_enterprise" not in plan


def test_a_common_name_is_looked_for_along_the_list_and_finds_the_same(
    world: World, desk_of: DeskOf, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No list of all who are called so is made and sorted: the newest people are read until the page is full."""
    desk, path = desk_of(world.people.district_reviewer), "/console/people?q=赵"
    rare = links(desk.get(path).ok().text, r"/console/people/[0-9a-f-]{36}")
    monkeypatch.setattr("server.unions.people.queries.COMMON", 0)
    with count_statements(database.engine) as counted:
        common = links(desk.get(path).ok().text, r"/console/people/[0-9a-f-]{36}")
    assert rare
    assert [each.text for each in common] == [each.text for each in rare]
    [page] = [each for each in counted if "LIKE" in each and "joined" not in each and "tab" not in each]
    assert "person_name_grams" not in page


def test_whoever_works_for_two_unions_finds_what_lies_in_either_and_each_union_itself(
    world: World, desk_of: DeskOf, database: Database
) -> None:
    with database.transaction() as session:
        give_role(session, world.people.town_reviewer, Role.TOWN_REVIEWER, world.unions.hillside)
        names = [session.get_one(Union, each).name for each in (world.unions.hillside, world.unions.brewery)]
    desk = desk_of(world.people.town_reviewer)
    for name in names:
        assert any(name in each for each in found(desk, name[:4])["工会和企业"])
