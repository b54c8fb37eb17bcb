"""A draw through the public doors: promised, frozen, drawn, recomputed by whoever likes."""

import hashlib
import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from server.core.audit.models import AuditEntry
from server.core.jobs.registry import JobContext
from server.rewards.draws.jobs import freeze_lists
from server.rewards.draws.models import DrawStatus
from server.rewards.prizes.models import WinStatus
from tests.integration.prizes.conftest import DRAW, VALUE, Giving
from tests.support.callers import Phone
from tests.support.world import Someone, World

PRIZES = (("一等奖 手表", "draw", 1), ("二等奖 水杯", "draw", 1))


def file_of(giving: Giving, draw_id: object) -> Any:
    """The published file."""
    return giving.desk.get(f"/draws/{draw_id}/file").ok().json


def test_a_draw_goes_from_promise_to_winners(giving: Giving, phone: Phone) -> None:
    pool_id = giving.pool(*PRIZES)
    draw_id = giving.drawn(pool_id)
    assert giving.draw_moves(draw_id) == ["commit", "freeze", "enter_value", "confirm_value"]
    won = giving.wins(pool_id)
    assert [(win.place, win.status) for win in won] == [
        (1, WinStatus.OFFERED), (2, WinStatus.OFFERED), (3, WinStatus.RESERVE), (4, WinStatus.RESERVE)
    ]  # fmt: skip
    phone.sign_in("demo:worker-1")
    seen = phone.get(f"/api/v1/draws/{draw_id}").ok().json
    assert seen["status"] == "drawn"
    assert [each["prize"] for each in seen["winners"]] == ["一等奖 手表", "二等奖 水杯"]
    assert seen["public_value"] == VALUE
    assert hashlib.sha256(bytes.fromhex(seen["seed"])).hexdigest() == seen["seed_hash"]

    door = f"/api/v1/complaints/prize_pool/{seen['pool_id']}"
    assert (seen["may_complain"], seen["pool_id"]) == (True, str(pool_id))
    phone.put(door, {"reason": "person"}).ok()
    (case,) = set(re.findall(r"/console/complaints/[0-9a-f-]{36}", giving.desk.get("/console/complaints").ok().text))
    assert f"/console/prizes/{pool_id}" in giving.desk.get(case).ok().text
    assert giving.desk.post(f"{case}/take_down", {"version": "1", "answer": "认得出人"}).status == 303
    hidden = phone.get(f"/api/v1/draws/{draw_id}").ok().json
    assert ({each["label"] for each in hidden["winners"]}, hidden["may_complain"]) == ({"名字已撤下"}, False)
    assert [each["prize"] for each in hidden["winners"]] == [each["prize"] for each in seen["winners"]]
    for page in (f"/draws/{draw_id}", f"/prizes/{pool_id}"):
        assert "名字已撤下" in giving.desk.get(page).ok().text
    assert phone.put(door, {"reason": "person"}).status == 404
    assert [win.status for win in giving.wins(pool_id)] == [win.status for win in won]


def test_nothing_secret_is_told_before_the_draw(giving: Giving, phone: Phone) -> None:
    draw_id = giving.promised(giving.pool(*PRIZES))
    draw = giving.draw(draw_id)
    told = [
        giving.desk.get(f"/draws/{draw_id}").text,
        giving.desk.get(f"/draws/{draw_id}/file").text,
        giving.desk.get(f"/console/prizes/{draw.pool_id}/draw").text,
        phone.get(f"/api/v1/draws/{draw_id}").text,
    ]
    giving.close()
    giving.send(f"/draws/{draw_id}/freeze")
    giving.go_to("2026-12-03T14:00Z")
    giving.send(f"/draws/{draw_id}/value", value=VALUE)
    assert "1 个抽奖的公开数值等另一人核对" in giving.second.get("/console/").ok().text
    assert "等另一人核对" not in giving.desk.get("/console/").ok().text
    phone.sign_in("demo:worker-1")
    told += [
        giving.desk.get(f"/draws/{draw_id}/file").text,
        giving.second.get(f"/console/prizes/{draw.pool_id}/draw").text,
        phone.get(f"/api/v1/draws/{draw_id}").text,
    ]
    for page in told:
        assert draw.seed not in page
        assert draw.salt_key not in page
        assert draw.seed_hash in page
    assert VALUE not in told[-2]  # the second person reads the announcement, not the first person's entry
    with giving.database.reading() as session:
        details = json.dumps([entry.detail for entry in session.query(AuditEntry)])
    assert draw.seed not in details


