"""An anonymous report is merged into one that was sent by name: its reporter stays unknown there too."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import pytest
from flask import Flask

from server.core.db import Database
from tests.integration.anonymity.conftest import read, report_anonymously
from tests.integration.awards.conftest import Awards, awards
from tests.integration.rectification.conftest import Case, Hand, hand_of, rectifier
from tests.integration.review.conftest import Reviewer, reviewer_of
from tests.support import images
from tests.support.callers import Desk, InProcess, Phone
from tests.support.world import Someone, World

__all__ = ["awards", "hand_of", "rectifier", "reviewer_of"]


@dataclass(frozen=True)
class Merged:
    """A published award for a hazard that the worker reported by name and the colleague anonymously."""

    named_id: UUID
    anonymous_id: UUID
    batch_id: UUID


@pytest.fixture
def merged(
    phone: Phone,
    phone_of: Callable[[Someone], Phone],
    reviewer_of: Callable[[Someone], Reviewer],
    rectifier: Hand,
    awards: Awards,
    world: World,
    database: Database,
) -> Merged:
    """Reported twice, merged, accepted, put right, awarded."""
    town, shipyard = reviewer_of(world.people.town_reviewer), world.unions.shipyard
    named_id = phone.report(images.jpeg(1), enterprise_id=shipyard)
    anonymous_id = report_anonymously(phone_of(world.people.colleague), images.jpeg(2), enterprise_id=shipyard)
    assert town.move(anonymous_id, "mark_duplicate", target_id=str(named_id)).status == 303
    assert town.move(named_id, "accept", grade="1").status == 303
    case = Case(database, named_id)
    rectifier.submit(case.row)
    assert Hand(town.desk).move(case.row, "close", way="on_site").status == 303
    (batch_id,) = awards.scheme(joint_share="1")
    assert awards.post(f"/{batch_id}/compute") == 303
    assert awards.post(f"/{batch_id}/joint-reports/{anonymous_id}/confirm") == 303
    assert awards.post(f"/{batch_id}/publish") == 303
    return Merged(named_id, anonymous_id, batch_id)


def lists_of(merged: Merged, desk: Desk, app: Flask, phone: Phone) -> dict[str, str]:
    """Everything where the winners stand: the page, the sheet, what workers and what passers-by read, the log."""
    stranger, batch = Desk(InProcess(app)), merged.batch_id
    pages = (f"/console/awards/{batch}", f"/console/awards/{batch}.xlsx", f"/console/submissions/{merged.named_id}")
    log = "/console/audit?subject="
    return {
        **{page: read(desk.get(page).ok()) for page in pages},
        "notice": read(phone.get(f"/api/v1/awards/notices/{batch}").ok()),
        "passers-by": read(stranger.get(f"/awards/{batch}").ok()),
        **{f"log of {each}": read(desk.get(f"{log}{each}")) for each in (merged.named_id, merged.anonymous_id, batch)},
    }


def telling(pages: dict[str, str], who: Someone) -> list[str]:
    """The pages that name somebody, in full or shortened."""
    return [page for page, text in pages.items() if who.name in text or f"{who.name[0]}*" in text]


def test_who_reported_anonymously_is_named_on_no_list_of_what_it_was_merged_into(
    merged: Merged, desk_of: Callable[[Someone], Desk], phone: Phone, app: Flask, world: World
) -> None:
    city = desk_of(world.people.city_reviewer)
    pages = lists_of(merged, city, app, phone)
    assert telling(pages, world.people.colleague) == []
    assert len(telling(pages, world.people.worker)) >= 4  # the worker's own part is not anonymous
    assert all("匿名职工" in pages[page] for page in ("notice", "passers-by", f"/console/awards/{merged.batch_id}"))


def test_taking_the_merge_back_later_names_nobody_either(
    merged: Merged,
    reviewer_of: Callable[[Someone], Reviewer],
    desk_of: Callable[[Someone], Desk],
    phone: Phone,
    app: Flask,
    world: World,
) -> None:
    reopened = reviewer_of(world.people.town_reviewer).move(merged.anonymous_id, "reopen", note="不是同一处")
    assert reopened.status == 303
    pages = lists_of(merged, desk_of(world.people.city_reviewer), app, phone)
    assert telling(pages, world.people.colleague) == []


def test_opened_by_the_city_the_part_is_named_to_the_city_alone(
    merged: Merged,
    reviewer_of: Callable[[Someone], Reviewer],
    desk_of: Callable[[Someone], Desk],
    phone: Phone,
    app: Flask,
    world: World,
) -> None:
    city = reviewer_of(world.people.city_reviewer)
    assert city.move(merged.anonymous_id, "disclose", reply="发放奖励").status == 303
    batch = f"/console/awards/{merged.batch_id}"
    assert world.people.colleague.name in city.desk.get(batch).ok().text
    assert world.people.colleague.name not in desk_of(world.people.admin).get(batch).ok().text
    pages = lists_of(merged, city.desk, app, phone)
    assert {"notice", "passers-by"}.isdisjoint(telling(pages, world.people.colleague))


def test_a_photo_used_again_does_not_tell_that_an_anonymous_reporter_is_the_same_person(
    phone: Phone, awards: Awards, reviewer_of: Callable[[Someone], Reviewer], rectifier: Hand, world: World,
    database: Database, run_jobs: Callable[..., int],
) -> None:  # fmt: skip
    shipyard, town = world.unions.shipyard, reviewer_of(world.people.town_reviewer)
    report_anonymously(phone, images.bare_jpeg(1), enterprise_id=shipyard)
    run_jobs()
    named_id = phone.report(images.bare_jpeg(1), enterprise_id=shipyard)
    run_jobs()
    assert town.move(named_id, "accept", grade="1").status == 303
    case = Case(database, named_id)
    rectifier.submit(case.row)
    assert Hand(town.desk).move(case.row, "close", way="on_site").status == 303
    (batch_id,) = awards.scheme()
    assert awards.post(f"/{batch_id}/compute") == 303
    page = awards.desk.get(f"/console/awards/{batch_id}").ok().text
    assert "年用过" in page
    assert "由本人" not in page
