"""What a union sends down reaches those whom its rule means, each once, and nobody else."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from server.assignments.dispatch import actions, queries
from server.assignments.dispatch.models import Assignment, AssignmentStatus, Recipient, RecipientStatus
from server.assignments.dispatch.rules import reminder_day
from server.assignments.dispatch.schemas import DraftIn, PassOnIn, RecipientRule, SignIn
from server.assignments.dispatch.sending import reminding, writing
from server.assignments.forms.actions import change_definition, create_form
from server.assignments.forms.building.editing import add_section, put_field
from server.assignments.forms.models import FormRecord
from server.assignments.forms.schemas import Definition, FormIn, TextField
from server.core import clock
from server.core.clock import SHANGHAI
from server.core.db import Database
from server.core.errors import AppError, Conflict, Forbidden, Invalid, NotFound
from server.unions.roles import Level
from server.unions.tree.actions import move_union
from server.unions.tree.models import Ownership, Size, Union
from tests.integration.assignments.sending import Hands, in_days
from tests.support.world import World, make_union

WORKING_DAY = datetime(2026, 11, 24, 10, 0, tzinfo=SHANGHAI)  # a Tuesday


@pytest.fixture
def hands(database: Database, world: World, run_jobs: Callable[..., int]) -> Hands:
    return Hands(database, world, run_jobs)


def refused(call: Callable[[], object], kind: type[AppError] = Conflict) -> AppError:
    with pytest.raises(kind) as caught:
        call()
    return caught.value


def test_a_rule_means_the_active_unions_of_the_subtree_by_level_place_and_traits(
    hands: Hands, world: World, database: Database
) -> None:
    unions = world.unions
    with database.transaction() as session:
        shipyard = session.get_one(Union, unions.shipyard)
        shipyard.is_high_risk, shipyard.ownership, shipyard.size = True, Ownership.PRIVATE, Size.SMALL
        shipyard.industry = "制造业"
        session.flush()
        make_union(session, Level.ENTERPRISE, "关门企业", unions.seaside, is_active=False, is_high_risk=True)

    def meant(by: str = "city_reviewer", **rule: Any) -> set[UUID]:
        return set(hands.rows(hands.sent(by, **rule)))

    everybody = {unions.shipyard, unions.bakery, unions.brewery}
    assert meant() == everybody
    assert meant(levels=(Level.DISTRICT, Level.TOWN)) == {unions.south, unions.north, unions.seaside, unions.hillside}
    assert meant(within=unions.south) == {unions.shipyard, unions.bakery}
    assert meant(high_risk=True) == meant(non_public_sme=True) == meant(industries=("制造业",)) == {unions.shipyard}
    assert meant(sizes=(Size.SMALL,), ownerships=(Ownership.PRIVATE,)) == {unions.shipyard}
    assert meant(high_risk=True, levels=(Level.TOWN, Level.ENTERPRISE)) >= {unions.seaside, unions.shipyard}
    assert meant(levels=(), plus=(unions.bakery, unions.north)) == {unions.bakery, unions.north}
    assert meant(minus=(unions.bakery,)) == everybody - {unions.bakery}
    assert meant("town_reviewer") == {unions.shipyard, unions.bakery}


def test_copies_get_it_and_owe_nothing(hands: Hands, world: World) -> None:
    unions = world.unions
    sent = hands.sent(copies=(unions.north, unions.shipyard), within=unions.south)
    rows = hands.rows(sent)
    assert {union_id for union_id, row in rows.items() if row.is_copy} == {unions.north}
    assert rows[unions.north].due_at is None
    with hands.database.transaction() as session:
        assert actions.urge(session, sent, actor=hands.actor("city_reviewer"), now=clock.now()) == 2


def test_who_lies_outside_cannot_be_named(hands: Hands, world: World) -> None:
    error = refused(lambda: hands.draft("town_reviewer", within=world.unions.north), Invalid)
    assert "within" in error.fields
    draft = hands.draft("town_reviewer", levels=(), plus=(world.unions.brewery,))
    assert refused(lambda: hands.send(draft, "town_reviewer"), Invalid).code == "no_recipients"


def test_sending_gives_a_number_freezes_the_form_and_tells_each_reviewer_once(
    hands: Hands, world: World, database: Database
) -> None:
    city = hands.actor("city_reviewer")
    with database.transaction() as session:
        definition = put_field(add_section(Definition(), "一"), "s1", TextField(key="f1", kind="text", label="负责人"))
        form = create_form(session, world.unions.city, FormIn(title="表"), definition, actor=city, now=clock.now())
        form_id, version = form.id, form.version
    sent = hands.sent(form_id=form_id)
    found = hands.load(sent)
    assert (found.status, found.recipient_count, found.expected_count) == (AssignmentStatus.SENT, 3, 3)
    assert str(found.number).endswith("R")
    assert found.wants_reply, "a form asks for an answer"
    with database.transaction() as session:
        change_definition(
            session, form_id, version, lambda old: add_section(old, "二"), actor=city, now=clock.now()
        )  # fmt: skip
        assert session.get_one(FormRecord, form_id).version == version + 1
        row = hands.rows(sent)[world.unions.shipyard]
        asked = queries.form_for(session, session.get_one(Assignment, sent), row)
    assert asked == definition
    assert hands.titles(world.people.enterprise_reviewer) == ["收到任务"]
    assert hands.titles(world.people.town_reviewer) == []


def test_a_draft_that_lacks_something_is_refused_in_words(hands: Hands) -> None:
    assert "due_on" in refused(lambda: hands.send(hands.draft(wants_reply=True, due_on=None)), Invalid).fields
    assert "due_on" in refused(lambda: hands.draft(due_on=in_days(-1)), Invalid).fields
    days_ago = clock.now() - timedelta(days=3)
    kept = hands.draft(due_on=in_days(-1), now=days_ago)
    assert "due_on" in refused(lambda: hands.send(kept), Invalid).fields


def test_of_two_who_send_the_same_draft_one_is_told_that_it_is_gone(hands: Hands) -> None:
    draft = hands.draft()
    hands.send(draft, is_done=False)
    with hands.database.transaction() as session:
        city = hands.actor("city_reviewer")
        error = refused(lambda: actions.send_assignment(session, draft, 1, actor=city, now=clock.now()))
    assert error.code == "stale"
    hands.run_jobs()
    assert len(hands.rows(draft)) == 3


def test_the_job_goes_on_where_it_was_killed_and_repeats_nothing(hands: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "BATCH", 1)
    draft = hands.draft()
    hands.send(draft, is_done=False)
    with hands.database.transaction() as session:
        assert writing.write_some(session, draft, now=clock.now())
    assert (len(hands.rows(draft)), hands.load(draft).status) == (1, AssignmentStatus.SENDING)
    hands.run_jobs()
    first = {row.id for row in hands.rows(draft).values()}
    with hands.database.transaction() as session:
        assert not writing.write_some(session, draft, now=clock.now())
    assert {row.id for row in hands.rows(draft).values()} == first
    assert len(first) == 3
    assert hands.load(draft).recipient_count == 3


def test_only_the_sender_and_those_above_read_it_and_drafts_only_the_sender(hands: Hands, world: World) -> None:
    draft, sent = hands.draft("district_reviewer"), hands.sent("district_reviewer")
    row = hands.rows(sent)[world.unions.shipyard]
    with hands.database.reading() as session:

        def sees(who: str, assignment_id: UUID) -> bool:
            try:
                return bool(queries.get_assignment(session, assignment_id, hands.actor(who)))
            except NotFound:
                return False

        def sees_row(who: str) -> bool:
            try:
                return bool(queries.get_recipient(session, row.id, hands.actor(who)))
            except NotFound:
                return False

        assert [sees("district_reviewer", each) for each in (draft, sent)] == [True, True]
        assert [sees("city_reviewer", each) for each in (draft, sent)] == [False, True]
        strangers = ("other_district_reviewer", "town_reviewer", "enterprise_reviewer")
        assert not any(sees(who, each) for who in strangers for each in (draft, sent))
        assert all(sees_row(who) for who in ("enterprise_reviewer", "town_reviewer", "district_reviewer"))
        assert not any(sees_row(who) for who in ("other_district_reviewer", "other_enterprise_reviewer"))


def test_an_enterprise_sends_nothing_down_and_nobody_in_anothers_name(hands: Hands, world: World) -> None:
    body = DraftIn(title="任务", sender_id=world.unions.north)
    with hands.database.transaction() as session:
        for who in ("enterprise_reviewer", "district_reviewer"):
            actor = hands.actor(who)
            with pytest.raises(Forbidden):
                actions.draft_assignment(session, "task", body, actor=actor, now=clock.now())


def test_the_units_own_reviewer_signs_once_and_nobody_else(hands: Hands, world: World) -> None:
    row = hands.rows(hands.sent())[world.unions.shipyard]
    for who in ("town_reviewer", "city_reviewer"):
        with hands.database.transaction() as session:
            actor = hands.actor(who)
            with pytest.raises(Forbidden):
                actions.sign_receipt(session, row.id, SignIn(), actor=actor, now=clock.now())
    unit = hands.actor("enterprise_reviewer")
    for _ in range(2):
        with hands.database.transaction() as session:
            actions.sign_receipt(session, row.id, SignIn(), actor=unit, now=clock.now())
    signed = next(each for each in hands.rows(row.assignment_id).values() if each.id == row.id)
    assert (signed.status, signed.received_by_id, signed.version) == (RecipientStatus.RECEIVED, unit.person_id, 2)


def test_what_is_withdrawn_takes_its_rows_and_what_was_passed_on_along(hands: Hands, world: World) -> None:
    sent = hands.sent(levels=(Level.DISTRICT,), may_pass_on=True, wants_reply=True)
    child = hands.pass_on(hands.rows(sent)[world.unions.south], "district_reviewer")
    hands.send(child, "district_reviewer")
    with hands.database.transaction() as session:
        version, city = hands.load(sent).version, hands.actor("city_reviewer")
        actions.withdraw_assignment(session, sent, version, "发错了", actor=city, now=clock.now())
    hands.run_jobs()
    for assignment_id in (sent, child):
        assert hands.load(assignment_id).status is AssignmentStatus.WITHDRAWN
        rows = hands.rows(assignment_id).values()
        assert {(row.status, row.withdrawn_reason) for row in rows} == {(RecipientStatus.WITHDRAWN, "发错了")}
    assert hands.titles(world.people.enterprise_reviewer) == ["收到任务", "任务已撤回"]
    signing = hands.rows(child)[world.unions.shipyard]
    with hands.database.transaction() as session:
        unit = hands.actor("enterprise_reviewer")
        refused(lambda: actions.sign_receipt(session, signing.id, SignIn(), actor=unit, now=clock.now()))


def test_withdrawn_while_it_is_being_sent_it_stops(hands: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "BATCH", 1)
    draft = hands.draft()
    hands.send(draft, is_done=False)
    with hands.database.transaction() as session:
        writing.write_some(session, draft, now=clock.now())
        version, city = session.get_one(Assignment, draft).version, hands.actor("city_reviewer")
        actions.withdraw_assignment(session, draft, version, "停", actor=city, now=clock.now())
    hands.run_jobs()
    assert [row.status for row in hands.rows(draft).values()] == [RecipientStatus.WITHDRAWN]


def test_a_new_version_replaces_the_old_one_when_it_is_sent(hands: Hands, world: World) -> None:
    old = hands.sent(text="旧")
    city = hands.actor("city_reviewer")
    with hands.database.transaction() as session:
        new = actions.replace_assignment(
            session, old, hands.load(old).version, "改了附件", actor=city, now=clock.now()
        ).id
    assert hands.load(old).status is AssignmentStatus.SENT
    hands.send(new)
    found = hands.load(old)
    assert (found.status, found.reason) == (AssignmentStatus.REPLACED, "改了附件")
    assert {row.status for row in hands.rows(old).values()} == {RecipientStatus.WITHDRAWN}
    assert hands.rows(new).keys() == hands.rows(old).keys()
    assert hands.load(new).reason is None


def test_what_is_closed_takes_no_receipt_and_closes_what_was_passed_on(hands: Hands, world: World) -> None:
    sent = hands.sent(levels=(Level.DISTRICT,), may_pass_on=True)
    child = hands.pass_on(hands.rows(sent)[world.unions.south], "district_reviewer")
    hands.send(child, "district_reviewer")
    with hands.database.transaction() as session:
        city = hands.actor("city_reviewer")
        actions.close_assignment(session, sent, hands.load(sent).version, actor=city, now=clock.now())
    hands.run_jobs()
    assert hands.load(child).status is AssignmentStatus.CLOSED
    row = hands.rows(child)[world.unions.shipyard]
    with hands.database.transaction() as session:
        unit = hands.actor("enterprise_reviewer")
        error = refused(lambda: actions.sign_receipt(session, row.id, SignIn(), actor=unit, now=clock.now()))
    assert error.code == "assignment_ended"


def test_units_are_added_asked_again_or_left_out_each_with_a_reason(hands: Hands, world: World) -> None:
    unions, city = world.unions, hands.actor("city_reviewer")
    sent = hands.sent(levels=(), plus=(unions.shipyard, unions.bakery))
    with hands.database.transaction() as session:
        actions.withdraw_recipient(session, hands.rows(sent)[unions.bakery].id, "停产", actor=city, now=clock.now())
    everybody = [unions.shipyard, unions.bakery, unions.brewery]
    with hands.database.transaction() as session:
        added = actions.add_recipients(session, sent, everybody, "漏了", actor=city, now=clock.now())
    assert (added.count, added.left_out) == (2, ("蓝海船舶修造有限公司",))
    rows = hands.rows(sent)
    assert {row.status for row in rows.values()} == {RecipientStatus.SENT}
    assert (rows[unions.brewery].added_reason, rows[unions.shipyard].added_reason) == ("漏了", None)
    assert hands.load(sent).recipient_count == 3
    assert hands.titles(world.people.other_enterprise_reviewer) == ["收到任务"]
    for strange in (unions.team, unions.city):
        with hands.database.transaction() as session, pytest.raises(Invalid):
            actions.add_recipients(session, sent, [strange], "加", actor=city, now=clock.now())


def test_passing_on_asks_by_the_same_root_and_nobody_twice(hands: Hands, world: World) -> None:
    unions = world.unions
    sent = hands.sent(levels=(Level.DISTRICT, Level.TOWN), may_pass_on=True, wants_reply=True)
    rows = hands.rows(sent)
    by_town = hands.pass_on(rows[unions.seaside], "town_reviewer", levels=(), plus=(unions.bakery,))
    hands.send(by_town, "town_reviewer")
    by_district = hands.pass_on(rows[unions.south], "district_reviewer", levels=(Level.TOWN, Level.ENTERPRISE))
    with hands.database.reading() as session:
        draft = session.get_one(Assignment, by_district)
        left_out = queries.list_left_out(session, draft)
    assert sorted(left_out) == ["八大湖街道总工会", "麦香食品有限公司"]
    hands.send(by_district, "district_reviewer")
    assert set(hands.rows(by_district)) == {unions.shipyard}
    assert hands.load(by_district).root_id == hands.load(by_town).root_id == sent
    assert hands.rows(sent)[unions.south].status is RecipientStatus.RECEIVED, "who passes on has it"
    with hands.database.reading() as session:
        assert [each.id for each in queries.list_originals(session, draft)] == [sent]


def test_what_is_passed_on_is_due_no_later_and_by_those_alone_who_may(hands: Hands, world: World) -> None:
    sent = hands.sent(levels=(Level.DISTRICT, Level.ENTERPRISE), may_pass_on=True, due_on=in_days(5))
    rows = hands.rows(sent)
    late = PassOnIn(rule=RecipientRule(levels=(Level.ENTERPRISE,)), due_on=in_days(6))
    south, city = rows[world.unions.south], hands.actor("city_reviewer")
    with hands.database.transaction() as session:
        district = hands.actor("district_reviewer")
        error = refused(lambda: actions.pass_on(session, south.id, late, actor=district, now=clock.now()), Invalid)
        assert "due_on" in error.fields
    refused(lambda: hands.pass_on(rows[world.unions.shipyard], "enterprise_reviewer"), Forbidden)
    child = hands.pass_on(south, "district_reviewer")
    assert refused(lambda: hands.pass_on(south, "district_reviewer")).code == "passed_on_already"
    with hands.database.transaction() as session:
        actions.withdraw_recipient(session, south.id, "不用了", actor=city, now=clock.now())
    assert refused(lambda: hands.send(child, "district_reviewer")).code == "assignment_ended"
    plain = hands.sent(levels=(Level.DISTRICT,))
    refused(lambda: hands.pass_on(hands.rows(plain)[world.unions.south], "district_reviewer"))


def test_a_discarded_draft_lets_the_unit_pass_it_on_again(hands: Hands, world: World) -> None:
    row = hands.rows(hands.sent(levels=(Level.DISTRICT,), may_pass_on=True))[world.unions.south]
    child = hands.pass_on(row, "district_reviewer")
    with hands.database.transaction() as session:
        actions.discard_draft(session, child, 1, actor=hands.actor("district_reviewer"), now=clock.now())
    assert hands.pass_on(row, "district_reviewer") != child


def test_who_owes_it_is_urged_once_a_day(hands: Hands, world: World) -> None:
    sent, city = hands.sent(now=WORKING_DAY, due_on=in_days(10, WORKING_DAY)), hands.actor("city_reviewer")

    def urge(now: datetime) -> int:
        with hands.database.transaction() as session:
            count = actions.urge(session, sent, actor=city, now=now)
        hands.run_jobs()
        return count

    assert [urge(WORKING_DAY), urge(WORKING_DAY), urge(WORKING_DAY + timedelta(days=1))] == [3, 0, 3]
    assert hands.titles(world.people.enterprise_reviewer) == ["收到任务", "任务催办", "任务催办"]
    with hands.database.transaction() as session:
        district = hands.actor("district_reviewer")
        refused(lambda: actions.urge(session, sent, actor=district, now=WORKING_DAY), NotFound)


def test_a_reminder_goes_out_by_day_once_each_and_in_working_hours_only(hands: Hands, world: World) -> None:
    sent = WORKING_DAY - timedelta(days=6)
    hands.sent(now=sent, due_on=in_days(3, WORKING_DAY))

    def remind(now: datetime) -> int:
        before = len(hands.titles(world.people.enterprise_reviewer))
        for _ in range(2):
            with hands.database.transaction() as session:
                reminding.remind_some(session, now=now)
        return len(hands.titles(world.people.enterprise_reviewer)) - before

    assert remind(WORKING_DAY.replace(hour=22)) == 0
    assert remind(WORKING_DAY) == 1
    assert remind(WORKING_DAY + timedelta(days=1)) == 0
    assert remind(WORKING_DAY + timedelta(days=3)) == 1, "on the day"
    assert remind(WORKING_DAY + timedelta(days=4)) == 0, "a Saturday"
    assert remind(WORKING_DAY + timedelta(days=6)) == 1, "the day after, made up for on Monday"
    assert remind(WORKING_DAY + timedelta(days=7)) == 0
    assert hands.titles(world.people.enterprise_reviewer)[-1] == "任务已逾期"


@pytest.mark.parametrize(
    ("today", "expected"),
    [(6, None), (7, 7), (9, 7), (10, 10), (11, 11), (18, 11), (19, None)],
)
def test_a_reminder_belongs_to_the_last_day_that_calls_for_one(today: int, expected: int | None) -> None:
    day = reminder_day(date(2026, 12, 10), 3, date(2026, 12, 1), date(2026, 12, today))
    assert day == (date(2026, 12, expected) if expected else None)


def test_who_was_sent_it_after_that_day_is_not_reminded_of_it() -> None:
    assert reminder_day(date(2026, 12, 10), 3, date(2026, 12, 8), date(2026, 12, 9)) is None


def test_a_moved_unit_keeps_its_row_which_follows_it_and_the_sender_still_sees_it(hands: Hands, world: World) -> None:
    unions = world.unions
    sent = hands.sent("town_reviewer")
    with hands.database.transaction() as session:
        version = session.get_one(Union, unions.shipyard).version
        city = hands.actor("city_reviewer")
        move_union(session, unions.shipyard, unions.hillside, version=version, actor=city, now=clock.now())
    hands.run_jobs()
    row = hands.rows(sent)[unions.shipyard]
    assert (row.town_id, row.district_id) == (unions.hillside, unions.north)
    with hands.database.reading() as session:
        assert queries.get_recipient(session, row.id, hands.actor("town_reviewer")).id == row.id
        assert queries.get_recipient(session, row.id, hands.actor("other_town_reviewer")).id == row.id


def test_a_closed_unit_keeps_its_row(hands: Hands, world: World) -> None:
    sent = hands.sent()
    with hands.database.transaction() as session:
        session.execute(update(Union).where(Union.id == world.unions.bakery).values(is_active=False))
    assert world.unions.bakery in hands.rows(sent)
    with hands.database.reading() as session:
        statuses = session.scalars(select(Recipient.status).where(Recipient.union_id == world.unions.bakery)).all()
    assert statuses == [RecipientStatus.SENT]