def test_the_seed_hash_and_the_terms_stand_as_promised(giving: Giving) -> None:
    draw_id = giving.promised(giving.pool(*PRIZES))
    before = file_of(giving, draw_id)
    assert "entrants" not in before
    assert "seed" not in before
    giving.close()
    giving.send(f"/draws/{draw_id}/freeze")
    frozen = file_of(giving, draw_id)
    assert {key: frozen[key] for key in ("terms", "terms_hash")} == {
        key: before[key] for key in ("terms", "terms_hash")
    }
    assert frozen["entrants"] == sorted(frozen["entrants"])
    assert len(frozen["entrants"]) == 4
    listed = "".join(f"{each}\n" for each in frozen["entrants"])
    assert hashlib.sha256(listed.encode()).hexdigest() == frozen["entrants_hash"]


def test_each_entrant_finds_themselves_on_the_list(giving: Giving, phone: Phone, world: World) -> None:
    draw_id = giving.promised(giving.pool(*PRIZES))
    assert phone.get(f"/api/v1/draws?quiz_id={giving.contest.id}").ok().json["items"][0]["is_entered"] is True
    giving.close()
    giving.send(f"/draws/{draw_id}/freeze")
    phone.sign_in("demo:worker-1")
    mine = phone.get(f"/api/v1/draws/{draw_id}").ok().json["my_entry"]
    assert mine["person_id"] == str(world.people.worker.id)
    assert hashlib.sha256(f"{mine['salt']}:{mine['person_id']}".encode()).hexdigest() == mine["hash"]
    assert file_of(giving, draw_id)["entrants"][mine["position"] - 1] == mine["hash"]
    page = giving.desk.get(f"/draws/{draw_id}?hash={mine['hash'].upper()}").ok().text
    assert f"第 {mine['position']} 位" in page
    assert "名单里没有" in giving.desk.get(f"/draws/{draw_id}?hash={'0' * 64}").ok().text


def test_who_did_not_finish_is_not_on_the_list(
    giving: Giving, phone_of: Callable[[Someone], Phone], world: World
) -> None:
    giving.contest.finishers.remove(world.people.stranger.id)
    draw_id = giving.promised(giving.pool(*PRIZES))
    giving.close()
    giving.send(f"/draws/{draw_id}/freeze")
    seen = phone_of(world.people.stranger).get(f"/api/v1/draws/{draw_id}").ok().json
    assert (seen["is_entered"], seen["my_entry"], seen["entrants"]) == (False, None, 3)


def test_names_and_ids_of_entrants_are_not_in_the_file(giving: Giving, world: World) -> None:
    draw_id = giving.drawn(giving.pool(*PRIZES))
    content = giving.desk.get(f"/draws/{draw_id}/file").text
    for someone in (world.people.worker, world.people.colleague, world.people.stranger):
        assert str(someone.id) not in content
        assert someone.name not in content


def test_a_draw_is_promised_before_the_close_or_never(giving: Giving) -> None:
    pool_id = giving.pool(*PRIZES)
    giving.close()
    assert giving.send(f"/prizes/{pool_id}/draw", **DRAW).status == 409


@pytest.mark.parametrize("day", ["2026-11-30", "2026-12-01"])
def test_the_public_value_comes_after_the_close(giving: Giving, day: str) -> None:
    pool_id = giving.pool(*PRIZES)
    for changes, why in (
        ({"due_on": day}, "要晚于竞赛结束那天"),
        ({"fallback_on": DRAW["due_on"]}, "备用数值至少要比第一个数值晚 3 天"),
    ):
        refused = giving.send(f"/prizes/{pool_id}/draw", **{**DRAW, **changes})
        assert (refused.status, why in refused.text) == (422, True)
        for name, value in {**DRAW, **changes}.items():  # what was typed stands in the form again
            kept = rf'name="{name}"[^>]*value="{value}"|<option value="{value}" +selected'
            assert re.search(kept, refused.text), name


