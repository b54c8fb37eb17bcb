"""“我也看到了”: hints while writing, following, joining in; and what merging does to those who reported."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

import pytest

from server.core import clock, ids
from server.core.db import Database
from server.core.events import subscribe
from server.review.followers.events import SubmissionFollowed
from server.review.followers.queries import list_followers, list_joint_reporters
from server.review.submissions.events import SubmissionMarkedDuplicate, SubmissionReopened
from tests.integration.review.conftest import Reviewer
from tests.support.callers import Answer, Desk, Phone, hazard
from tests.support.counting import count_statements
from tests.support.images import jpeg
from tests.support.world import Someone, World

PhoneOf = Callable[[Someone | None], Phone]
HINTS = "/api/v1/hazards/hints"


@pytest.fixture
def colleague(phone_of: PhoneOf, world: World) -> Phone:
    return phone_of(world.people.colleague)


@pytest.fixture
def town(desk_of: Callable[[Someone], Desk], world: World) -> Reviewer:
    return Reviewer(desk_of(world.people.town_reviewer))


@pytest.fixture
def hazard_id(phone: Phone, world: World) -> UUID:
    """A hazard at the shipyard, waiting."""
    return phone.report(jpeg(), enterprise_id=world.unions.shipyard)


def draft(world: World, **changes: object) -> dict[str, object]:
    """What a colleague has written so far of the same thing."""
    return {
        "category": "electric",
        "enterprise_id": str(world.unions.shipyard),
        "place": "3号车间东门口",
        "description": "配电箱没有关门，电线裸露在外",
        "coordinates": {"latitude": 36.0663, "longitude": 120.3827, "datum": "wgs84", "accuracy": 30},
        **changes,
    }


def ask(phone: Phone, world: World, **changes: object) -> list[dict[str, object]]:
    return list(phone.post(HINTS, draft(world, **changes)).ok().json["items"])


def follow(phone: Phone, hazard_id: UUID, *, is_joint: bool) -> Answer:
    return phone.put(f"/api/v1/submissions/{hazard_id}/follow", {"is_joint": is_joint})


def joint(database: Database, hazard_id: UUID) -> list[UUID]:
    with database.reading() as session:
        return list_joint_reporters(session, [hazard_id])[hazard_id]


# --- hints ------------------------------------------------------------------------------------------------------------


def test_what_a_colleague_has_reported_is_hinted_at(colleague: Phone, world: World, hazard_id: UUID) -> None:
    (hint,) = ask(colleague, world)
    assert hint["id"] == str(hazard_id)
    assert hint["distance"] in (0, 10, 20)
    assert (hint["status_text"], hint["followers"], hint["is_following"]) == ("待受理", 0, False)
    assert set(hint) == {
        "id", "category_name", "excerpt", "place", "status_text", "reported_on", "distance", "followers",
        "is_following", "thumbnail_url",
    }  # fmt: skip


def test_its_picture_shows_at_ones_own_enterprise_alone_and_never_of_who_hides_their_name(
    phone: Phone, colleague: Phone, phone_of: Callable[[Someone], Phone], world: World, hazard_id: UUID,
    run_jobs: Callable[[], None],
) -> None:  # fmt: skip
    run_jobs()
    (hint,) = ask(colleague, world)
    assert "thumbnail" in str(hint["thumbnail_url"])  # a link of ours or of the bucket
    (seen,) = ask(phone_of(world.people.stranger), world)  # belongs elsewhere
    assert (seen["id"], seen["thumbnail_url"]) == (str(hazard_id), None)
    sample, hidden = jpeg(7), ids.new_id_of_day(clock.now())
    phone.declare(hidden, hazard([sample], enterprise_id=world.unions.shipyard, is_anonymous=True)).ok()
    phone.upload(hidden, sample).ok()
    run_jobs()
    pictures = {each["id"]: each["thumbnail_url"] for each in ask(colleague, world)}
    assert (pictures[str(hidden)], bool(pictures[str(hazard_id)])) == (None, True)


def test_what_was_reported_there_is_found_from_outside_of_the_enterprise_too(
    colleague: Phone, world: World, hazard_id: UUID
) -> None:
    assert [each["id"] for each in ask(colleague, world, enterprise_id=None)] == [str(hazard_id)]


@pytest.mark.usefixtures("hazard_id")
def test_another_enterprise_has_hazards_of_its_own(colleague: Phone, world: World) -> None:
    assert ask(colleague, world, enterprise_id=str(world.unions.bakery)) == []


@pytest.mark.usefixtures("hazard_id")
@pytest.mark.parametrize(
    "changes",
    [
        {"category": "fire"},
        {"coordinates": {"latitude": 36.2, "longitude": 120.5, "datum": "wgs84"}},
        {"place": "食堂", "description": "地面湿滑", "coordinates": None},
    ],
)
def test_another_category_place_or_thing_is_not(colleague: Phone, world: World, changes: dict[str, object]) -> None:
    assert ask(colleague, world, **changes) == []


def test_points_of_different_datum_are_compared_on_the_ground(colleague: Phone, world: World, hazard_id: UUID) -> None:
    there = {"latitude": 36.0667, "longitude": 120.3878, "datum": "gcj02"}  # the same door as a Chinese map has it
    (hint,) = ask(colleague, world, coordinates=there, place="", description="")
    assert hint["id"] == str(hazard_id)
    assert int(str(hint["distance"])) < 100
    assert ask(colleague, world, coordinates={**there, "datum": "wgs84"}, place="", description="") == []


def test_before_anything_is_written_the_newest_of_the_category_come(
    colleague: Phone, world: World, hazard_id: UUID
) -> None:
    found = ask(colleague, world, place="", description="", coordinates=None)
    assert [each["id"] for each in found] == [str(hazard_id)]


def test_ones_own_are_not_hinted_at(phone: Phone, world: World, hazard_id: UUID) -> None:
    assert str(hazard_id) not in phone.post(HINTS, draft(world)).ok().text


def test_an_anonymous_report_shows_none_of_its_words(phone: Phone, colleague: Phone, world: World) -> None:
    sample = jpeg()
    hazard_id = ids.new_id_of_day(clock.now())
    body = hazard([sample], enterprise_id=world.unions.shipyard, is_anonymous=True)
    phone.declare(hazard_id, body).ok()
    phone.upload(hazard_id, sample).ok()
    (hint,) = ask(colleague, world)
    assert (hint["id"], hint["excerpt"]) == (str(hazard_id), "")
    follow(colleague, hazard_id, is_joint=True).ok()
    (followed,) = colleague.get("/api/v1/follows").json["items"]
    assert followed["excerpt"] == ""
    assert followed["steps"][0]["at"].endswith("T16:00:00.000Z")  # the day's beginning in Shanghai


def test_a_hint_costs_the_same_few_statements_however_much_was_reported(
    phone: Phone, colleague: Phone, world: World, database: Database
) -> None:
    phone.report(enterprise_id=world.unions.shipyard)
    ask(colleague, world)
    with count_statements(database.engine) as few:
        ask(colleague, world)
    for _ in range(6):
        phone.report(enterprise_id=world.unions.shipyard)
    with count_statements(database.engine) as more:
        found = ask(colleague, world)
    assert len(found) == 5
    asked = [each for each in more if each.startswith("SELECT")]
    assert len(asked) == len([each for each in few if each.startswith("SELECT")]) <= 5


@pytest.mark.settings(rate_limits=True)
def test_hints_are_limited_per_person(colleague: Phone, phone: Phone, world: World) -> None:
    answers = [colleague.post(HINTS, draft(world)).status for _ in range(31)]
    assert (answers[29], answers[30]) == (200, 429)
    assert phone.post(HINTS, draft(world)).status == 200


# --- following --------------------------------------------------------------------------------------------------------


def test_following_twice_is_following_once(colleague: Phone, hazard_id: UUID) -> None:
    told: list[UUID] = []
    subscribe(SubmissionFollowed, lambda _session, event: told.append(event.submission_id))
    first = follow(colleague, hazard_id, is_joint=False).ok().json
    assert first == follow(colleague, hazard_id, is_joint=True).ok().json
    assert first == {"is_following": True, "is_joint": False, "followers": 1}
    assert told == [hazard_id]


def test_ones_own_cannot_be_followed(phone: Phone, hazard_id: UUID) -> None:
    answer = follow(phone, hazard_id, is_joint=False)
    assert (answer.status, answer.code) == (409, "own_submission")


def test_what_is_not_in_the_queue_yet_is_not_there_to_follow(phone: Phone, colleague: Phone, world: World) -> None:
    hazard_id = ids.new_id()
    phone.declare(hazard_id, hazard([jpeg()], enterprise_id=world.unions.shipyard)).ok()
    assert follow(colleague, hazard_id, is_joint=False).status == 404
    assert follow(colleague, ids.new_id(), is_joint=False).status == 404


@pytest.mark.parametrize("is_accepted", [False, True])
def test_a_tap_alone_makes_nobody_a_joint_reporter_whatever_the_phone_says(
    colleague: Phone, town: Reviewer, hazard_id: UUID, database: Database, *, is_accepted: bool
) -> None:
    if is_accepted:
        town.move(hazard_id, "accept", grade="3")
    answer = follow(colleague, hazard_id, is_joint=True).ok().json
    assert (answer["is_following"], answer["is_joint"]) == (True, False)
    assert joint(database, hazard_id) == []


def test_unfollowing_takes_it_back(colleague: Phone, hazard_id: UUID, database: Database) -> None:
    follow(colleague, hazard_id, is_joint=True).ok()
    for _ in range(2):
        assert colleague.delete(f"/api/v1/submissions/{hazard_id}/follow").status == 204
    assert joint(database, hazard_id) == []
    assert colleague.get("/api/v1/follows").json == {"items": [], "next": None}


def test_a_declined_one_cannot_be_followed_any_more(colleague: Phone, town: Reviewer, hazard_id: UUID) -> None:
    town.move(hazard_id, "decline", reply="不是隐患")
    answer = follow(colleague, hazard_id, is_joint=False)
    assert (answer.status, answer.code) == (409, "closed")


def test_what_one_follows_comes_in_pages_newest_first(phone: Phone, colleague: Phone, world: World) -> None:
    reported = [phone.report(enterprise_id=world.unions.shipyard) for _ in range(3)]
    for each in reported:
        follow(colleague, each, is_joint=False).ok()
    first = colleague.get("/api/v1/follows?limit=2").ok().json
    second = colleague.get(f"/api/v1/follows?limit=2&after={first['next']}").ok().json
    assert [each["id"] for each in first["items"] + second["items"]] == [str(each) for each in reversed(reported)]
    assert second["next"] is None


def test_a_follower_sees_how_far_it_is_but_not_what_was_said_to_the_reporter(
    colleague: Phone, town: Reviewer, hazard_id: UUID
) -> None:
    follow(colleague, hazard_id, is_joint=False).ok()
    town.move(hazard_id, "return", reply="请补拍铭牌")
    returned = colleague.get("/api/v1/follows").ok()
    assert returned.json["items"][0]["status_text"] == "待受理"
    assert "请补拍铭牌" not in returned.text
    town.move(hazard_id, "reopen", note="继续")
    town.move(hazard_id, "accept", grade="2", reply="只给报告人的话")
    accepted = colleague.get("/api/v1/follows").ok()
    assert accepted.json["items"][0]["steps"][2]["title"].startswith("已受理")
    opened = colleague.get(f"/api/v1/follows/{hazard_id}").ok()
    assert {name: opened.json[name] for name in accepted.json["items"][0]} == accepted.json["items"][0]
    assert opened.json["description"]
    assert "只给报告人的话" not in accepted.text + opened.text


def test_a_followed_case_shows_pictures_and_words_of_named_reports_at_ones_own_enterprise_alone(
    phone: Phone, colleague: Phone, phone_of: PhoneOf, world: World, hazard_id: UUID, run_jobs: Callable[[], None]
) -> None:
    sample, hidden = jpeg(7), ids.new_id_of_day(clock.now())
    phone.declare(hidden, hazard([sample], enterprise_id=world.unions.shipyard, is_anonymous=True)).ok()
    phone.upload(hidden, sample).ok()
    run_jobs()
    stranger = phone_of(world.people.stranger)
    seen = {}
    for name, who, which in (
        ("own", colleague, hazard_id),
        ("hidden", colleague, hidden),
        ("else", stranger, hazard_id),
    ):
        assert who.get(f"/api/v1/follows/{which}").status == 404
        follow(who, which, is_joint=False).ok()
        found = who.get(f"/api/v1/follows/{which}").ok().json
        seen[name] = (len(found["photos"]), bool(found["description"]), found["own"])
    assert seen == {"own": (1, True, []), "hidden": (0, False, []), "else": (0, False, [])}
    phone.post(f"/api/v1/submissions/{hazard_id}/withdraw").ok()
    found = colleague.get(f"/api/v1/follows/{hazard_id}").ok().json
    assert (found["photos"], found["description"]) == ([], "")


# --- merging ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def later_id(colleague: Phone, world: World, hazard_id: UUID) -> UUID:
    """The colleague's report of the same thing, sent after `hazard_id`."""
    del hazard_id  # it only has to be there first
    return colleague.report(jpeg(2), enterprise_id=world.unions.shipyard)


