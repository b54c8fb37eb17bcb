"""Who shares an award: by an own report that was merged, once a reviewer has confirmed it, in the order of arrival."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
import time_machine

from server.core import clock
from server.oversight.awards.models import AwardEntry, EntryStatus
from tests.integration.anonymity.conftest import report_anonymously
from tests.integration.awards.conftest import Awards
from tests.integration.rectification.conftest import Case, Hand
from tests.integration.review.conftest import Reviewer
from tests.support.callers import Phone
from tests.support.images import jpeg
from tests.support.pages import tight
from tests.support.world import Someone, World

MINUTE = timedelta(minutes=1)


@dataclass
class Story:
    """A hazard that the worker and the colleague see, and the desks."""

    awards: Awards
    rectifier: Hand
    town: Hand
    worker: Phone
    colleague: Phone
    world: World
    travel: time_machine.TimeMachineFixture

    def report(self, phone: Phone, number: int, send: Callable[..., UUID] = Phone.report) -> UUID:
        """A report of its own minute."""
        self.travel.move_to(clock.now() + MINUTE, tick=False)
        return send(phone, jpeg(number), enterprise_id=self.world.unions.shipyard)

    def merge(self, merged_id: UUID, target_id: UUID) -> None:
        assert Reviewer(self.town.desk).move(merged_id, "mark_duplicate", target_id=str(target_id)).status == 303

    def close(self, hazard_id: UUID) -> None:
        """Accepted as grave, put right, rechecked."""
        assert Reviewer(self.town.desk).move(hazard_id, "accept", grade="1").status == 303
        case = Case(self.awards.database, hazard_id)
        self.rectifier.submit(case.row)
        assert self.town.move(case.row, "close", way="on_site").status == 303

    def batch(self, **changes: str) -> UUID:
        """A computed batch."""
        (batch_id,) = self.awards.scheme(**{"joint_share": "true", "amount_cents": "100.01", **changes})
        assert self.awards.post(f"/{batch_id}/compute") == 303
        return batch_id

    def confirm(self, batch_id: UUID, merged_id: UUID) -> int:
        return self.awards.post(f"/{batch_id}/joint-reports/{merged_id}/confirm")

    def entries(self, batch_id: UUID) -> dict[UUID | None, AwardEntry]:
        return {entry.person_id: entry for entry in self.awards.entries(batch_id)}


@pytest.fixture
def story(
    awards: Awards, rectifier: Hand, town: Hand, phone: Phone, phone_of: Callable[[Someone], Phone], world: World,
    time_machine: time_machine.TimeMachineFixture,
) -> Story:  # fmt: skip
    return Story(awards, rectifier, town, phone, phone_of(world.people.colleague), world, time_machine)


def test_a_tap_shares_nothing(story: Story) -> None:
    hazard_id = story.report(story.worker, 1)
    story.colleague.put(f"/api/v1/submissions/{hazard_id}/follow", {"is_joint": True}).ok()
    story.close(hazard_id)
    assert [entry.amount_cents for entry in story.entries(story.batch()).values()] == [10001]


def test_a_merged_report_shares_only_after_a_reviewers_nod(story: Story) -> None:
    hazard_id, later_id = story.report(story.worker, 1), story.report(story.colleague, 2)
    story.merge(later_id, hazard_id)
    story.close(hazard_id)
    batch_id, colleague, worker = story.batch(), story.world.people.colleague, story.world.people.worker
    before = story.entries(batch_id)
    assert (before[worker.id].amount_cents, before[colleague.id].status) == (10001, EntryStatus.EXCLUDED)
    assert "还没有经审核员确认" in before[colleague.id].reason
    page = story.awards.desk.get(f"/console/awards/{batch_id}").ok().text
    assert all(words in page for words in ("确认到过现场", "相距约", "1 张照片", colleague.name))
    for _ in range(2):
        assert story.confirm(batch_id, later_id) == 303
    assert "已确认" in story.awards.desk.get(f"/console/awards/{batch_id}").ok().text
    after = story.entries(batch_id)
    assert (after[worker.id].amount_cents, after[colleague.id].amount_cents) == (5001, 5000)
    log = tight(story.awards.desk.get(f"/console/audit?subject={batch_id}").ok().text)
    assert log.count("确认共同上报") == 1 + log.count('">确认共同上报</option>')


@pytest.mark.parametrize("joint_share", ["true", "false"])
def test_the_earliest_arrival_is_first_whichever_was_merged_into_which(story: Story, joint_share: str) -> None:
    earlier_id, target_id = story.report(story.colleague, 2), story.report(story.worker, 1)
    story.merge(earlier_id, target_id)
    story.close(target_id)
    batch_id, colleague, worker = (
        story.batch(joint_share=joint_share),
        story.world.people.colleague,
        story.world.people.worker,
    )
    before = story.entries(batch_id)
    assert before[colleague.id].status is EntryStatus.EXCLUDED
    assert "有一条合并进来的到得更早" in before[worker.id].reason
    assert story.confirm(batch_id, earlier_id) == 303
    after = story.entries(batch_id)
    assert after[colleague.id].reason.startswith("最先上报")
    if joint_share == "true":
        assert after[worker.id].reason.startswith("共同上报")
        assert (after[colleague.id].amount_cents, after[worker.id].amount_cents) == (5001, 5000)
    else:
        assert set(after) == {colleague.id}
    assert "最先上报" in story.awards.desk.get(f"/console/awards/{batch_id}").ok().text


def test_ones_own_earlier_report_keeps_one_first(story: Story) -> None:
    first_id = story.report(story.worker, 1)
    between_id, target_id = story.report(story.colleague, 2), story.report(story.worker, 3)
    for each in (first_id, between_id):
        story.merge(each, target_id)
    story.close(target_id)
    batch_id = story.batch()
    assert story.confirm(batch_id, between_id) == 303
    assert story.entries(batch_id)[story.world.people.worker.id].reason.startswith("最先上报")


def test_whom_a_reviewer_struck_out_stays_out_when_a_nod_computes_anew_until_brought_back(story: Story) -> None:
    hazard_id, later_id = story.report(story.worker, 1), story.report(story.colleague, 2)
    story.merge(later_id, hazard_id)
    story.close(hazard_id)
    batch_id, colleague, worker = story.batch(), story.world.people.colleague, story.world.people.worker
    struck = story.entries(batch_id)[worker.id]
    assert story.awards.post(f"/entries/{struck.id}/strike", reason="照片疑似摆拍") == 303
    assert story.confirm(batch_id, later_id) == 303
    after = story.entries(batch_id)
    assert (after[worker.id].status, after[worker.id].amount_cents) == (EntryStatus.EXCLUDED, 0)
    assert after[worker.id].reason == "人工排除：照片疑似摆拍"
    assert after[colleague.id].amount_cents == 10001
    check = story.awards.desk.get(f"/console/awards/{batch_id}?recompute=1").ok().text
    assert "结果都和名单一致" in check
    assert story.awards.post(f"/entries/{after[worker.id].id}/readmit") == 303
    back = story.entries(batch_id)
    assert (back[worker.id].amount_cents, back[colleague.id].amount_cents) == (5001, 5000)
    assert story.awards.post(f"/entries/{back[worker.id].id}/readmit") == 409


def test_a_nod_goes_with_the_merge_it_was_given_for(story: Story) -> None:
    hazard_id, later_id = story.report(story.worker, 1), story.report(story.colleague, 2)
    story.merge(later_id, hazard_id)
    story.close(hazard_id)
    batch_id = story.batch()
    assert story.confirm(batch_id, later_id) == 303
    assert Reviewer(story.town.desk).move(later_id, "reopen", note="不是同一处").status == 303
    assert story.confirm(batch_id, later_id) == 404
    assert story.awards.post(f"/{batch_id}/compute") == 303
    assert set(story.entries(batch_id)) == {story.world.people.worker.id}


def test_nobody_but_the_awarding_unions_own_reviewers_nods_and_only_before_the_list_is_out(
    story: Story, desk_of: Callable[[Someone], object]
) -> None:
    hazard_id, later_id = story.report(story.worker, 1), story.report(story.colleague, 2)
    story.merge(later_id, hazard_id)
    story.close(hazard_id)
    batch_id = story.batch()
    assert story.town.desk.post(f"/console/awards/{batch_id}/joint-reports/{later_id}/confirm", {}).status == 403
    assert story.confirm(batch_id, hazard_id) == 404
    assert story.awards.post(f"/{batch_id}/publish") == 303
    assert story.confirm(batch_id, later_id) == 409


def test_an_anonymous_joint_reporter_is_listed_without_a_name(story: Story) -> None:
    hazard_id = story.report(story.worker, 1)
    anonymous_id = story.report(story.colleague, 2, report_anonymously)
    story.merge(anonymous_id, hazard_id)
    story.close(hazard_id)
    page = story.awards.desk.get(f"/console/awards/{story.batch()}").ok().text
    assert "确认到过现场" in page
    assert "匿名" in page
    assert story.world.people.colleague.name not in page
    assert str(story.world.people.colleague.id) not in page
