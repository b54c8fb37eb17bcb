"""Prizes through the public doors: from the pool to the signature."""

import re
from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import text, update
from sqlalchemy.exc import DatabaseError

from server.core import clock, ids
from server.core.db import Database
from server.core.jobs.registry import JobContext
from server.kit.deadlines.calendar.working_days import due_after
from server.kit.deadlines.jobs import adopt_new_calendars
from server.rewards.prizes.jobs import expire_wins
from server.rewards.prizes.models import PrizeWin, WinStatus
from server.unions.people.profile.actions import admit_wechat_user
from tests.integration.prizes.conftest import Giving
from tests.support.calendars import announce_2027, forget_2027
from tests.support.callers import Desk, Phone
from tests.support.ledgers import read_ledger
from tests.support.pages import squeeze
from tests.support.world import DEMO_APP, Someone, World

RANKING = (("一等奖 手表", "ranking", 1), ("二等奖 水杯", "ranking", 1))
PhoneOf = Callable[[Someone], Phone]


def ranked(giving: Giving, *prizes: tuple[str, str, int], **changes: str) -> Any:
    """A pool whose prizes by ranking are awarded."""
    pool_id = giving.pool(*(prizes or RANKING), **changes)
    giving.close()
    answer = giving.send(f"/prizes/{pool_id}/ranking")
    assert answer.status == 303, answer.text[:2000]
    return pool_id


def mine(phone: Phone) -> Any:
    """The phone's prizes."""
    return phone.get("/api/v1/prizes/wins").ok().json["items"]


def test_the_best_get_the_prizes_in_order_and_the_next_wait(giving: Giving, world: World) -> None:
    pool_id = ranked(giving)
    people = world.people
    assert [(win.person_id, win.status) for win in giving.wins(pool_id)] == [
        (people.worker.id, WinStatus.OFFERED),
        (people.colleague.id, WinStatus.OFFERED),
        (people.stranger.id, WinStatus.RESERVE),
        (people.newcomer.id, WinStatus.RESERVE),
    ]
    assert giving.send(f"/prizes/{pool_id}/ranking").status == 409


def test_a_prize_goes_from_offer_to_hand_over_with_the_code(giving: Giving, phone_of: PhoneOf, world: World) -> None:
    pool_id = ranked(giving)
    phone = phone_of(world.people.worker)
    (win,) = mine(phone)
    assert (win["prize_name"], win["way"], win["status"], win["hand_over_code"]) == (
        "一等奖 手表", "ranking", "offered", None
    )  # fmt: skip
    path = f"/prizes/wins/{win['id']}/handover"
    assert giving.send(path, proof="code", code="00000000").status == 409
    codes = [phone.post(f"/api/v1/prizes/wins/{win['id']}/acceptance").ok().json["hand_over_code"] for _ in range(2)]
    code = codes[0]
    assert codes == [code, code]
    assert len(code) == 8
    assert code not in giving.desk.get(f"/console/prizes/{pool_id}").ok().text
    assert giving.send(path, proof="code", code=code).status == 409  # 公示 still on
    giving.go_to("2026-12-02T17:00Z")
    wrong = "1" * 8 if code != "1" * 8 else "2" * 8
    assert giving.send(path, proof="code", code=wrong).status == 422
    for _ in range(2):
        assert giving.send(path, proof="code", code=code).status == 303
    assert giving.send_second(path, proof="signature", note="又签一次").status == 409
    phone.sign_in("demo:worker-1")
    (win,) = mine(phone)
    assert (win["status"], win["hand_over_code"], win["handed_over_at"] is not None) == ("handed_over", None, True)
    assert giving.moves(pool_id).count("hand_over") == 1


