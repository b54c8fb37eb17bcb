"""What others published is complained about; the union that answers for it keeps it or takes it down."""

import re
from collections.abc import Callable

from tests.integration.rectification.conftest import Case, Hand, accepted, hand_of, rectifier, town
from tests.integration.stories.test_stories import PhoneOf, closed, offer, page_of, release, seen
from tests.integration.suggestions.conftest import Author, Reviewer
from tests.support.callers import Answer, Desk, Phone
from tests.support.world import Someone, World

__all__ = ["accepted", "hand_of", "rectifier", "town"]
OWN = "/console/complaints?own=1"


def complain(phone: Phone, subject: str, subject_id: object, reason: str = "person", words: str = "") -> Answer:
    return phone.put(f"/api/v1/complaints/{subject}/{subject_id}", {"reason": reason, "words": words})


def case_at(desk: Desk, address: str = OWN) -> str:
    (path,) = set(re.findall(r"/console/complaints/[0-9a-f-]{36}", desk.get(address).ok().text))
    return str(path)


def decide(desk: Desk, path: str, move: str, answer: str = "看得清脸", version: str = "1") -> int:
    return desk.post(f"{path}/{move}", {"version": version, "answer": answer}).status


def test_several_complain_of_one_story_and_the_union_that_answers_for_it_keeps_it_or_takes_it_down(
    accepted: Callable[..., Case], rectifier: Hand, town: Hand, phone: Phone, phone_of: PhoneOf, world: World,
    desk_of: Callable[[Someone], Desk], run_jobs: Callable[..., int],
) -> None:  # fmt: skip
    case = closed(accepted, rectifier, phone, run_jobs)
    colleague, stranger = phone_of(world.people.colleague), phone_of(world.people.stranger)
    offer(phone, case)
    story_page = page_of(town)
    story_id = story_page.rsplit("/", 1)[1]
    assert complain(colleague, "story", story_id).status == 404  # not shown yet
    assert release(town, story_page).status == 303
    assert (complain(stranger, "story", story_id).status, complain(colleague, "person", story_id).status) == (404, 404)
    assert complain(colleague, "story", story_id, "rude").status == 422

    assert complain(colleague, "story", story_id).ok().json == {"label": "整改案例"}
    complain(colleague, "story", story_id, "wrong", "那不是我们车间").ok()  # in place of what was said before
    path = case_at(rectifier.desk)  # shown within the enterprise: its own union answers
    page = rectifier.desk.get(path).ok().text
    assert ("那不是我们车间" in page, "认得出人" in page, world.people.colleague.name in page) == (True, False, False)
    log = desk_of(world.people.admin).get("/console/audit?action=complaint.complain").ok().text
    assert ("有人举报" in log, world.people.colleague.name in log) == (True, False)
    assert "要处理" not in town.desk.get("/console/").text
    assert town.desk.get(path).status == 200
    elsewhere = desk_of(world.people.other_town_reviewer)
    assert (elsewhere.get(path).status, decide(elsewhere, path, "keep")) == (404, 404)
    assert (decide(rectifier.desk, path, "keep", ""), decide(rectifier.desk, path, "keep", version="9")) == (422, 409)
    assert decide(rectifier.desk, path, "keep", "是我们车间的") == 303
    assert "没有撤下。答复：是我们车间的" in colleague.get("/api/v1/inbox").ok().text
    assert complain(colleague, "story", story_id).code == "decided"
    assert decide(rectifier.desk, path, "take_down") == 409

    complain(phone, "story", story_id).ok()  # somebody else: the union looks again
    path = case_at(rectifier.desk)
    assert decide(rectifier.desk, path, "take_down") == 303
    assert seen(colleague, "own") == []
    assert complain(phone, "story", story_id).status == 404


def test_a_suggestion_and_a_report_of_others_are_taken_down_by_their_own_slices(
    accepted: Callable[..., Case], town: Hand, phone: Phone, phone_of: PhoneOf, world: World,
) -> None:  # fmt: skip
    colleague = phone_of(world.people.colleague)
    author, above = Author(phone), Reviewer(town.desk)
    suggestion_id = author.suggest()
    above.decide(suggestion_id, "accept", reply="好建议")
    assert complain(colleague, "suggestion", suggestion_id).status == 404
    assert above.post(suggestion_id, "publish").status == 303
    complain(colleague, "suggestion", suggestion_id, "offensive").ok()
    assert decide(town.desk, case_at(town.desk), "take_down") == 303
    assert colleague.get(f"/api/v1/suggestions/{suggestion_id}").status == 404

    case = accepted()
    assert complain(phone, "submission", case.submission_id).status == 404  # one's own
    complain(colleague, "submission", case.submission_id).ok()
    path = case_at(town.desk, "/console/complaints")
    assert decide(town.desk, path, "take_down") == 303
    assert complain(colleague, "submission", case.submission_id).status == 404
    assert "有人举报" in town.desk.get(f"/console/submissions/{case.submission_id}").ok().text
