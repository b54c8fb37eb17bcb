"""Nothing of a follower is kept before they agree, and what they say of it in the chat holds on the phone too."""

import pytest

from server.channels.official_account.models import (
    Draft,
    DraftPhoto,
)
from server.core import clock, ids
from server.core.db import Database
from server.core.storage.base import ObjectStore
from server.unions.people.models import WechatIdentity
from tests.integration.channels.chat import PLACE, counted, link_in
from tests.integration.channels.conftest import ACCOUNT, Run
from tests.integration.channels.conftest import Follower as Acting
from tests.simulators.wechat.state import State
from tests.support import images
from tests.support.callers import Phone
from tests.support.world import World


@pytest.fixture
def stranger(follower: Acting, state: State) -> Acting:
    """A follower who has agreed to nothing yet."""
    state.following.add("o-stranger")
    return Acting(state, "o-stranger")


def test_nothing_that_a_follower_sends_is_kept_before_they_agree(
    stranger: Acting, run_jobs: Run, state: State, database: Database, object_store: ObjectStore
) -> None:
    for seed in range(3):
        stranger.sends(images.bare_jpeg(seed, (64, 48)))
    stranger.does("location", **PLACE)
    stranger.does("text", text="配电箱门敞开")
    stranger.does("voice", heard="同意。")  # what a machine heard is no consent
    run_jobs()
    assert (counted(database, Draft), counted(database, DraftPhoto)) == (0, 0)
    assert list(object_store.objects("drafts/")) == []
    assert state.calls["/cgi-bin/media/get"] == 0
    asked = [text for text in stranger.heard() if "隐私说明" in text]
    assert len(asked) == 1
    assert "pages/profile/policy" in asked[0]

    stranger.does("text", text="同意。")
    stranger.sends(images.bare_jpeg(1, (64, 48)))
    run_jobs()
    assert counted(database, DraftPhoto) == 1
    link_in(stranger.heard())


def test_whoever_refuses_in_the_chat_leaves_nothing(stranger: Acting, run_jobs: Run, database: Database) -> None:
    stranger.sends(images.bare_jpeg(1, (64, 48)))
    stranger.does("text", text="不同意")
    run_jobs()
    assert "没有留下" in stranger.heard()[-1]
    assert counted(database, Draft) == 0


def test_a_consent_given_or_taken_back_on_the_phone_holds_in_the_chat(
    stranger: Acting, run_jobs: Run, database: Database, phone: Phone, world: World
) -> None:
    with database.transaction() as session:
        session.add(
            WechatIdentity(
                id=ids.new_id(), person_id=world.people.worker.id, app_id=ACCOUNT, openid="o-stranger",
                created_at=clock.now(),
            )
        )  # fmt: skip
    stranger.sends(images.bare_jpeg(1, (64, 48)))
    run_jobs()
    assert counted(database, DraftPhoto) == 1
    phone.delete("/api/v1/me/consent").ok()
    stranger.sends(images.bare_jpeg(2, (64, 48)))
    run_jobs()
    assert counted(database, DraftPhoto) == 1
    stranger.does("text", text="同意")
    run_jobs()
    stranger.sends(images.bare_jpeg(2, (64, 48)))
    run_jobs()
    assert counted(database, DraftPhoto) == 2
