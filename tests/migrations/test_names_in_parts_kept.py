"""Whoever was there before names were kept in parts is found by any part of their name."""

from pathlib import Path

from sqlalchemy import select

from server.core.db import Database
from server.migrations import run as migrations
from server.unions.people.models import Person, PersonNameGram
from server.unions.people.queries import named
from tests.migrations.test_data_kept import NOW, Old, upgrade_to
from tests.migrations.test_data_kept import database as database


def test_people_of_before_are_found_by_any_part_of_their_name(database: Database) -> None:
    [script] = Path(migrations.__file__).parent.glob("versions/*_find_people_by_parts_of_their_names.py")
    upgrade_to(database, f"{script.name[:4]}-1")
    with database.engine.begin() as connection:
        old = Old(connection)

        def person(name: str | None, key: str) -> object:
            return old.insert(
                "people", name=name, name_key=key, phone_source="typed", is_active=True, version=1, created_at=NOW,
                updated_at=NOW,
            )  # fmt: skip

        dotted, one = person("买买提·吐尔逊", "买买提吐尔逊"), person("赵", "赵")
        person(None, "")
    migrations.upgrade(database)
    with database.reading() as session:

        def found(text: str) -> set[object]:
            return set(session.scalars(select(Person.id).where(Person.id.in_(named(text)))))

        for text in ("买", "提吐", "买买提·吐", "买买提吐尔逊", "逊"):
            assert found(text) == {dotted}, text
        assert found("赵") == {one}
        parts = session.scalars(select(PersonNameGram.gram).where(PersonNameGram.person_id == dotted))
        assert sorted(parts) == sorted(["买", "提", "吐", "尔", "逊", "买买", "买提", "提吐", "吐尔", "尔逊"])
