"""From the dispatch page: asking for what is overdue, and letters to those who are late."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select, update

from server.core import clock
from server.core.db import Database
from server.core.jobs.registry import JobContext
from server.core.settings import Settings
from server.core.storage.base import ObjectStore
from server.notifications.inbox.models import InboxMessage
from server.oversight.letters.models import Letter, LetterItem, LetterStatus
from server.review.escalation.jobs import sweep_overdue
from server.review.escalation.models import Overdue, OverdueKind
from server.review.rectification.models import Rectification
from server.review.submissions.models import Submission
from tests.support.callers import Answer, Desk, Phone
from tests.support.world import Someone, World

pytestmark = pytest.mark.parametrize("backend", ["embedded"], indirect=True)
DISPATCH = "/console/dispatch"


@pytest.fixture
def late(
    phone: Phone, desk_of: Callable[[Someone], Desk], database: Database, world: World, settings: Settings,
    object_store: ObjectStore,
) -> list[Overdue]:  # fmt: skip
    """Two rectifications of the shipyard and a review of the town, all overdue."""
    town = desk_of(world.people.town_reviewer)
    for _ in range(2):
        hazard_id = phone.report(enterprise_id=world.unions.shipyard)
        town.post(f"/console/submissions/{hazard_id}/accept", {"version": "2", "grade": "3"}).ok()
    waiting, past = phone.report(enterprise_id=world.unions.shipyard), clock.now() - timedelta(days=3)
    with database.transaction() as session:
        session.execute(update(Rectification).values(due_at=past))
        late = {"due_at": past, "routed_union_id": world.unions.seaside}
        session.execute(update(Submission).where(Submission.id == waiting).values(late))
    sweep_overdue(JobContext(settings, database, object_store))
    with database.reading() as session:
        return list(session.scalars(select(Overdue).order_by(Overdue.kind, Overdue.id)))


def urge(desk: Desk, *rows: Overdue, text: str = "请本周办结") -> Answer:
    return desk.post(f"{DISPATCH}/urge", {"picked": [str(row.id) for row in rows], "text": text})


def told(database: Database, person_id: UUID) -> list[str]:
    with database.reading() as session:
        urged = (InboxMessage.person_id == person_id, InboxMessage.title == "上级工会催办")
        return list(session.scalars(select(InboxMessage.body).where(*urged)))


def test_those_who_have_to_answer_hear_once_of_all_that_were_picked(
    desk_of: Callable[[Someone], Desk], late: list[Overdue], world: World, database: Database
) -> None:
    district = desk_of(world.people.district_reviewer)
    assert urge(district, *late).headers["Location"] == DISPATCH
    assert "已催办 3 条" in district.get(DISPATCH).text
    (enterprise,) = told(database, world.people.enterprise_reviewer.id)
    (town,) = told(database, world.people.town_reviewer.id)
    assert "逾期的 2 条" in enterprise
    assert "请本周办结" in enterprise
    assert "逾期的 1 条" in town
    assert "催办" in district.get(DISPATCH).text


def test_each_is_asked_for_once_a_day_by_those_above_and_only_while_it_is_late(
    desk_of: Callable[[Someone], Desk], late: list[Overdue], world: World, database: Database
) -> None:
    rectification = next(row for row in late if row.kind is OverdueKind.RECTIFICATION)
    town = desk_of(world.people.town_reviewer)
    urge(town, rectification)
    urge(town, rectification)
    assert "今天已经催过了" in town.get(DISPATCH).text
    assert len(told(database, world.people.enterprise_reviewer.id)) == 1
    own = next(row for row in late if row.kind is OverdueKind.SUBMISSION)
    urge(town, own)
    assert "不用催" in town.get(DISPATCH).text
    urge(desk_of(world.people.other_district_reviewer), own)
    assert told(database, world.people.town_reviewer.id) == []
    assert desk_of(world.people.admin).post(f"{DISPATCH}/urge", {"picked": [str(own.id)]}).status == 403
    assert town.post(f"{DISPATCH}/urge", {"text": "没有选"}).status == 422
    with database.transaction() as session:
        session.execute(update(Overdue).values(ended_at=clock.now(), urged_at=None))
    urge(desk_of(world.people.district_reviewer), rectification)
    assert len(told(database, world.people.enterprise_reviewer.id)) == 1


def test_letters_are_drafted_one_for_each_enterprise_with_all_that_is_late_there(
    desk_of: Callable[[Someone], Desk], late: list[Overdue], world: World, database: Database
) -> None:
    town = desk_of(world.people.town_reviewer)
    goes = town.post("/console/letters/overdue", {"picked": [str(row.id) for row in late]})
    with database.reading() as session:
        (letter,) = session.scalars(select(Letter)).all()
        assert session.scalar(select(func.count()).select_from(LetterItem)) == 2
    assert goes.headers["Location"] == f"/console/letters/{letter.id}"
    assert (letter.status, letter.addressee_id) == (LetterStatus.DRAFT, world.unions.shipyard)
    assert all(f"{number}. " in letter.body for number in (1, 2))
    review = [str(row.id) for row in late if row.kind is OverdueKind.SUBMISSION]
    assert town.post("/console/letters/overdue", {"picked": review}).status == 422
    stranger = desk_of(world.people.other_town_reviewer)
    assert stranger.post("/console/letters/overdue", {"picked": [str(row.id) for row in late]}).status == 422


# --- all that the list holds ------------------------------------------------------------------------------------------


def test_all_that_the_filters_show_is_asked_for_and_nothing_beside_it(
    desk_of: Callable[[Someone], Desk], late: list[Overdue], world: World, database: Database
) -> None:
    whole = {"whole_list": "1", "text": ""}
    stranger = desk_of(world.people.other_town_reviewer)
    assert stranger.post(f"{DISPATCH}/urge?kind=rectification", whole, form=DISPATCH).status == 422
    district = desk_of(world.people.district_reviewer)
    district.post(f"{DISPATCH}/urge?kind=rectification", whole, form=DISPATCH).ok()
    assert "已催办 2 条" in district.get(DISPATCH).text
    assert told(database, world.people.town_reviewer.id) == []
    district.post(f"{DISPATCH}/urge", whole).ok()
    assert "已催办 1 条" in district.get(DISPATCH).text  # those of today are no part of all any more
    refused = district.post(f"{DISPATCH}/urge", whole)
    assert (refused.status, "没有可以处理的了" in refused.text) == (422, True)
    assert district.post(f"{DISPATCH}/urge?kind=nonsense", whole).status == 422


def test_what_is_more_than_can_be_taken_at_once_is_said_in_words(
    desk_of: Callable[[Someone], Desk], late: list[Overdue], world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.kit.selections.picked_of_list.__kwdefaults__", {"also": "", "most": 2})
    district = desk_of(world.people.district_reviewer)
    district.post(f"{DISPATCH}/urge", {"whole_list": "1", "text": ""}, form=DISPATCH).ok()
    assert "已催办 2 条。一次最多 2 条，这是排在最前面的，其余的请再选一次。" in district.get(DISPATCH).text
    district.post(f"{DISPATCH}/urge", {"whole_list": "1", "text": ""}).ok()
    assert "已催办 1 条" in district.get(DISPATCH).text


# --- two who draft the same -------------------------------------------------------------------------------------------


def test_who_drafts_what_a_colleague_has_drafted_already_is_told_and_led_to_that_draft(
    desk_of: Callable[[Someone], Desk], late: list[Overdue], world: World, database: Database
) -> None:
    town = desk_of(world.people.town_reviewer)
    picked = [str(row.id) for row in late if row.kind is OverdueKind.RECTIFICATION]
    first = town.post("/console/letters/overdue", {"picked": picked[:1]}).headers["Location"]
    assert town.post("/console/letters/overdue", {"picked": picked[:1]}).headers["Location"] == first
    page = town.get(first).ok().text
    assert f"有 1 条已经在{world.people.town_reviewer.name}起草的文书里" in page
    second = town.post("/console/letters/overdue", {"picked": picked}).headers["Location"]
    assert second != first  # of the other one alone
    assert f'href="{first}"' in town.get(second).ok().text
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(LetterItem)) == 2
    assert town.post("/console/letters/overdue", {"whole_list": "1"}).status == 422  # all of them are drafted
    other = desk_of(world.people.district_reviewer)
    assert other.post("/console/letters/overdue", {"whole_list": "1"}, form=DISPATCH).status == 303
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Letter)) == 3  # another union writes its own


def ask(phone: Phone, row: Overdue) -> Answer:
    return phone.post(f"/api/v1/submissions/{row.submission_id}/urging")


def test_a_reporter_asks_after_what_is_overdue_once_in_three_days(
    phone: Phone, phone_of: Callable[[Someone], Phone], late: list[Overdue], world: World, database: Database
) -> None:
    waiting = next(row for row in late if row.kind is OverdueKind.SUBMISSION)
    assert ask(phone, waiting).ok().json["responsible_name"].endswith("工会")
    assert ask(phone, waiting).code == "asked_lately"
    assert ask(phone_of(world.people.colleague), waiting).status == 404
    with database.transaction() as session:
        said = select(InboxMessage.body).where(
            InboxMessage.person_id == world.people.town_reviewer.id, InboxMessage.title == "职工催办"
        )
        (body,) = session.scalars(said)
        session.execute(update(Overdue).where(Overdue.id == waiting.id).values(ended_at=clock.now()))
    assert world.people.worker.name not in body, "who asks is on the report's page, for those who may know"
    assert ask(phone, waiting).code == "not_overdue"
