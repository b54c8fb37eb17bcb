"""What a reporter sees of a submission and may do with it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import time_machine
from sqlalchemy import func, select, update

from server.core import ids
from server.core.audit.models import AuditEntry
from server.core.db import Database
from server.core.settings import Settings
from server.kit.deadlines.calendar.working_days import due_after
from server.photos.models import Photo
from server.review.submissions.jobs import sweep_incomplete
from server.review.submissions.models import Answer, Status, Submission, SubmissionStep
from tests.integration.review.conftest import Reviewer
from tests.support.backends import job_context
from tests.support.callers import Phone, hazard
from tests.support.counting import count_statements
from tests.support.images import jpeg
from tests.support.world import Someone, World

Load = Callable[[UUID], Submission]


def declare(phone: Phone, photos: int = 2) -> UUID:
    hazard_id = ids.new_id()
    phone.declare(hazard_id, hazard([jpeg(seed) for seed in range(photos)])).ok()
    return hazard_id


def test_it_enters_the_queue_with_its_last_photo(phone: Phone, row_of: Load) -> None:
    hazard_id = declare(phone)
    assert phone.upload(hazard_id, jpeg(0), 0).json["status"] == "incomplete"
    assert row_of(hazard_id).photos_received == 1
    assert phone.upload(hazard_id, jpeg(1), 1).json["status"] == "queued"
    row = row_of(hazard_id)
    assert (row.status, row.photos_received, row.arrived_at is not None) == (Status.QUEUED, 2, True)
    assert row.due_at == due_after(row.arrived_at or datetime.now(UTC), 3)


def test_a_photo_sent_again_changes_nothing(phone: Phone, row_of: Load) -> None:
    hazard_id = phone.report(jpeg(0))
    before = row_of(hazard_id)
    assert phone.upload(hazard_id, jpeg(0), 0).status == 200
    after = row_of(hazard_id)
    assert (after.version, after.arrived_at, after.photos_received) == (before.version, before.arrived_at, 1)


def test_the_detail_tells_the_way_like_a_parcels(phone: Phone, world: World) -> None:
    hazard_id = phone.report(jpeg(), enterprise_id=world.unions.shipyard)
    found = phone.get(f"/api/v1/submissions/{hazard_id}").ok().json
    assert found["status_text"] == "待受理"
    assert [step["state"] for step in found["steps"]] == ["done", "current", "ahead"]
    assert "蓝海船舶修造有限公司工会" in found["steps"][1]["note"]
    assert "最晚" in found["steps"][1]["note"]
    assert [entry["kind"] for entry in found["timeline"]] == ["create", "submit"]
    assert found["can_withdraw"] is True
    assert found["due_at"].endswith("Z")


def test_others_submissions_do_not_exist(phone: Phone, phone_of: Callable[[Someone], Phone], world: World) -> None:
    hazard_id, stranger = phone.report(), phone_of(world.people.colleague)
    path = f"/api/v1/submissions/{hazard_id}"
    assert stranger.get(path).status == 404
    assert stranger.post(f"{path}/withdraw").status == 404
    assert stranger.put(f"{path}/answers/{ids.new_id()}", {"text": "x", "photos": []}).status == 404
    assert stranger.get("/api/v1/submissions").json["items"] == []


def test_the_list_is_paged_newest_first_without_gap_or_repeat(phone: Phone) -> None:
    sent = [declare(phone, 1) for _ in range(5)]
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = phone.get(f"/api/v1/submissions?limit=2{'&after=' + cursor if cursor else ''}").ok().json
        seen += [item["id"] for item in page["items"]]
        cursor = page["next"]
    assert seen == [str(each) for each in reversed(sent)]


def test_a_page_and_a_detail_cost_the_same_however_much_is_on_them(
    phone: Phone, database: Database, town: Reviewer, world: World
) -> None:
    def cost(path: str) -> int:
        with count_statements(database.engine) as statements:
            phone.get(path).ok()
        return len(statements)

    first = phone.report(jpeg(1), enterprise_id=world.unions.shipyard)
    phone.get("/api/v1/submissions").ok()
    few, brief = cost("/api/v1/submissions"), cost(f"/api/v1/submissions/{first}")
    for seed in range(3):
        phone.report(jpeg(seed), enterprise_id=world.unions.bakery)
    town.move(first, "return", reply="在哪？")
    assert cost("/api/v1/submissions") == few <= 4
    assert cost(f"/api/v1/submissions/{first}") == brief <= 7


def test_a_foreign_cursor_is_refused(phone: Phone) -> None:
    assert phone.get("/api/v1/submissions?after=nonsense").code == "bad_cursor"


def test_it_can_be_withdrawn_while_nothing_is_decided(phone: Phone, town: Reviewer, world: World) -> None:
    shipyard = world.unions.shipyard
    asked = phone.report(enterprise_id=shipyard)
    town.move(asked, "return", reply="在哪？")
    for hazard_id in (declare(phone), phone.report(), asked):
        answer = phone.post(f"/api/v1/submissions/{hazard_id}/withdraw")
        assert answer.json["status"] == "withdrawn"
        assert phone.post(f"/api/v1/submissions/{hazard_id}/withdraw").status == 200
    decided = phone.report(enterprise_id=shipyard)
    town.move(decided, "accept", grade="3")
    assert phone.post(f"/api/v1/submissions/{decided}/withdraw").code == "already_decided"


def test_photos_of_something_withdrawn_are_not_taken(phone: Phone) -> None:
    hazard_id = declare(phone)
    phone.post(f"/api/v1/submissions/{hazard_id}/withdraw").ok()
    assert phone.upload(hazard_id, jpeg(0), 0).status == 409


@pytest.fixture
def asked(phone: Phone, town: Reviewer, world: World) -> UUID:
    """A submission whose reporter has been asked something."""
    hazard_id = phone.report(jpeg(0), enterprise_id=world.unions.shipyard)
    assert town.move(hazard_id, "return", reply="在几楼？").status == 303
    return hazard_id


def test_the_question_is_shown_until_it_is_answered(phone: Phone, asked: UUID) -> None:
    found = phone.get(f"/api/v1/submissions/{asked}").json
    assert (found["status"], found["question"], found["needs_answer"]) == ("returned", "在几楼？", True)
    answer = phone.put(f"/api/v1/submissions/{asked}/answers/{ids.new_id()}", {"text": "三楼", "photos": []})
    assert answer.status == 201
    assert (answer.json["status"], answer.json["question"], answer.json["needs_answer"]) == ("queued", None, False)
    assert answer.json["timeline"][-1]["text"] == "三楼"


def test_an_answer_with_photos_waits_for_all_of_them(phone: Phone, asked: UUID, row_of: Load) -> None:
    more = [jpeg(7), jpeg(8)]
    body = {"text": "看照片", "photos": [each.manifest for each in more]}
    path = f"/api/v1/submissions/{asked}/answers/{ids.new_id()}"
    first = phone.put(path, body)
    assert (first.status, first.json["status"], first.json["photos_expected"]) == (201, "returned", 3)
    assert [photo["position"] for photo in first.json["photos"]] == [0, 1, 2]
    assert phone.upload(asked, more[0], 1).json["status"] == "returned"
    assert phone.upload(asked, more[1], 2).json["status"] == "queued"
    assert phone.put(path, body).status == 200
    assert row_of(asked).photos_received == 3


def test_an_answer_is_idempotent_and_other_content_a_conflict(phone: Phone, asked: UUID, database: Database) -> None:
    path = f"/api/v1/submissions/{asked}/answers/{ids.new_id()}"
    assert phone.put(path, {"text": "三楼", "photos": []}).status == 201
    assert phone.put(path, {"text": "三楼", "photos": []}).status == 200
    assert phone.put(path, {"text": "四楼", "photos": []}).code == "content_differs"
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Answer)) == 1


def test_an_answer_never_finished_gives_way_to_the_next(phone: Phone, asked: UUID, row_of: Load) -> None:
    lost = {"text": "", "photos": [jpeg(7).manifest, jpeg(8).manifest]}
    phone.put(f"/api/v1/submissions/{asked}/answers/{ids.new_id()}", lost).ok()
    phone.upload(asked, jpeg(7), 1).ok()
    phone.put(f"/api/v1/submissions/{asked}/answers/{ids.new_id()}", {"text": "三楼", "photos": []}).ok()
    row = row_of(asked)
    assert (row.status, row.photos_expected, row.photos_received) == (Status.QUEUED, 2, 2)


def test_nothing_can_be_answered_that_was_not_asked(phone: Phone) -> None:
    path = f"/api/v1/submissions/{phone.report()}/answers/{ids.new_id()}"
    assert phone.put(path, {"text": "三楼", "photos": []}).code == "nothing_asked"


def test_an_empty_answer_is_refused(phone: Phone, asked: UUID) -> None:
    answer = phone.put(f"/api/v1/submissions/{asked}/answers/{ids.new_id()}", {"text": " ", "photos": []})
    assert answer.status == 422


def test_the_deadline_stands_still_while_the_reporter_is_asked(phone: Phone, town: Reviewer, row_of: Load) -> None:
    hazard_id = phone.report(place="市南区八大湖街道")
    assert town.move(hazard_id, "return", reply="在几楼？").status == 303
    assert row_of(hazard_id).rest_days == 3
    later = datetime.now(UTC) + timedelta(days=20)
    with time_machine.travel(later, tick=True):
        phone.put(f"/api/v1/submissions/{hazard_id}/answers/{ids.new_id()}", {"text": "三楼", "photos": []}).ok()
    row = row_of(hazard_id)
    assert row.rest_days is None
    assert row.due_at == due_after(later, 3)


def test_what_never_completes_is_swept_away(phone: Phone, settings: Settings, database: Database) -> None:
    old, fresh, done = declare(phone), declare(phone), phone.report()
    slow = declare(phone)
    phone.upload(slow, jpeg(0), 0).ok()
    long_ago = datetime.now(UTC) - timedelta(hours=settings.incomplete_hours + 1)
    with database.transaction() as session:
        session.execute(update(Submission).where(Submission.id.in_([old, done, slow])).values(created_at=long_ago))
    sweep_incomplete(job_context(settings, database))
    with database.reading() as session:
        assert set(session.scalars(select(Submission.id))) == {fresh, done, slow}
        assert not session.scalars(select(Photo.id).where(Photo.submission_id == old)).all()
        assert not session.scalars(select(SubmissionStep.id).where(SubmissionStep.submission_id == old)).all()
        kept = session.scalars(select(AuditEntry.action).where(AuditEntry.subject_id == str(old))).all()
    assert set(kept) == {"submission.create", "submission.discard"}
    assert phone.get(f"/api/v1/submissions/{old}").status == 404
