"""Whoever is looked for is found, however the name was written and however it is typed."""

from collections.abc import Callable
from urllib.parse import quote

import pytest
from sqlalchemy import select, update

from server.core.db import Database
from server.core.text import fold
from server.unions.people.models import Person
from server.unions.tree.models import Union
from tests.integration.unions.test_imports import commit_path, upload_people, upload_unions
from tests.integration.unions.test_people_pages import names
from tests.support.callers import Desk, Phone
from tests.support.world import Someone, World

Opens = Callable[[Someone], Desk]
SPELLINGS = [
    "买买提·吐尔逊",
    "买买提•吐尔逊",
    "买买提．吐尔逊",
    "买买提.吐尔逊",
    "买买提・吐尔逊",
    "买买提吐尔逊",
    "买买提 吐尔逊",
]


@pytest.fixture
def admin(desk_of: Opens, world: World, database: Database) -> Desk:
    with database.transaction() as session:
        for name in ("seaside", "shipyard"):
            session.execute(
                update(Union).where(Union.id == getattr(world.unions, name)).values(code=name.upper(), code_key=name)
            )
    return desk_of(world.people.admin)


@pytest.mark.parametrize("written", SPELLINGS[:5])
def test_a_minority_name_is_found_by_any_of_its_dots(admin: Desk, written: str) -> None:
    upload = upload_people(admin, [written, "13812345662", "SHIPYARD", None, None, None])
    admin.post(commit_path(upload)).ok()
    for typed in SPELLINGS:
        assert names(admin, f"?q={quote(typed)}") == {written}


def test_an_enterprise_is_found_whatever_its_width_case_and_blanks(
    admin: Desk, phone: Phone, database: Database
) -> None:
    upload = upload_unions(admin, ["ＱＹ０１", "青岛ＡＢＣ（集团） 有限公司", "企业", "seaside".upper(), 12, "否"])
    admin.post(commit_path(upload)).ok()
    for typed in ("abc(集团)", "ＡＢＣ（集团）有限公司", "青岛\u200babc", "Abc （集团）"):
        found = phone.get(f"/api/v1/enterprises?q={quote(typed)}").ok().json["items"]
        assert [item["name"] for item in found] == ["青岛ＡＢＣ（集团） 有限公司"], typed
    for typed in ("qy01", "ＱＹ０１", " QY01 "):
        assert "青岛ＡＢＣ" in admin.get(f"/console/unions?q={quote(typed)}").ok().text, typed


def test_what_searches_compare_follows_every_way_of_writing_a_name(
    admin: Desk, phone: Phone, world: World, database: Database
) -> None:
    phone.patch("/api/v1/me", {"name": "阿依古丽．买买提"}).ok()
    for name in ("甲 公司", "乙·公司"):
        upload = upload_unions(admin, ["A·1", name, "企业", "SEASIDE", 12, "否"])
        admin.post(commit_path(upload)).ok()
    with database.reading() as session:
        for person in session.scalars(select(Person)):
            assert person.name_key == fold(person.name or "")
        for union in session.scalars(select(Union)):
            assert (union.name_key, union.code_key) == (fold(union.name), fold(union.code or ""))
    assert names(admin, f"?q={quote('阿依古丽买买提')}") == {"阿依古丽．买买提"}


def test_a_report_is_found_by_words_with_other_dots_and_width(
    phone: Phone, admin: Desk, world: World, run_jobs: Callable[..., int]
) -> None:
    phone.report(enterprise_id=world.unions.shipyard, description="买买提·吐尔逊 发现Ａ区配电箱０.５米处漏电")
    run_jobs()
    for typed in ("买买提吐尔逊", "买买提．吐尔逊", "a区", "0.5米"):
        assert "漏电" in admin.get(f"/console/queue?q={quote(typed)}").ok().text, typed
