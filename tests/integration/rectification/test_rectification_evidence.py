"""After-photos sent from the console: declared, uploaded one by one, checked, never counted twice."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import func, select

from server.core import ids
from server.core.db import Database
from server.photos.models import Photo, PhotoPurpose
from server.review.rectification.models import Evidence, RectifyStatus
from server.review.submissions.models import Submission
from server.unions.people.models import RoleAssignment
from tests.integration.rectification.conftest import AFTER, Case, Hand
from tests.support.callers import Phone
from tests.support.images import disguised, jpeg
from tests.support.world import World

Accepted = Callable[..., Case]
OTHER = jpeg(90)


def after_photos(database: Database, case: Case) -> list[Photo]:
    with database.reading() as session:
        return list(
            session.scalars(
                select(Photo).where(Photo.submission_id == case.submission_id, Photo.purpose == PhotoPurpose.AFTER)
            )
        )


def test_the_move_is_made_when_the_last_photo_is_here(accepted: Accepted, rectifier: Hand) -> None:
    case, evidence_id = accepted(), ids.new_id()
    row = case.row
    declared = rectifier.declare(row, evidence_id, AFTER, OTHER)
    assert declared.status == 201
    first, second = declared.json["positions"]
    assert rectifier.upload(row, evidence_id, AFTER, first).json["complete"] is False
    assert case.moves == ["open"]
    answer = rectifier.upload(row, evidence_id, OTHER, second).ok().json
    assert (answer["received"], answer["expected"], answer["complete"]) == (2, 2, True)
    assert case.row.status is RectifyStatus.SUBMITTED
    assert (case.steps[-1].text, case.steps[-1].data is not None) == ("已加护栏", True)


def test_the_reports_own_photos_are_counted_as_before(accepted: Accepted, rectifier: Hand, database: Database) -> None:
    case = accepted()
    rectifier.submit(case.row, AFTER, OTHER)
    with database.reading() as session:
        submission = session.get_one(Submission, case.submission_id)
    assert (submission.photos_expected, submission.photos_received) == (1, 1)


def test_the_same_declaration_again_changes_nothing_and_tells_what_is_here(accepted: Accepted, rectifier: Hand) -> None:
    case, evidence_id = accepted(), ids.new_id()
    row = case.row
    positions = rectifier.declare(row, evidence_id, AFTER, OTHER).json["positions"]
    rectifier.upload(row, evidence_id, AFTER, positions[0]).ok()
    again = rectifier.declare(row, evidence_id, AFTER, OTHER)
    assert (again.status, again.json["received"]) == (200, [True, False])
    rectifier.upload(row, evidence_id, OTHER, positions[1]).ok()
    done = rectifier.declare(row, evidence_id, AFTER, OTHER)
    assert (done.status, done.json["complete"]) == (200, True)
    assert case.moves == ["open", "submit"]


def test_the_same_id_with_other_content_is_refused(accepted: Accepted, rectifier: Hand) -> None:
    case, evidence_id = accepted(), ids.new_id()
    rectifier.declare(case.row, evidence_id, AFTER).ok()
    assert rectifier.declare(case.row, evidence_id, OTHER).code == "content_differs"
    assert rectifier.declare(case.row, evidence_id, AFTER, text="别的话").code == "content_differs"


def test_a_photo_sent_twice_is_kept_once(accepted: Accepted, rectifier: Hand, database: Database) -> None:
    case, evidence_id = accepted(), ids.new_id()
    row = case.row
    (position,) = rectifier.declare(row, evidence_id, AFTER).json["positions"]
    assert [rectifier.upload(row, evidence_id, AFTER, position).status for _ in range(2)] == [200, 200]
    assert len(after_photos(database, case)) == 1
    assert case.moves == ["open", "submit"]


def test_a_photo_with_another_hash_than_declared_is_refused(accepted: Accepted, rectifier: Hand) -> None:
    case, evidence_id = accepted(), ids.new_id()
    rectifier.declare(case.row, evidence_id, AFTER).ok()
    answer = rectifier.upload(case.row, evidence_id, OTHER, 1)
    assert (answer.status, answer.code) == (422, "photo_not_declared")
    assert case.row.status is RectifyStatus.OPEN


def test_what_is_no_picture_is_refused(accepted: Accepted, rectifier: Hand) -> None:
    case, evidence_id, page = accepted(), ids.new_id(), disguised()
    rectifier.declare(case.row, evidence_id, page).ok()
    assert rectifier.upload(case.row, evidence_id, page, 1).status in (415, 422)
    assert case.row.status is RectifyStatus.OPEN


def test_at_least_one_photo_is_needed(accepted: Accepted, rectifier: Hand) -> None:
    case = accepted()
    assert rectifier.declare(case.row, ids.new_id()).status == 422


def test_an_old_photo_shows_nothing_new(accepted: Accepted, rectifier: Hand, town: Hand) -> None:
    case = accepted()
    rectifier.submit(case.row, AFTER)
    town.move(case.row, "send_back", text="没有固定").ok()
    answer = rectifier.declare(case.row, ids.new_id(), AFTER)
    assert (answer.status, answer.code) == (422, "photo_reused")
    assert rectifier.declare(case.row, ids.new_id(), jpeg(1)).code == "photo_reused"  # of the report itself


def test_evidence_given_up_makes_way_for_the_next(accepted: Accepted, rectifier: Hand, database: Database) -> None:
    case, first = accepted(), ids.new_id()
    row = case.row
    positions = rectifier.declare(row, first, AFTER, OTHER).json["positions"]
    rectifier.upload(row, first, AFTER, positions[0]).ok()
    rectifier.submit(case.row, AFTER, text="重新写过")
    assert [photo.sha256 for photo in after_photos(database, case)] == [AFTER.sha256]
    assert rectifier.upload(row, first, OTHER, positions[1]).status == 404
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Evidence)) == 1


def test_photos_that_come_after_the_decision_are_refused(accepted: Accepted, rectifier: Hand, town: Hand) -> None:
    case, evidence_id = accepted(), ids.new_id()
    row = case.row
    positions = rectifier.declare(row, evidence_id, AFTER, OTHER).json["positions"]
    rectifier.upload(row, evidence_id, AFTER, positions[0]).ok()
    rectifier.move(case.row, "dispute", text="不是隐患").ok()
    town.move(case.row, "drop", text="属实").ok()
    late = rectifier.upload(row, evidence_id, OTHER, positions[1])
    assert (late.status, late.code) == (409, "evidence_closed")
    assert case.row.status is RectifyStatus.VOIDED


def test_a_page_that_is_behind_declares_nothing(accepted: Accepted, rectifier: Hand) -> None:
    case = accepted()
    stale = case.row
    rectifier.move(stale, "accept").ok()
    assert rectifier.declare(stale, ids.new_id(), AFTER).code == "stale"


def test_nobody_sends_photos_under_anothers_evidence(
    accepted: Accepted, rectifier: Hand, town: Hand, phone: Phone
) -> None:
    case, evidence_id = accepted(), ids.new_id()
    rectifier.declare(case.row, evidence_id, AFTER).ok()
    assert town.upload(case.row, evidence_id, AFTER, 1).status == 404
    assert phone.upload(case.submission_id, AFTER, 1).code == "photo_not_declared"


def test_without_the_forms_token_no_photo_is_taken(accepted: Accepted, rectifier: Hand) -> None:
    case, evidence_id = accepted(), ids.new_id()
    rectifier.declare(case.row, evidence_id, AFTER).ok()
    rectifier.token = "wrong"
    answer = rectifier.upload(case.row, evidence_id, AFTER, 1)
    assert (answer.status, answer.code) == (403, "form_expired")


def test_an_id_that_is_no_uuid7_is_refused(accepted: Accepted, rectifier: Hand) -> None:
    case = accepted()
    assert rectifier.declare(case.row, UUID(int=5), AFTER).status == 422


def test_someone_who_lost_the_role_on_the_way_says_nothing_is_done(
    accepted: Accepted, rectifier: Hand, database: Database, world: World
) -> None:
    case, evidence_id = accepted(), ids.new_id()
    row = case.row
    (position,) = rectifier.declare(row, evidence_id, AFTER).json["positions"]
    with database.transaction() as session:
        for held in session.scalars(
            select(RoleAssignment).where(RoleAssignment.person_id == world.people.enterprise_reviewer.id)
        ):
            session.delete(held)
    assert rectifier.upload(row, evidence_id, AFTER, position).status in (401, 403, 404)
    assert case.row.status is RectifyStatus.OPEN