def test_whose_report_is_merged_reports_jointly_and_undoing_takes_that_back(
    colleague: Phone, town: Reviewer, hazard_id: UUID, later_id: UUID, database: Database, world: World
) -> None:
    assert town.move(later_id, "mark_duplicate", target_id=str(hazard_id)).status == 303
    assert joint(database, hazard_id) == [world.people.colleague.id]
    (followed,) = colleague.get("/api/v1/follows").json["items"]
    assert (followed["id"], followed["is_joint"]) == (str(hazard_id), True)
    town.move(later_id, "reopen", note="不是同一处")
    assert joint(database, hazard_id) == []


def test_what_was_sent_after_acceptance_only_follows(
    colleague: Phone, town: Reviewer, hazard_id: UUID, world: World, database: Database
) -> None:
    town.move(hazard_id, "accept", grade="3")
    later_id = colleague.report(jpeg(2), enterprise_id=world.unions.shipyard)
    town.move(later_id, "mark_duplicate", target_id=str(hazard_id))
    assert joint(database, hazard_id) == []
    with database.reading() as session:
        assert list_followers(session, [hazard_id])[hazard_id] == [world.people.colleague.id]


def test_those_who_had_followed_the_merged_one_come_along_as_followers(
    town: Reviewer, hazard_id: UUID, later_id: UUID, phone_of: PhoneOf, world: World, database: Database
) -> None:
    stranger = phone_of(world.people.stranger)
    follow(stranger, later_id, is_joint=True).ok()
    town.move(later_id, "mark_duplicate", target_id=str(hazard_id))
    assert joint(database, hazard_id) == [world.people.colleague.id]
    assert {each["id"] for each in stranger.get("/api/v1/follows").json["items"]} == {str(hazard_id), str(later_id)}
    town.move(later_id, "reopen", note="不是同一处")
    assert joint(database, hazard_id) == []
    assert [each["id"] for each in stranger.get("/api/v1/follows").json["items"]] == [str(later_id)]


