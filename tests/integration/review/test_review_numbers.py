"""The number that people call a submission by: given when it arrives, read out, typed, and telling nobody's secret."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import UUID

from flask import Flask
from sqlalchemy import update

from server.core import ids
from server.core.db import Database
from server.kit.numbers.actions import DRAWN
from server.kit.numbers.models import NumberSeries
from server.review.submissions.models import Status, Submission
from tests.integration.review.conftest import Reviewer
from tests.support.callers import InProcess, Phone, hazard
from tests.support.images import jpeg
from tests.support.world import Someone, World

Load = Callable[[UUID], Submission]
YEAR = datetime.now(UTC).year


def number_of(phone: Phone, submission_id: UUID) -> str | None:
    number: str | None = phone.get(f"/api/v1/submissions/{submission_id}").ok().json["number"]
    return number


def test_it_is_given_on_arrival_and_counts_up_within_the_year(phone: Phone) -> None:
    first, second = phone.report(jpeg(1)), phone.report(jpeg(2))
    waiting = ids.new_id()
    phone.declare(waiting, hazard([jpeg(3)])).ok()
    assert number_of(phone, first) == f"{YEAR}-000001Y"
    assert number_of(phone, second) == f"{YEAR}-000002Y"
    assert number_of(phone, waiting) is None
    phone.upload(waiting, jpeg(3), 0)
    assert number_of(phone, waiting) == f"{YEAR}-000003Y"


def test_no_two_get_the_same_when_many_arrive_at_once(
    app: Flask, phone_of: Callable[[Someone], Phone], world: World
) -> None:
    phones = [Phone(InProcess(app), phone_of(world.people.worker).token) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        made = [*pool.map(lambda pair: pair[1].report(jpeg(pair[0])), enumerate(phones))]
    assert sorted(number_of(phones[0], each) or "" for each in made) == [f"{YEAR}-00000{n}Y" for n in (1, 2, 3, 4)]


def test_of_an_anonymous_report_it_tells_nothing_of_when_it_came(phone: Phone, row_of: Load) -> None:
    phone.report(jpeg(1))
    hidden = [anonymous(phone, seed) for seed in (2, 3, 4)]
    after = phone.report(jpeg(5))
    drawn = [int((row_of(each).number or "")[5:11]) for each in hidden]
    assert all(number in DRAWN for number in drawn)
    assert len(set(drawn)) == 3
    assert number_of(phone, after) == f"{YEAR}-000002Y"


def anonymous(phone: Phone, seed: int) -> UUID:
    hazard_id = ids.new_id_of_day(datetime.now(UTC))
    phone.declare(hazard_id, hazard([jpeg(seed)], is_anonymous=True)).ok()
    phone.upload(hazard_id, jpeg(seed), 0).ok()
    return hazard_id


def test_the_series_leaves_out_what_is_kept_for_the_anonymous(phone: Phone, database: Database) -> None:
    phone.report(jpeg(1))
    with database.transaction() as session:
        session.execute(update(NumberSeries).values(last=DRAWN.start - 1))
    assert [number_of(phone, phone.report(jpeg(seed))) for seed in (2, 3)] == [f"{YEAR}-1000000Y", f"{YEAR}-1000001Y"]


def test_it_stands_in_the_list_and_on_the_page(town: Reviewer, phone: Phone, world: World) -> None:
    hazard_id = phone.report(jpeg(1), enterprise_id=world.unions.shipyard)
    assert f"{YEAR}-000001Y" in town.desk.get("/console/queue").ok().text
    assert f"{YEAR}-000001Y" in town.open(hazard_id).ok().text


def test_typed_into_the_search_it_opens_what_has_it_whatever_the_tab(
    town: Reviewer, phone: Phone, world: World
) -> None:
    hazard_id = phone.report(jpeg(1), enterprise_id=world.unions.shipyard)
    town.move(hazard_id, "decline", reply="不属于隐患")
    for typed in (f"{YEAR}-000001Y", f"{YEAR}-1", f"{YEAR}—000001 y"):
        answer = town.desk.get(f"/console/queue?q={typed}")
        assert (answer.status, answer.headers["Location"].partition("?")[0]) == (
            303,
            f"/console/submissions/{hazard_id}",
        )


def test_outside_of_ones_scope_a_number_opens_nothing(
    reviewer_of: Callable[[Someone], Reviewer], world: World, phone: Phone
) -> None:
    phone.report(jpeg(1), enterprise_id=world.unions.shipyard)
    elsewhere = reviewer_of(world.people.other_town_reviewer)
    answer = elsewhere.desk.get(f"/console/queue?q={YEAR}-000001Y").ok()
    assert not re.search(r"/console/submissions/[0-9a-f]", answer.text)


def test_a_duplicate_is_marked_by_the_number_of_the_other(
    town: Reviewer, phone: Phone, row_of: Load, world: World
) -> None:
    first, second = (phone.report(jpeg(seed), enterprise_id=world.unions.shipyard) for seed in (1, 2))
    town.move(second, "mark_duplicate", target_id=f" {YEAR}-1 ")
    assert (row_of(second).status, row_of(second).duplicate_of_id) == (Status.DUPLICATE, first)


def test_a_number_that_nobody_has_is_said_beside_its_field(
    town: Reviewer, phone: Phone, row_of: Load, world: World
) -> None:
    hazard_id = phone.report(jpeg(1), enterprise_id=world.unions.shipyard)
    for typed in (f"{YEAR}-999", "配电箱", "x" * 41):
        answer = town.move(hazard_id, "mark_duplicate", target_id=typed)
        assert answer.status == 422
    assert row_of(hazard_id).status is Status.QUEUED