def test_a_signature_names_who_signed(giving: Giving, phone_of: PhoneOf, world: World) -> None:
    pool_id = ranked(giving)
    phone = phone_of(world.people.worker)
    win_id = mine(phone)[0]["id"]
    phone.post(f"/api/v1/prizes/wins/{win_id}/acceptance").ok()
    giving.go_to("2026-12-02T17:00Z")
    path = f"/prizes/wins/{win_id}/handover"
    assert giving.send(path, proof="signature").status == 422
    assert giving.send(path, proof="signature", note="=赵工本人，签收单 3 号").status == 303
    body = giving.desk.get(f"/console/prizes/wins/ledger.xlsx?pool={pool_id}").ok().body
    row = read_ledger(body)[0]
    assert [row[head] for head in ("姓名", "单位", "奖品", "状态")] == [
        "赵工", "蓝海船舶修造有限公司", "一等奖 手表", "已发放",
    ]  # fmt: skip
    note = next(cell for cell in load_workbook(BytesIO(body)).worksheets[0][4] if str(cell.value).startswith("=赵工"))
    assert note.data_type == "s"
    page = squeeze(giving.desk.get(f"/console/prizes/wins?pool={pool_id}&status=handed_over").ok().text)
    assert "本人签收 · =赵工本人，签收单 3 号" in page


def test_what_one_sheet_of_signatures_shows_is_handed_over_at_once(
    giving: Giving, phone_of: PhoneOf, world: World
) -> None:
    pool_id = ranked(giving)
    for who in (world.people.worker, world.people.colleague):
        phone = phone_of(who)
        phone.post(f"/api/v1/prizes/wins/{mine(phone)[0]['id']}/acceptance").ok()
    giving.go_to("2026-12-02T17:00Z")
    shown = re.findall(r'name="shown" value="([^"]+)"', giving.desk.get(f"/console/prizes/{pool_id}").ok().text)
    assert len(shown) == 2
    path, picked = f"/console/prizes/{pool_id}/handovers", {"shown": shown, "whole_page": "1"}
    assert giving.desk.post(path, picked).status == 422
    assert giving.desk.post(path, {**picked, "note": "签收单 5 号，工会档案柜"}).status == 303
    assert "已登记发放 2 份。" in giving.desk.get(f"/console/prizes/{pool_id}").ok().text
    assert giving.moves(pool_id).count("hand_over") == 2


def test_a_refused_prize_goes_to_the_next_runner_up(giving: Giving, phone_of: PhoneOf, world: World) -> None:
    pool_id = ranked(giving)
    phone = phone_of(world.people.worker)
    win_id = mine(phone)[0]["id"]
    for _ in range(2):
        assert phone.post(f"/api/v1/prizes/wins/{win_id}/refusal").ok().json["status"] == "refused"
    assert phone.post(f"/api/v1/prizes/wins/{win_id}/acceptance").status == 409
    (win,) = mine(phone_of(world.people.stranger))
    assert (win["prize_name"], win["status"]) == ("一等奖 手表", "offered")
    assert [prize.remaining for prize in giving.prizes(pool_id)] == [0, 0]
    assert giving.moves(pool_id)[-2:] == ["refuse", "promote"]


def test_an_offer_that_nobody_accepts_goes_to_the_next(
    giving: Giving, phone_of: PhoneOf, world: World, context: JobContext
) -> None:
    pool_id = ranked(giving)
    phone = phone_of(world.people.worker)
    win_id = mine(phone)[0]["id"]
    expire_wins(context)
    assert giving.moves(pool_id).count("expire") == 0
    giving.go_to("2026-12-08T17:00Z")
    phone.sign_in("demo:worker-1")
    assert phone.post(f"/api/v1/prizes/wins/{win_id}/acceptance").code == "claim_over"
    for _ in range(2):
        expire_wins(context)
    assert [(win.place, win.status) for win in giving.wins(pool_id)] == [
        (1, WinStatus.EXPIRED), (2, WinStatus.EXPIRED), (3, WinStatus.OFFERED), (4, WinStatus.OFFERED)
    ]  # fmt: skip
    giving.go_to("2026-12-20T17:00Z")
    expire_wins(context)
    assert [prize.remaining for prize in giving.prizes(pool_id)] == [1, 1]  # nobody is left: back in the stock


