"""Whoever was there before names were kept in parts is found by any part of their name."""

from sqlalchemy import select

from server.unions.people.models import Person, PersonNameGram
from server.unions.people.queries import named
from tests.migrations.climbing import NEWEST, NOW, Old, Story, before, story


@story
def people_of_before_are_found_by_any_part_of_their_name(old: Old) -> Story:
    old = yield before("find_people_by_parts_of_their_names")

    def person(name: str | None, key: str) -> object:
        return old.insert(
            "people", name=name, name_key=key, phone_source="typed", is_active=True, version=1, created_at=NOW,
            updated_at=NOW,
        )  # fmt: skip

    dotted, one, nameless = person("买买提·吐尔逊", "买买提吐尔逊"), person("赵", "赵"), person(None, "")
    database = yield NEWEST
    with database.reading() as session:

        def found(text: str) -> set[object]:
            mine = select(Person.id).where(Person.id.in_([dotted, one, nameless]))
            return set(session.scalars(mine.where(Person.id.in_(named(text)))))

        for text in ("买", "提吐", "买买提·吐", "买买提吐尔逊", "逊"):
            assert found(text) == {dotted}, text
        assert found("赵") == {one}
        parts = session.scalars(select(PersonNameGram.gram).where(PersonNameGram.person_id == dotted))
        assert sorted(parts) == sorted(["买", "提", "吐", "尔", "逊", "买买", "买提", "提吐", "吐尔", "尔逊"])
