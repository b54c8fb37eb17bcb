"""Writing a suggestion: in the queue at once, safe to repeat, refused clearly."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from server.activities.suggestions.models import Suggestion
from server.core import ids
from server.core.db import Database
from server.review.submissions.models import Submission
from tests.integration.suggestions.conftest import Author, Reviewer
from tests.support.callers import Phone
from tests.support.images import jpeg
from tests.support.world import Someone, World


def count(database: Database) -> tuple[int, int]:
    with database.reading() as session:
        return tuple(  # type: ignore[return-value]  # two counts
            session.scalar(select(func.count()).select_from(table)) or 0 for table in (Submission, Suggestion)
        )


def test_a_suggestion_without_photos_waits_for_review_at_once(author: Author, town: Reviewer) -> None:
    suggestion_id = author.suggest()
    mine = author.phone.get(f"/api/v1/submissions/{suggestion_id}").ok().json
    assert (mine["kind"], mine["status_text"], mine["category_name"]) == ("suggestion", "待受理", "设备设施")
    assert "【建议】在冲床两侧加装" in mine["description"]
    assert [entry["title"] for entry in mine["timeline"]] == ["已提交", "等待审核"]
    assert "给冲床加装光电保护" in town.desk.get("/console/queue?kind=suggestion").ok().text
    assert "给冲床加装光电保护" not in town.desk.get("/console/queue?kind=hazard").ok().text
    assert "手伸进去时冲头还会落下" in town.desk.get(f"/console/submissions/{suggestion_id}").ok().text


def test_one_with_photos_waits_until_all_have_come(author: Author) -> None:
    suggestion_id, photo = ids.new_id(), jpeg(5)
    assert author.put(suggestion_id, photos=[photo.manifest]).status == 201
    path = f"/api/v1/submissions/{suggestion_id}"
    assert author.phone.get(path).json["status_text"] == "待传完"
    author.phone.upload(suggestion_id, photo).ok()
    assert author.phone.get(path).json["status_text"] == "待受理"


def test_the_same_again_is_known_and_other_words_under_that_id_are_refused(
    author: Author, colleague: Author, database: Database
) -> None:
    suggestion_id = author.suggest()
    assert author.put(suggestion_id).status == 200
    assert author.put(suggestion_id, title="别的建议").code == "content_differs"
    assert colleague.put(suggestion_id).code == "content_differs"
    assert count(database) == (1, 1)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": "短"}, "title"),
        ({"title": "长" * 61}, "title"),
        ({"title": "\u200b\n字\u202e"}, "title"),
        ({"proposal": "好"}, "proposal"),
        ({"proposal": "长" * 2001}, "proposal"),
        ({"category": "fire"}, "category"),
        ({"category": "s_unknown"}, "category"),
        ({"enterprise_id": "01a20b46-607d-7758-8540-6a4a87bb5945"}, "enterprise_id"),
        ({"co_authors": [{"name": "王"}] * 6}, "co_authors"),
        ({"co_authors": [{"name": "王", "phone": "12345"}]}, "co_authors.0.phone"),
        ({"photos": [{"sha256": "0" * 64, "size": 1}] * 10}, "photos"),
        ({"surprise": 1}, "surprise"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_with_its_field_and_nothing_is_written(
    author: Author, database: Database, changes: dict[str, Any], field: str
) -> None:
    answer = author.put(ids.new_id(), **changes)
    assert answer.status == 422
    assert field in answer.json["error"]["fields"]
    assert count(database) == (0, 0)


def test_who_has_no_enterprise_yet_is_told_to_choose_one(
    phone_of: Callable[[Someone], Phone], world: World, database: Database
) -> None:
    answer = Author(phone_of(world.people.newcomer)).put(ids.new_id())
    assert "enterprise_id" in answer.json["error"]["fields"]
    assert count(database) == (0, 0)


def test_categories_are_those_of_the_campaign(author: Author) -> None:
    items = author.phone.get("/api/v1/suggestions/categories").ok().json["items"]
    assert [(one["code"], one["name"]) for one in items] == [("s_equipment", "设备设施"), ("s_process", "工艺操作")]