def test_a_revoked_win_goes_to_the_next_and_the_winner_reads_why(
    giving: Giving, phone_of: PhoneOf, world: World
) -> None:
    pool_id = ranked(giving)
    first = giving.wins(pool_id)[0]
    assert giving.send(f"/prizes/wins/{first.id}/revoke", reason="").status == 422
    assert giving.send(f"/prizes/wins/{first.id}/revoke", reason="两台手机同时答题").status == 303
    assert giving.send(f"/prizes/wins/{first.id}/revoke", reason="再来").status == 409
    inbox = phone_of(world.people.worker).get("/api/v1/inbox").ok().json["items"]
    assert "两台手机同时答题" in inbox[0]["body"]
    assert giving.wins(pool_id)[2].status is WinStatus.OFFERED


def test_nobody_is_offered_to_hand_over_or_to_take_back_their_own_prize(giving: Giving) -> None:
    pool_id = ranked(giving)
    first, second = giving.wins(pool_id, WinStatus.OFFERED)
    with giving.database.transaction() as session:
        theirs = {"person_id": giving.who.id, "sole_holder_id": giving.who.id}
        session.execute(update(PrizeWin).where(PrizeWin.id == first.id).values(**theirs))
    page = giving.desk.get(f"/console/prizes/{pool_id}").ok().text
    assert [f"/wins/{win.id}/revoke" in page for win in (first, second)] == [False, True]
    refused = giving.send(f"/prizes/wins/{first.id}/revoke", reason="作弊")
    assert (refused.status, "请由别人处理" in refused.text) == (403, True)


def test_winners_are_told_and_runners_up_only_when_it_is_their_turn(
    giving: Giving, phone_of: PhoneOf, world: World
) -> None:
    ranked(giving)
    (told,) = phone_of(world.people.worker).get("/api/v1/inbox").ok().json["items"]
    assert "一等奖 手表" in told["body"]
    assert "12月8日" in told["body"]
    assert phone_of(world.people.stranger).get("/api/v1/inbox").ok().json["items"] == []
    assert mine(phone_of(world.people.stranger)) == []


def test_somebody_elses_prize_is_not_found(giving: Giving, phone_of: PhoneOf, world: World) -> None:
    pool_id = ranked(giving)
    first = giving.wins(pool_id)[0]
    stranger = phone_of(world.people.stranger)
    for act in ("acceptance", "refusal"):
        assert stranger.post(f"/api/v1/prizes/wins/{first.id}/{act}").status == 404
        assert stranger.post(f"/api/v1/prizes/wins/{world.campaign_id}/{act}").status == 404


def test_nobody_wins_twice_where_each_gets_one(giving: Giving, phone_of: PhoneOf, world: World) -> None:
    pool_id = giving.pool(("冠军奖", "ranking", 1), ("幸运奖", "draw", 3), runners_up="4")
    giving.drawn(pool_id)
    phone = phone_of(world.people.worker)
    phone.post(f"/api/v1/prizes/wins/{mine(phone)[0]['id']}/refusal").ok()
    held = [win.person_id for win in giving.wins(pool_id, WinStatus.OFFERED, WinStatus.ACCEPTED, WinStatus.HANDED_OVER)]
    assert len(held) == len(set(held)) == 3
    ranking = [win for win in giving.wins(pool_id) if win.way == "ranking"]
    assert [win.status for win in ranking[1:]] == [WinStatus.SKIPPED] * 3
    assert giving.prizes(pool_id)[0].remaining == 1


