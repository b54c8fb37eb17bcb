"""The database keeps the parts of people's names itself, whoever writes them, so that a search reads an index."""

from collections.abc import Iterator

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.orm import Session

from server.core import clock, ids
from server.core.db import Database
from server.unions.people.models import Person, PersonNameGram
from server.unions.people.queries import named
from tests.integration.review.test_review_plans import plan
from tests.support.world import World, make_person


@pytest.fixture
def session(database: Database, world: World) -> Iterator[Session]:
    with database.transaction() as session:
        yield session


def found(session: Session, text: str) -> list[str]:
    people = session.scalars(select(Person.name).where(Person.id.in_(named(text))).order_by(Person.name))
    return [name or "" for name in people]


def parts_of(session: Session, person_id: object) -> set[str]:
    return set(session.scalars(select(PersonNameGram.gram).where(PersonNameGram.person_id == person_id)))


def test_a_part_of_a_name_finds_it_and_what_is_not_in_it_does_not(session: Session) -> None:
    for name in ("欧阳建国", "建国", "国建", "Ａlice Ｗu"):
        make_person(session, name)
    session.flush()
    assert found(session, "建国") == ["建国", "欧阳建国"]
    assert found(session, "欧") == found(session, "阳 建") == found(session, "欧阳建") == ["欧阳建国"]
    assert found(session, "国建国") == []  # its pairs are in 欧阳建国 and 国建, it is in neither
    assert found(session, "欧建") == []
    assert found(session, "ALICEW") == found(session, "e w") == ["Ａlice Ｗu"]
    assert found(session, "·") == found(session, "%") == found(session, "_") == []


def test_parts_follow_whatever_statement_writes_a_name(session: Session) -> None:
    person_id, now = ids.new_id(), clock.now()
    values = {"id": person_id, "name": "赵钱", "is_active": True, "version": 1, "created_at": now, "updated_at": now}
    session.execute(insert(Person), [values])
    assert parts_of(session, person_id) == {"赵", "钱", "赵钱"}
    session.execute(update(Person).where(Person.id == person_id).values(name="孙钱", name_key="孙钱"))
    assert parts_of(session, person_id) == {"孙", "钱", "孙钱"}
    session.execute(update(Person).where(Person.id == person_id).values(phone="13800000000"))
    assert parts_of(session, person_id) == {"孙", "钱", "孙钱"}
    session.execute(update(Person).where(Person.id == person_id).values(name=None, name_key=""))
    assert parts_of(session, person_id) == set()
    session.execute(update(Person).where(Person.id == person_id).values(name="李李李", name_key="李李李"))
    assert parts_of(session, person_id) == {"李", "李李"}
    session.execute(delete(Person).where(Person.id == person_id))
    assert parts_of(session, person_id) == set()


def test_names_are_looked_up_in_the_index_of_their_parts(session: Session) -> None:
    make_person(session, "欧阳建国")
    session.flush()
    if session.get_bind().dialect.name == "postgresql":  # with so few rows it would rather read them all
        session.execute(text("SET LOCAL enable_seqscan = off"))
    for words in ("欧", "建国", "欧阳建国"):
        used = plan(session, select(Person.id).where(Person.id.in_(named(words))))
        assert "person_name_grams" in used, used
        for whole in ("SCAN person_name_grams", "SCAN people", "Seq Scan"):
            assert whole not in used, used