def test_a_pool_has_one_draw_and_no_draw_without_prizes(giving: Giving) -> None:
    empty = giving.pool(("奖金", "ranking", 1))
    assert giving.send(f"/prizes/{empty}/draw", **DRAW).status == 409
    pool_id = giving.pool(*PRIZES)
    giving.promised(pool_id)
    assert giving.send(f"/prizes/{pool_id}/draw", **DRAW).status == 409


def test_prizes_stand_once_the_draw_is_promised(giving: Giving) -> None:
    pool_id = giving.pool(*PRIZES)
    giving.promised(pool_id)
    assert giving.send(f"/prizes/{pool_id}/prizes", name="多一个", way="draw", quantity="1").status == 409
    prize = giving.prizes(pool_id)[0]
    assert giving.send(f"/prizes/prizes/{prize.id}/remove").status == 409


def test_the_list_is_frozen_at_the_close_by_itself(giving: Giving, context: JobContext) -> None:
    draw_id = giving.promised(giving.pool(*PRIZES))
    assert giving.send(f"/draws/{draw_id}/freeze").status == 409
    freeze_lists(context)
    assert giving.draw(draw_id).status is DrawStatus.COMMITTED
    giving.close()
    freeze_lists(context)
    freeze_lists(context)
    assert giving.draw(draw_id).status is DrawStatus.FROZEN
    giving.contest.finishers.clear()
    assert len(file_of(giving, draw_id)["entrants"]) == 4
    assert giving.draw_moves(draw_id) == ["commit", "freeze"]


def test_a_prolonged_contest_is_not_frozen_early(giving: Giving, context: JobContext) -> None:
    draw_id = giving.promised(giving.pool(*PRIZES))
    giving.contest.closes_at += timedelta(days=1)
    giving.go_to("2026-12-01T13:00Z")
    freeze_lists(context)
    assert giving.draw(draw_id).status is DrawStatus.COMMITTED


def test_papers_that_are_still_graded_keep_the_list_open(giving: Giving, context: JobContext) -> None:
    pool_id = giving.pool(("冠军奖", "ranking", 1), *PRIZES)
    draw_id = giving.promised(pool_id)
    giving.contest.settled = False
    giving.close()
    freeze_lists(context)
    assert "还在判分" in giving.send(f"/draws/{draw_id}/freeze").text
    assert giving.send(f"/prizes/{pool_id}/ranking").status == 409
    assert giving.draw(draw_id).status is DrawStatus.COMMITTED
    giving.contest.settled = True
    freeze_lists(context)
    assert giving.draw(draw_id).status is DrawStatus.FROZEN


def test_the_value_is_entered_by_one_and_confirmed_by_another(giving: Giving) -> None:
    draw_id = giving.promised(giving.pool(*PRIZES))
    giving.close()
    giving.send(f"/draws/{draw_id}/freeze")
    assert giving.send(f"/draws/{draw_id}/value", value=VALUE).status == 409  # not out yet
    giving.go_to("2026-12-03T14:00Z")
    assert giving.send(f"/draws/{draw_id}/value", value=f"  {VALUE.replace(' ', '   ')} ").status == 303
    assert giving.draw(draw_id).value == VALUE
    assert giving.send(f"/draws/{draw_id}/value/confirm", value=VALUE).status == 403
    assert giving.send_second(f"/draws/{draw_id}/value/confirm", value="1 2 3").status == 422
    assert giving.draw(draw_id).status is DrawStatus.VALUED
    assert giving.send_second(f"/draws/{draw_id}/value/reject", reason="录错一个数").status == 303
    assert giving.draw(draw_id).value is None
    assert giving.send_second(f"/draws/{draw_id}/value", value=VALUE).status == 303
    assert giving.send(f"/draws/{draw_id}/value/confirm", value=VALUE).status == 303
    assert giving.send(f"/draws/{draw_id}/value/confirm", value=VALUE).status == 409


