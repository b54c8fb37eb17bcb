"""Codes that are scanned lead somewhere; whoever leaves is forgotten."""

import pytest
from sqlalchemy import select

from server.channels.official_account.chat.followers import forget_person
from server.channels.official_account.models import (
    ChatAnswer,
    Draft,
    DraftPhoto,
    Follower,
    ReceivedPush,
)
from server.core.db import Database
from server.core.storage.base import ObjectStore
from server.unions.people.models import Person
from server.unions.tree.models import Union
from tests.integration.channels.chat import counted, know, link_in
from tests.integration.channels.conftest import FOLLOWER, Run
from tests.integration.channels.conftest import Follower as Acting
from tests.support import images
from tests.support.callers import Phone
from tests.support.world import World


def test_a_scanned_code_binds_a_known_person_after_a_yes(
    follower: Acting, run_jobs: Run, world: World, database: Database
) -> None:
    know(database, world.people.newcomer.id, "u-2")
    with database.transaction() as session:
        session.get_one(Union, world.unions.bakery).invite_code = "ABCD2345"
    follower.unionid = "u-2"
    follower.does("scan", scene="e=abcd2345")
    run_jobs()
    assert "回复 1 加入" in follower.heard()[-1]
    with database.reading() as session:
        assert session.get_one(Person, world.people.newcomer.id).enterprise_id != world.unions.bakery
    follower.does("text", text="1")
    run_jobs()
    assert "已加入" in follower.heard()[-1]
    with database.reading() as session:
        assert session.get_one(Person, world.people.newcomer.id).enterprise_id == world.unions.bakery
    follower.does("scan", scene="e=ABCD2345")
    run_jobs()
    assert "已经是" in follower.heard()[-1]


def test_no_is_an_answer_and_an_old_question_is_none(
    follower: Acting, run_jobs: Run, world: World, database: Database
) -> None:
    know(database, world.people.newcomer.id, "u-2")
    with database.transaction() as session:
        session.get_one(Union, world.unions.bakery).invite_code = "ABCD2345"
    follower.unionid = "u-2"
    follower.does("subscribe", scene="e=ABCD2345")
    run_jobs()
    follower.does("text", text="不")
    run_jobs()
    assert "没有加入" in follower.heard()[-1]
    follower.does("text", text="1")
    run_jobs()
    with database.reading() as session:
        assert session.get_one(Person, world.people.newcomer.id).enterprise_id != world.unions.bakery


def test_a_code_leads_somebody_unknown_to_where_they_sign_in(
    follower: Acting, run_jobs: Run, world: World, database: Database
) -> None:
    with database.transaction() as session:
        session.get_one(Union, world.unions.bakery).invite_code = "ABCD2345"
    follower.does("scan", scene="e=ABCD2345")
    follower.does("scan", scene="e=ZZZZ2345")
    follower.does("scan", scene="' OR 1=1")
    run_jobs()
    assert "pages/profile/binding?scene=e=ABCD2345" in follower.heard()[0]
    assert "已经停用" in follower.heard()[1]
    assert len(follower.heard()) == 2


def test_whoever_leaves_is_forgotten(
    follower: Acting, run_jobs: Run, database: Database, object_store: ObjectStore
) -> None:
    follower.sends(images.jpeg(1))
    run_jobs()
    assert len(list(object_store.objects("drafts/"))) == 1
    follower.does("text", text="再见")
    follower.does("unsubscribe")
    run_jobs()
    for table in (Follower, Draft, DraftPhoto, ChatAnswer):
        assert counted(database, table) == 0
    assert list(object_store.objects("drafts/")) == []
    with database.reading() as session:
        assert session.scalar(select(ReceivedPush.id).where(ReceivedPush.openid == FOLLOWER)) is None


@pytest.mark.parametrize("is_known", [True, False])
def test_with_an_account_goes_what_the_chat_knows_of_the_person(
    follower: Acting, run_jobs: Run, phone: Phone, world: World, database: Database, object_store: ObjectStore,
    is_known: bool,
) -> None:  # fmt: skip
    if is_known:
        know(database, world.people.worker.id, "u-1")
        follower.unionid = "u-1"
        follower.does("text", text="我的隐患")
    follower.sends(images.jpeg(1))
    run_jobs()
    draft_id, key = link_in(follower.heard())
    phone.post(f"/api/v1/drafts/{draft_id}", {"key": key}).ok()
    with database.transaction() as session:
        forget_person(session, world.people.worker.id)
    run_jobs()
    assert (counted(database, Draft), counted(database, Follower)) == (0, 0 if is_known else 1)
    assert list(object_store.objects("drafts/")) == []
