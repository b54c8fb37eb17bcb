"""The official account's chat, against the simulated WeChat: from a picture to a draft, answers, what is said when."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select

from server import cli
from server.channels.official_account.actions import handle_push
from server.channels.official_account.chat.followers import say
from server.channels.official_account.jobs import sweep
from server.channels.official_account.models import (
    ChatAnswer,
    Draft,
    DraftPhoto,
    Follower,
    PictureState,
    ReceivedPush,
)
from server.core import clock
from server.core.db import Database
from server.core.settings import Settings
from server.core.storage.base import ObjectStore
from tests.integration.channels.chat import PLACE, PhoneOf, counted, know, link_in
from tests.integration.channels.conftest import KEY, OLD_KEY, Run
from tests.integration.channels.conftest import Follower as Acting
from tests.simulators.wechat.state import Fault, State
from tests.support import images
from tests.support.backends import job_context
from tests.support.callers import Phone, hazard
from tests.support.counting import count_statements
from tests.support.service import environment
from tests.support.world import World


@pytest.mark.settings(day_photos=2)
def test_pictures_in_the_chat_have_the_same_quota_a_day_as_on_the_phone(
    follower: Acting, run_jobs: Run, database: Database
) -> None:
    for seed in range(3):
        follower.sends(images.bare_jpeg(seed, (64, 48)))
    run_jobs()
    assert counted(database, DraftPhoto) == 2
    assert any("每人每天的上限" in text for text in follower.heard())


def test_a_picture_becomes_a_hazard_in_the_queue(
    follower: Acting, run_jobs: Run, phone: Phone, database: Database, object_store: ObjectStore, world: World
) -> None:
    sample = images.jpeg(1)
    assert follower.sends(sample) == ["success"]
    follower.does("location", **PLACE)
    follower.does("text", text="配电箱门敞开")
    run_jobs()
    draft_id, key = link_in(follower.heard())

    draft = phone.post(f"/api/v1/drafts/{draft_id}", {"key": key}).ok().json
    assert draft["description"] == "配电箱门敞开"
    assert draft["place"] == "市南区某路 1 号"
    assert draft["coordinates"] == {"latitude": 36.0671, "longitude": 120.3826, "datum": "gcj02"}
    assert draft["photos"] == [{"position": 0, "size": len(sample.content), "sha256": sample.sha256}]
    assert (draft["waiting"], draft["refused"]) == (0, [])
    fetched = phone.get(f"/api/v1/drafts/{draft_id}/photos/0").ok()
    assert fetched.body == sample.content

    body = hazard([sample], enterprise_id=world.unions.shipyard, coordinates=draft["coordinates"], place=draft["place"])
    phone.declare(draft_id, body).ok()
    phone.upload(draft_id, sample, 0).ok()
    run_jobs()
    assert phone.get(f"/api/v1/submissions/{draft_id}").ok().json["status"] == "queued"
    assert "已提交" in follower.heard()[-1]
    assert counted(database, Draft) == 0
    assert list(object_store.objects("drafts/")) == []
    assert phone.post(f"/api/v1/drafts/{draft_id}", {"key": key}).code == "draft_gone"


def test_what_comes_within_the_window_joins_one_draft(follower: Acting, run_jobs: Run, database: Database) -> None:
    for seed in range(3):
        follower.sends(images.bare_jpeg(seed, (320, 240)))
    follower.does("text", text="第一句")
    follower.does("voice", heard="第二句，说出来的。")
    follower.does("voice")  # WeChat heard nothing, and has forgotten it
    run_jobs()
    assert any("已经过期" in text for text in follower.heard())
    with database.reading() as session:
        (draft,) = session.scalars(select(Draft)).all()
        assert draft.words == "第一句\n第二句，说出来的。"
        assert sorted(session.scalars(select(DraftPhoto.position)).all()) == [0, 1, 2]
    assert "收到 3 张照片、文字说明。" in follower.heard()[-1]


def test_after_the_window_another_draft_begins(follower: Acting, run_jobs: Run, database: Database) -> None:
    follower.sends(images.bare_jpeg(1, (320, 240)))
    run_jobs()
    with database.transaction() as session:
        session.scalars(select(Draft)).one().updated_at -= timedelta(minutes=31)
    follower.does("text", text="这是什么？")
    follower.sends(images.bare_jpeg(2, (320, 240)))
    run_jobs()
    assert counted(database, Draft) == 2
    assert "请先发一张照片" in " ".join(follower.heard())


def test_more_than_nine_pictures_are_not_taken_and_that_is_said(
    follower: Acting, run_jobs: Run, database: Database
) -> None:
    for seed in range(10):
        follower.sends(images.bare_jpeg(seed, (64, 48)))
    run_jobs()
    assert counted(database, DraftPhoto) == 9
    assert any("最多 9 张" in text for text in follower.heard())


@pytest.mark.parametrize("make", [images.disguised, images.truncated, images.bomb, partial(images.animated, "GIF")])
def test_what_is_no_photo_is_refused_in_words(
    follower: Acting, run_jobs: Run, database: Database, object_store: ObjectStore, make: Callable[[], images.Sample]
) -> None:
    follower.sends(make())
    run_jobs()
    with database.reading() as session:
        assert session.scalars(select(DraftPhoto.state)).one() is PictureState.REFUSED
    assert "没有收下" in follower.heard()[-1]
    assert list(object_store.objects("drafts/")) == []


def test_a_picture_that_wechat_no_longer_has_is_refused_in_words(
    follower: Acting, run_jobs: Run, state: State, database: Database
) -> None:
    follower.sends(images.jpeg(1))
    state.forward = 3 * 86400 + 1
    run_jobs()
    with database.reading() as session:
        assert session.scalars(select(DraftPhoto.state)).one() is PictureState.REFUSED


def test_a_picture_is_fetched_later_when_wechat_is_down(
    follower: Acting, run_jobs: Run, state: State, database: Database
) -> None:
    follower.sends(images.jpeg(1))
    state.faults.append(Fault("status", "/cgi-bin/media/get", times=1, number=502))
    run_jobs(expect_failures=True)
    with database.reading() as session:
        assert session.scalars(select(DraftPhoto.state)).one() is PictureState.AWAITED


def test_a_draft_belongs_to_whoever_opens_it_first(
    follower: Acting, run_jobs: Run, phone_of: PhoneOf, world: World
) -> None:
    follower.sends(images.jpeg(1))
    run_jobs()
    draft_id, key = link_in(follower.heard())
    mine, anothers, nobodys = (phone_of(who) for who in (world.people.worker, world.people.stranger, None))
    path = f"/api/v1/drafts/{draft_id}"
    wrong = ("B" if key[0] == "A" else "A") + key[1:]
    assert anothers.post(path, {"key": wrong}).code == "draft_gone"
    assert nobodys.post(path, {"key": key}).status == 401
    assert anothers.get(f"{path}/photos/0").status == 404
    mine.post(path, {"key": key}).ok()
    mine.post(path, {"key": key}).ok()
    assert anothers.post(path, {"key": key}).code == "draft_of_another"
    assert anothers.get(f"{path}/photos/0").status == 404


def test_the_draft_of_a_known_follower_is_for_them_alone(
    follower: Acting, run_jobs: Run, phone_of: PhoneOf, world: World, database: Database
) -> None:
    know(database, world.people.worker.id, "u-1")
    follower.unionid = "u-1"
    follower.does("text", text="我的隐患")
    follower.sends(images.jpeg(1))
    run_jobs()
    draft_id, key = link_in(follower.heard())
    assert phone_of(world.people.stranger).post(f"/api/v1/drafts/{draft_id}", {"key": key}).code == "draft_of_another"
    phone_of(world.people.worker).post(f"/api/v1/drafts/{draft_id}", {"key": key}).ok()


def test_a_message_delivered_many_times_at_the_same_moment_counts_once(
    follower: Acting, run_jobs: Run, database: Database
) -> None:
    assert follower.sends(images.bare_jpeg(1, (320, 240)), copies=6) == ["success"] * 6
    run_jobs()
    assert (counted(database, Draft), counted(database, DraftPhoto), counted(database, ReceivedPush)) == (1, 1, 1)
    assert len(follower.heard()) == 1


def test_pushes_are_dealt_with_in_order_whichever_job_runs_first(
    follower: Acting, database: Database, settings: Settings, run_jobs: Run
) -> None:
    follower.sends(images.bare_jpeg(1, (320, 240)))
    follower.does("text", text="先照片后文字")
    with database.transaction() as session:
        last = session.scalars(select(ReceivedPush.id).order_by(ReceivedPush.id.desc())).first()
        assert last is not None
        handle_push(session, last, settings, now=clock.now())
    run_jobs()
    with database.reading() as session:
        assert session.scalars(select(Draft.words)).one() == "先照片后文字"


def test_answers_come_at_once_however_slow_wechat_is(follower: Acting, state: State, run_jobs: Run) -> None:
    state.slow = 2.0
    began = clock.now()
    assert follower.sends(images.bare_jpeg(1, (320, 240))) == ["success"]
    follower.does("text", text="我的隐患")
    follower.does("scan", scene="e=ABCD2345")
    assert clock.now() - began < timedelta(seconds=2)


def test_what_is_dealt_with_leaves_no_content_behind(follower: Acting, run_jobs: Run, database: Database) -> None:
    follower.does("text", text="一句话")
    run_jobs()
    with database.reading() as session:
        (push,) = session.scalars(select(ReceivedPush)).all()
        assert (push.content, push.openid) == (None, None)
    assert counted(database, ChatAnswer) == 0


def test_a_push_costs_the_request_few_statements(follower: Acting, database: Database) -> None:
    with count_statements(database.engine) as statements:
        follower.does("text", text="你好")
    assert len(statements) <= 3


def test_no_more_is_said_than_wechat_allows(follower: Acting, run_jobs: Run, state: State, database: Database) -> None:
    follower.does("text", text="你好")
    run_jobs()
    with database.transaction() as session:
        known = session.scalars(select(Follower)).one()
        assert known.answers_left == 4
        known.answers_left = 0
        say(session, known, "多余的一句", now=clock.now())
    run_jobs()
    assert "多余的一句" not in follower.heard()
    assert counted(database, ChatAnswer) == 0


def test_a_tap_in_the_menu_allows_answers_for_a_minute_only(
    follower: Acting, run_jobs: Run, state: State, database: Database
) -> None:
    follower.does("click", key="我的隐患")
    with database.reading() as session:
        assert session.scalars(select(Follower)).one().answers_left == 0
    run_jobs()
    assert len(follower.heard()) == 1
    with database.transaction() as session:
        known = session.scalars(select(Follower)).one()
        assert known.answers_left == 2
        known.answers_until = clock.now() - timedelta(seconds=1)
        say(session, known, "太晚的一句", now=clock.now())
    run_jobs()
    assert len(follower.heard()) == 1


def test_what_was_perhaps_said_is_not_said_again(
    follower: Acting, run_jobs: Run, state: State, database: Database
) -> None:
    state.faults.append(Fault("half", "/cgi-bin/message/custom/send"))
    follower.does("text", text="你好")
    run_jobs()
    assert follower.heard() == []
    assert counted(database, ChatAnswer) == 0


def test_what_was_surely_not_said_is_said_later(
    follower: Acting, run_jobs: Run, state: State, database: Database
) -> None:
    state.faults.append(Fault("errcode", "/cgi-bin/message/custom/send", number=-1))
    follower.does("text", text="你好")
    run_jobs(expect_failures=True)
    assert follower.heard() == []
    with database.reading() as session:
        assert session.scalars(select(Follower.answers_left)).one() == 5
        assert session.scalars(select(ChatAnswer.sending_at)).one() is None


@pytest.mark.parametrize("key", [KEY, OLD_KEY])
def test_keywords_that_need_nobody_are_answered_within_the_answer(follower: Acting, state: State, key: str) -> None:
    state.chat_push.aes_key = key  # WeChat reads the answer by the key that it wrote with
    follower.does("text", text="帮助")
    follower.does("text", text="“闯关”。")
    follower.does("click", key="帮助")
    said = follower.heard()
    assert len(said) == 3
    assert "怎么报隐患" in said[0]
    assert "pages/quiz/index" in said[1]
    assert said[2] == said[0]


def test_ordinary_words_are_understood_unless_a_draft_waits_for_words(
    follower: Acting, run_jobs: Run, database: Database
) -> None:
    help_said, mine_said, play_said, lost = "怎么报隐患", "打开“我的上报”", "pages/quiz/index", "没有看懂"
    understood = {
        "你好！": help_said, "请问怎么用？": help_said, "HELLO": help_said, "在吗，": help_said, "隐患": help_said,
        "查询": mine_said, "处理结果呢？": mine_said, "答题": play_said, "今天天气不错": lost,
    }  # fmt: skip
    for text, said in understood.items():
        follower.does("text", text=text)
        run_jobs()
        assert said in follower.heard()[-1], text
    follower.sends(images.bare_jpeg(1, (320, 240)))
    follower.does("text", text="隐患")
    run_jobs()
    with database.reading() as session:
        assert session.scalars(select(Draft.words)).one() == "隐患"


@pytest.mark.settings(official_account_aes_key="", official_account_aes_key_previous="")
def test_plain_mode_works_too(follower: Acting, state: State, run_jobs: Run) -> None:
    state.chat_push.aes_key = ""
    follower.does("text", text="帮助")
    assert "怎么报隐患" in follower.heard()[0]
    assert follower.sends(images.bare_jpeg(1, (320, 240))) == ["success"]


def test_compatible_mode_works_too(follower: Acting, state: State) -> None:
    state.chat_push.compatible = True
    follower.does("text", text="帮助")
    assert "怎么报隐患" in follower.heard()[0]


def test_followers_are_welcomed(follower: Acting) -> None:
    follower.does("subscribe")
    assert "欢迎关注" in follower.heard()[0]


def test_my_hazards_tells_a_known_person_how_things_stand(
    follower: Acting, run_jobs: Run, phone: Phone, world: World, database: Database
) -> None:
    follower.unionid = "u-1"
    follower.does("text", text="我的隐患")
    run_jobs()
    assert "还不知道你是哪位职工" in follower.heard()[-1]
    know(database, world.people.worker.id, "u-1")
    follower.does("text", text="我的隐患")
    run_jobs()
    assert "还没有上报过" in follower.heard()[-1]
    phone.report(images.bare_jpeg(1, (320, 240)), enterprise_id=world.unions.shipyard)
    follower.does("text", text="我的隐患")
    run_jobs()
    assert "：待受理" in follower.heard()[-1]


def test_old_drafts_and_traces_are_swept(
    follower: Acting, run_jobs: Run, database: Database, object_store: ObjectStore, settings: Settings
) -> None:
    follower.sends(images.jpeg(1))
    run_jobs()
    with database.transaction() as session:
        draft, push = session.scalars(select(Draft)).one(), session.scalars(select(ReceivedPush)).one()
        draft.updated_at -= timedelta(days=4)
        push.received_at -= timedelta(days=2)
    sweep(job_context(settings, database))
    run_jobs()
    assert (counted(database, Draft), counted(database, ReceivedPush)) == (0, 0)
    assert list(object_store.objects("drafts/")) == []


def test_the_menu_is_set_and_removed_by_a_command(
    follower: Acting, state: State, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment(settings).items():
        monkeypatch.setenv(name, value)
    assert cli.main(["wechat", "menu"]) == 0
    menu = state.menu
    assert menu is not None
    camera, mine, more = menu["button"]
    assert (camera["type"], camera["appid"], camera["pagepath"]) == ("miniprogram", "wx-simulated", "pages/home/index")
    assert (mine["type"], mine["key"]) == ("click", "我的隐患")
    assert [button["name"] for button in more["sub_button"]] == ["闯关答题", "提建议", "怎么用"]
    assert cli.main(["wechat", "menu", "--remove"]) == 0
    assert state.menu is None
    state.faults.append(Fault("errcode", "/cgi-bin/menu/create", number=45064))
    assert cli.main(["wechat", "menu"]) == 1