def test_a_frozen_draw_is_not_called_off(giving: Giving) -> None:
    pool_id = giving.pool(*PRIZES)
    draw_id = giving.promised(pool_id)
    assert giving.send(f"/draws/{draw_id}/cancel", reason="写错了期号").status == 303
    assert "写错了期号" in giving.desk.get(f"/draws/{draw_id}").ok().text
    draw_id = giving.promised(pool_id)
    giving.close()
    assert giving.send(f"/draws/{draw_id}/cancel", reason="不想抽了").status == 409
    giving.send(f"/draws/{draw_id}/freeze")
    assert giving.send(f"/draws/{draw_id}/cancel", reason="不想抽了").status == 409


def test_a_value_that_was_out_before_the_list_does_not_count(giving: Giving) -> None:
    draw_id = giving.promised(giving.pool(*PRIZES))
    giving.go_to("2026-12-04T01:00Z")
    assert giving.send(f"/draws/{draw_id}/freeze").status == 303
    assert giving.send(f"/draws/{draw_id}/value", value=VALUE).status == 409
    giving.go_to("2026-12-10T10:00Z")
    assert giving.send(f"/draws/{draw_id}/value", value="3312.45").status == 303
    assert giving.send_second(f"/draws/{draw_id}/value/confirm", value="3312.45").status == 303
    assert file_of(giving, draw_id)["public_value_is_fallback"] is True


def test_a_list_that_comes_after_both_values_is_refused_and_the_draw_called_off(giving: Giving) -> None:
    draw_id = giving.promised(giving.pool(*PRIZES))
    giving.go_to("2026-12-10T01:00Z")
    assert giving.send(f"/draws/{draw_id}/freeze").status == 409
    assert giving.send(f"/draws/{draw_id}/cancel", reason="系统停机").status == 303


def test_winners_by_ranking_take_no_part_where_each_gets_one(giving: Giving, world: World) -> None:
    pool_id = giving.pool(("冠军奖", "ranking", 2), *PRIZES, runners_up="0")
    draw_id = giving.drawn(pool_id)
    assert giving.draw(draw_id).entrants == 2
    holders = [win.person_id for win in giving.wins(pool_id)]
    assert set(holders[:2]) == {world.people.worker.id, world.people.colleague.id}
    assert len(set(holders)) == 4


def test_a_draw_without_entrants_gives_nothing(giving: Giving) -> None:
    giving.contest.finishers.clear()
    pool_id = giving.pool(*PRIZES)
    giving.drawn(pool_id)
    assert giving.wins(pool_id) == []
    assert [prize.remaining for prize in giving.prizes(pool_id)] == [1, 1]


def test_the_log_of_draws_is_append_only(giving: Giving) -> None:
    giving.promised(giving.pool(*PRIZES))
    for statement in ("UPDATE draw_steps SET text = 'x'", "DELETE FROM draw_steps"):
        with pytest.raises(DatabaseError), giving.database.transaction() as session:
            session.execute(text(statement))


def test_others_than_the_citys_reviewers_have_no_business_here(
    giving: Giving, desk_of: Callable[[Someone], Any], world: World
) -> None:
    pool_id = giving.pool(*PRIZES)
    draw_id = giving.promised(pool_id)
    admin, district = desk_of(world.people.admin), desk_of(world.people.district_reviewer)
    assert admin.get(f"/console/prizes/{pool_id}/draw").status == 200
    assert admin.post(f"/console/draws/{draw_id}/cancel", {"reason": "不"}).status == 403
    assert district.get(f"/console/prizes/{pool_id}/draw").status == 403


def test_an_unknown_draw_is_not_found(giving: Giving, phone: Phone, world: World) -> None:
    for path in (f"/draws/{world.campaign_id}", f"/draws/{world.campaign_id}/file"):
        assert giving.desk.get(path).status == 404
    assert phone.get(f"/api/v1/draws/{world.campaign_id}").status == 404


def test_the_file_is_not_sent_again_while_nothing_changed(giving: Giving) -> None:
    draw_id = giving.promised(giving.pool(*PRIZES))
    tag = giving.desk.get(f"/draws/{draw_id}/file").headers["ETag"]
    assert giving.desk.get(f"/draws/{draw_id}/file", **{"If-None-Match": tag}).status == 304
