"""Before a decision is sent, the reviewer sees what the worker will read: those very words."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from html import unescape
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from server.core.db import Database
from server.notifications.inbox.models import InboxMessage
from server.review.submissions.models import Kind, Submission, SubmissionStep
from tests.integration.review.conftest import Reviewer
from tests.integration.review.rows import insert_submissions
from tests.support.callers import Answer, Phone
from tests.support.versions import version_of
from tests.support.world import Someone, World

pytestmark = pytest.mark.parametrize("backend", ["embedded"], indirect=True)

SHOWN = re.compile(r'<strong>(.*?)</strong>\s*<p class="prewrap">(.*?)</p>', re.DOTALL)
DECISIONS: Mapping[str, Mapping[str, str]] = {
    "accept": {"grade": "2", "rectify_days": "4"},
    "decline": {"reply": "这里<b>不是</b>隐患"},
    "return": {"reply": "在几楼？"},
    "pass_up": {"note": "请上级看"},
}


def shown(page: str) -> list[tuple[str, str]]:
    return [(unescape(title), unescape(body)) for title, body in SHOWN.findall(page)]


def preview(who: Reviewer, submission_id: UUID, move: str, **fields: str) -> Answer:
    sent = {"version": version_of(who.desk, submission_id), **fields}
    return who.desk.post(f"/console/submissions/{submission_id}/{move}/preview", sent)


def newest(phone: Phone) -> tuple[str, str]:
    item = phone.get("/api/v1/inbox?limit=1").ok().json["items"][0]
    return item["title"], item["body"]


@pytest.mark.parametrize("move", DECISIONS)
def test_what_is_shown_before_a_decision_is_what_its_worker_reads_after_it(
    town: Reviewer, phone: Phone, world: World, move: str
) -> None:
    hazard_id = phone.report(enterprise_id=world.unions.shipyard)
    town.move(hazard_id, "pass_up", note="先问一下")
    town.move(hazard_id, "reopen")  # so that it has a history
    before = shown(preview(town, hazard_id, move, **DECISIONS[move]).ok().text)
    town.move(hazard_id, move, **DECISIONS[move])
    assert before == [newest(phone)]


def test_the_same_of_a_merge_and_of_taking_it_back(
    town: Reviewer, phone: Phone, phone_of: Callable[[Someone], Phone], world: World
) -> None:
    target, merged = (
        each.report(enterprise_id=world.unions.shipyard) for each in (phone_of(world.people.colleague), phone)
    )
    for move, fields in (("mark_duplicate", {"target_id": str(target)}), ("reopen", {})):
        before = shown(preview(town, merged, move, **fields).ok().text)
        town.move(merged, move, **fields)
        assert before == [newest(phone)]


def test_followers_are_shown_their_own_words(
    town: Reviewer, phone: Phone, phone_of: Callable[[Someone], Phone], world: World
) -> None:
    hazard_id = phone.report(enterprise_id=world.unions.shipyard)
    follower = phone_of(world.people.colleague)
    follower.put(f"/api/v1/submissions/{hazard_id}/follow", {"is_joint": False}).ok()
    mine, theirs = shown(preview(town, hazard_id, "accept", grade="3", reply="张师傅，谢谢").ok().text)
    town.move(hazard_id, "accept", grade="3", reply="张师傅，谢谢")
    assert (mine, theirs) == (newest(phone), newest(follower))
    assert "张师傅" not in theirs[1]


def test_looking_changes_nothing(town: Reviewer, phone: Phone, world: World, database: Database) -> None:
    hazard_id = phone.report(enterprise_id=world.unions.shipyard)

    def all_of_it() -> object:
        with database.reading() as session:
            row = session.get_one(Submission, hazard_id)
            counts = [session.scalar(select(func.count()).select_from(each)) for each in (SubmissionStep, InboxMessage)]
            return counts, row.status, row.version, row.grade, row.due_at, row.routed_union_id

    before = all_of_it()
    for move, fields in DECISIONS.items():
        preview(town, hazard_id, move, **fields).ok()
    assert all_of_it() == before


def test_what_is_not_filled_in_or_not_possible_is_said_in_its_place(
    town: Reviewer, phone: Phone, reviewer_of: Callable[[Someone], Reviewer], world: World
) -> None:
    hazard_id = phone.report(enterprise_id=world.unions.shipyard)
    assert shown(preview(town, hazard_id, "accept").text) == []
    assert "填好以后，会显示在这里。" in preview(town, hazard_id, "decline", reply=" ").ok().text
    assert "请重新查看后再处理" in preview(town, hazard_id, "accept", grade="3", version="1").ok().text
    assert "选择" in preview(town, hazard_id, "mark_duplicate", target_id=str(hazard_id)).ok().text
    assert preview(town, hazard_id, "nonsense").status == 404
    assert preview(town, uuid4(), "accept", grade="3").status == 404
    stranger = reviewer_of(world.people.other_town_reviewer)
    fields = {"version": "2", "grade": "3"}
    assert stranger.desk.post(f"/console/submissions/{hazard_id}/accept/preview", fields).status == 404


def test_of_many_one_sample_of_each_kind_is_shown_or_why_it_is_left_out(
    town: Reviewer, phone: Phone, world: World, database: Database
) -> None:
    chosen = [phone.report(enterprise_id=world.unions.shipyard) for _ in range(2)]
    sent: dict[str, str | Sequence[str]] = {"move": "accept", "grade": "3", "item": [f"{each}:2" for each in chosen]}
    page = town.desk.post("/console/queue/preview", sent).ok().text
    assert len(shown(page)) == 1
    assert page.count("为例") == 1
    with database.transaction() as session:
        (suggestion_id,) = insert_submissions(session, world, 1, datetime.now(UTC), kind=Kind.SUGGESTION)
    sent["item"] = [f"{chosen[0]}:2", f"{suggestion_id}:2"]
    page = town.desk.post("/console/queue/preview", sent).ok().text
    assert (page.count("为例"), len(shown(page)), "这类内容不分等级" in page) == (2, 1, True)
    assert "至少 1 项" in town.desk.post("/console/queue/preview", {"move": "accept", "grade": "3"}).ok().text
