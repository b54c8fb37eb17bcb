"""With its campaign a quiz is put away."""

from collections.abc import Callable

import pytest

from server.core import ids
from tests.integration.quiz.conftest import MakeQuiz
from tests.support.callers import Desk, Phone
from tests.support.world import Someone, World

pytestmark = pytest.mark.parametrize("backend", ["embedded"], indirect=True)


def test_the_quiz_of_an_archived_campaign_is_over_and_stays_as_it_was(
    make_quiz: MakeQuiz, desk_of: Callable[[Someone], Desk], phone: Phone, world: World
) -> None:
    quiz_id, settings = make_quiz(), "/console/campaigns"
    desk = desk_of(world.people.city_reviewer)
    desk.post(f"{settings}/{world.campaign_id}/archive", form=settings).ok()
    answer = phone.put(f"/api/v1/quiz/attempts/{ids.new_id()}", {"quiz_id": str(quiz_id), "level": 1})
    assert (answer.status, answer.code) == (403, "quiz_not_open")
    changed = desk.post(f"/console/quizzes/{quiz_id}/levels/add", {"version": "1"}, form=settings)
    assert (changed.status, "已经归档" in changed.text) == (409, True)