def test_one_person_may_win_both_ways_where_the_pool_allows(giving: Giving) -> None:
    giving.contest.finishers[:] = giving.contest.ranking[:1]
    pool_id = giving.pool(("冠军奖", "ranking", 1), ("幸运奖", "draw", 1), one_each="false")
    giving.drawn(pool_id)
    assert giving.send(f"/prizes/{pool_id}/ranking").status == 303
    held = [win.person_id for win in giving.wins(pool_id, WinStatus.OFFERED)]
    assert held == giving.contest.ranking[:1] * 2


def test_prizes_are_not_awarded_before_the_close(giving: Giving) -> None:
    pool_id = giving.pool(*RANKING)
    assert giving.send(f"/prizes/{pool_id}/ranking").status == 409
    assert giving.wins(pool_id) == []


def test_a_prize_may_be_taken_out_while_nothing_is_fixed(giving: Giving) -> None:
    pool_id = giving.pool(*RANKING)
    prize = giving.prizes(pool_id)[0]
    assert giving.send(f"/prizes/prizes/{prize.id}/remove").status == 303
    assert [each.name for each in giving.prizes(pool_id)] == ["二等奖 水杯"]


def test_the_public_list_shows_shortened_names_of_those_who_hold_prizes(
    giving: Giving, phone_of: PhoneOf, world: World
) -> None:
    pool_id = giving.pool(*RANKING)
    assert giving.desk.get(f"/prizes/{pool_id}").status == 404
    giving.close()
    giving.send(f"/prizes/{pool_id}/ranking")
    phone = phone_of(world.people.worker)
    phone.post(f"/api/v1/prizes/wins/{mine(phone)[0]['id']}/refusal").ok()
    page = giving.desk.get(f"/prizes/{pool_id}").ok().text
    assert "一等奖 手表" in page
    assert "钱*" in page
    assert "赵*" not in page
    for name in (world.people.colleague.name, world.people.stranger.name):
        assert name not in page


def test_forms_say_what_is_wrong(giving: Giving) -> None:
    bad = {"contest_id": str(giving.contest.id), "name": "", "runners_up": "-1"}
    answer = giving.send("/prizes", **bad)
    assert answer.status == 422
    assert "处需要修改" in answer.text
    pool_id = giving.pool()
    assert giving.send(f"/prizes/{pool_id}/prizes", name="杯", way="draw", quantity="0").status == 422
    assert giving.send(f"/prizes/{pool_id}/prizes", name="杯", way="lottery", quantity="1").status == 422


def test_a_pool_needs_a_contest_of_ones_own_city(giving: Giving, world: World) -> None:
    sent = {"name": "奖品", "contest_id": str(world.campaign_id)}
    assert giving.send("/prizes", **sent).status == 404


def test_others_than_the_citys_reviewers_give_no_prizes(
    giving: Giving, desk_of: Callable[[Someone], Desk], world: World
) -> None:
    pool_id = ranked(giving)
    win = giving.wins(pool_id)[0]
    admin, town = desk_of(world.people.admin), desk_of(world.people.town_reviewer)
    assert admin.get(f"/console/prizes/{pool_id}").status == 200
    assert admin.post(f"/console/prizes/wins/{win.id}/revoke", {"reason": "不"}).status == 403
    assert town.get("/console/prizes").status == 403


def test_the_log_of_prizes_is_append_only(giving: Giving) -> None:
    giving.pool(*RANKING)
    for statement in ("UPDATE prize_steps SET text = 'x'", "DELETE FROM prize_steps"):
        with pytest.raises(DatabaseError), giving.database.transaction() as session:
            session.execute(text(statement))


def test_the_pages_of_every_stage_are_shown(giving: Giving) -> None:
    assert "建立奖品池" in giving.desk.get("/console/prizes").ok().text
    pool_id = giving.pool(("冠军奖", "ranking", 1), ("幸运奖", "draw", 1))
    assert "去抽奖的步骤" in giving.desk.get(f"/console/prizes/{pool_id}").ok().text
    draw_id = giving.drawn(pool_id)
    for status in ("", "offered", "reserve", "ended"):
        assert giving.desk.get(f"/console/prizes/{pool_id}?status={status}").status == 200
    assert "已开奖" in giving.desk.get(f"/console/prizes/{pool_id}/draw").ok().text
    assert "中奖名单" in giving.desk.get(f"/draws/{draw_id}").ok().text


