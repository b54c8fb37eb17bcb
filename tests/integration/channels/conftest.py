"""A service beside the simulated WeChat: what followers do arrives by HTTP, what is said to them too."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.serving import make_server

from server.channels.official_account.chat import drafts
from server.channels.official_account.chat.followers import lock_follower
from server.core import clock
from server.core.db import Database
from server.core.settings import Settings
from server.wechat import caller
from tests.simulators.wechat import chatting
from tests.simulators.wechat.state import Push, State
from tests.support.backends import Backend
from tests.support.images import Sample
from tests.support.simulated import serving, simulated_wechat, steady_port
from tests.support.world import POLICY_VERSION

APP, ACCOUNT, SECRET, TOKEN = "wx-simulated", "wx-simulated-oa", "simulated-secret", "simulated"
KEY, OLD_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "Z" * 42 + "E"
FOLLOWER = "o-follower-1"


@pytest.fixture
def state() -> State:
    """The simulated WeChat."""
    known = State({APP: SECRET, ACCOUNT: SECRET}, chat_app_id=ACCOUNT)
    known.push = Push(token=TOKEN, delay=0.0, aes_key=KEY)
    known.chat_push = Push(token=TOKEN, format="xml", aes_key=KEY)
    return known


@pytest.fixture
def settings(backend: Backend, home: Path, state: State, request: pytest.FixtureRequest) -> Iterator[Settings]:
    """A service that knows the simulated WeChat, in secure mode unless the test says otherwise."""
    marker = request.node.get_closest_marker("settings")
    port = steady_port("channels")
    with simulated_wechat(state) as wechat:
        changes: dict[str, Any] = {
            "public_url": f"http://127.0.0.1:{port}",
            "wechat_app_id": APP, "wechat_app_secret": SECRET,
            "wechat_api_url": wechat,
            "wechat_push_token": TOKEN, "wechat_push_aes_key": KEY,
            "official_account_app_id": ACCOUNT, "official_account_app_secret": SECRET,
            "official_account_token": TOKEN, "official_account_aes_key": KEY,
            "official_account_aes_key_previous": OLD_KEY,
            **(marker.kwargs if marker else {}),
        }  # fmt: skip
        yield backend.settings(home, **changes)


def agree(database: Database, openid: str) -> None:
    """A follower who has agreed to the privacy policy."""
    with database.transaction() as session:
        row = lock_follower(session, ACCOUNT, openid, now=clock.now())
        row.agreed_version, row.agreed_at = POLICY_VERSION, clock.now()


@dataclass
class Follower:
    """Somebody who writes to the official account, and reads what it says."""

    state: State
    openid: str = FOLLOWER
    unionid: str = ""

    def does(self, kind: str, **given: Any) -> list[str]:
        """What the service answered, once for each delivery."""
        acted = chatting.act(self.state, {"openid": self.openid, "kind": kind, "unionid": self.unionid, **given})
        answers: list[str] = acted["answers"]
        return answers

    def sends(self, sample: Sample, **given: Any) -> list[str]:
        media_id = chatting.keep_media(self.state, sample.content)
        return self.does("image", media_id=media_id, **given)

    def heard(self) -> list[str]:
        """What was said to this follower, oldest first."""
        return [each["text"] for each in self.state.chats if each["openid"] == self.openid and each["by"] != "follower"]


@pytest.fixture
def follower(app: Flask, state: State, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Follower]:
    """A follower of the official account; the application listens where WeChat pushes to."""
    monkeypatch.setattr(caller, "BACK_OFF", (0.01, 0.01))
    monkeypatch.setattr(drafts, "GATHER", timedelta(0))
    port = int(settings.public_url.rpartition(":")[2])
    state.push.url = f"{settings.public_url}/wechat/mini-program"
    state.chat_push.url = f"{settings.public_url}/wechat/official-account"
    state.following.add(FOLLOWER)
    agree(app.extensions["database"], FOLLOWER)
    with serving(make_server("127.0.0.1", port, app, threaded=True)):
        yield Follower(state)


Run = Callable[..., int]