def test_a_reporter_who_sent_it_twice_is_no_joint_reporter_of_their_own(
    phone: Phone, town: Reviewer, hazard_id: UUID, world: World, database: Database
) -> None:
    again = phone.report(jpeg(2), enterprise_id=world.unions.shipyard)
    town.move(again, "mark_duplicate", target_id=str(hazard_id))
    assert joint(database, hazard_id) == []


def test_undoing_a_merge_leaves_what_the_person_chose_themselves(
    colleague: Phone, town: Reviewer, hazard_id: UUID, later_id: UUID, world: World, database: Database
) -> None:
    follow(colleague, hazard_id, is_joint=True).ok()
    town.move(later_id, "mark_duplicate", target_id=str(hazard_id))
    assert joint(database, hazard_id) == [world.people.colleague.id]
    assert len(colleague.get("/api/v1/follows").json["items"]) == 1
    town.move(later_id, "reopen", note="不是同一处")
    assert joint(database, hazard_id) == []
    assert [each["id"] for each in colleague.get("/api/v1/follows").json["items"]] == [str(hazard_id)]


def test_an_undone_merge_is_heard_of_twice_without_harm(
    town: Reviewer, hazard_id: UUID, later_id: UUID, database: Database
) -> None:
    from server.review.followers.subscriptions import on_merged, on_reopened

    town.move(later_id, "mark_duplicate", target_id=str(hazard_id))
    now, step_id = clock.now(), ids.new_id()
    merged = SubmissionMarkedDuplicate(at=now, submission_id=later_id, step_id=step_id, target_id=hazard_id)
    reopened = SubmissionReopened(at=now, submission_id=later_id, step_id=step_id)
    for hear, people in (
        (partial(on_merged, event=merged), 1),
        (partial(on_reopened, event=reopened), 0),
        (partial(on_reopened, event=reopened), 0),
    ):
        with database.transaction() as session:
            hear(session)
        assert len(joint(database, hazard_id)) == people