def test_one_human_being_in_two_rows_gets_one_prize_by_ranking_and_none_by_the_draw(
    giving: Giving, world: World, database: Database
) -> None:
    people = world.people
    with database.transaction() as session:
        for openid in ("worker-1", "worker-2"):
            admit_wechat_user(session, DEMO_APP, openid, "one-unionid", now=clock.now())
    giving.contest.ranking = [people.worker.id, people.colleague.id, people.stranger.id]
    giving.contest.finishers = [people.worker.id, people.colleague.id, people.stranger.id]
    pool_id = giving.pool(("一等奖 手表", "ranking", 1), ("幸运奖 水杯", "draw", 1))
    draw_id = giving.drawn(pool_id)
    assert giving.draw(draw_id).entrants == 1
    assert [win.person_id for win in giving.wins(pool_id, WinStatus.OFFERED)] == [people.worker.id, people.stranger.id]


def test_guessing_a_hand_over_code_soon_takes_waiting(giving: Giving, phone_of: PhoneOf, world: World) -> None:
    ranked(giving)
    phone = phone_of(world.people.worker)
    win_id = mine(phone)[0]["id"]
    code = phone.post(f"/api/v1/prizes/wins/{win_id}/acceptance").ok().json["hand_over_code"]
    giving.go_to("2026-12-02T17:00Z")
    path = f"/prizes/wins/{win_id}/handover"
    wrong = "1" * 8 if code != "1" * 8 else "2" * 8
    assert [giving.send(path, proof="code", code=wrong).status for _ in range(6)] == [422] * 5 + [429]
    assert giving.send(path, proof="code", code=code).status == 429
    assert giving.send_second(path, proof="code", code=code).status == 303


def test_guessing_codes_of_many_prizes_takes_waiting_as_guessing_one_does(
    giving: Giving, phone_of: PhoneOf, world: World
) -> None:
    ranked(giving)
    paths, codes = [], []
    for who in (world.people.worker, world.people.colleague):
        phone = phone_of(who)
        win_id = mine(phone)[0]["id"]
        codes.append(phone.post(f"/api/v1/prizes/wins/{win_id}/acceptance").ok().json["hand_over_code"])
        paths.append(f"/prizes/wins/{win_id}/handover")
    giving.go_to("2026-12-02T17:00Z")
    wrong = next(digit * 8 for digit in "123" if digit * 8 not in codes)
    paths += [f"/prizes/wins/{ids.new_id()}/handover" for _ in range(4)]  # whether there is such a prize or not
    tried = [giving.send(path, proof="code", code=wrong).status for path in (*paths * 2,)]
    assert 429 not in tried[:10]
    assert tried[10:] == [429, 429]
    assert giving.send(paths[1], proof="code", code=codes[1]).status == 429
    assert giving.send_second(paths[1], proof="code", code=codes[1]).status == 303


def test_an_offer_over_new_year_runs_as_many_working_days_once_the_calendar_is_announced(
    giving: Giving, phone_of: PhoneOf, world: World, context: JobContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    forget_2027(monkeypatch)
    pool_id = ranked(giving, notice_days="30", claim_days="60")
    former = giving.wins(pool_id, WinStatus.OFFERED)[0]
    announce_2027(monkeypatch)
    adopt_new_calendars(context)
    win = giving.wins(pool_id, WinStatus.OFFERED)[0]
    assert win.offered_at is not None
    assert former.claim_until != win.claim_until == due_after(win.offered_at, 60)
    assert former.notice_until != win.notice_until == due_after(win.offered_at, 30)
    (shown,) = mine(phone_of(world.people.worker))
    assert datetime.fromisoformat(shown["claim_until"]) == win.claim_until
