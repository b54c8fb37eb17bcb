"""Voice messages are fetched before WeChat forgets them, kept like photos, played by whoever may; never of somebody
anonymous."""

from collections.abc import Callable
from io import BytesIO
from typing import Any
from uuid import UUID

import av
import pytest

from server.channels.official_account.models import Voice
from server.core.db import Database
from server.core.storage.base import ObjectStore
from tests.integration.channels.chat import PhoneOf, counted, know, link_in
from tests.integration.channels.conftest import Follower as Acting
from tests.integration.channels.conftest import Run
from tests.integration.privacy.test_own_copy_and_erasure import archive_of, forget
from tests.simulators.wechat import chatting
from tests.simulators.wechat.state import State
from tests.support import images, sounds
from tests.support.backends import Backend
from tests.support.callers import Desk, Phone, hazard
from tests.support.world import Someone, World

PHOTO = images.bare_jpeg(1, (320, 240))
HEARD = "通道堵了，出不去。"


def says(follower: Acting, heard: str = HEARD, content: bytes | None = None) -> None:
    media_id = chatting.keep_media(follower.state, sounds.amr() if content is None else content, "audio/amr")
    follower.does("voice", media_id=media_id, heard=heard)


@pytest.fixture
def send(follower: Acting, run_jobs: Run, phone: Phone, database: Database, world: World) -> Callable[..., UUID]:
    """A photo and a voice message that are sent as a report."""

    def sent(**changes: Any) -> UUID:
        know(database, world.people.worker.id, "u-1")
        follower.sends(PHOTO)
        says(follower)
        run_jobs()
        draft_id, key = link_in(follower.heard())
        draft = phone.post(f"/api/v1/drafts/{draft_id}", {"key": key}).ok().json
        assert (draft["voices"], draft["description"]) == (1, HEARD)
        phone.declare(draft_id, hazard([PHOTO], enterprise_id=world.unions.shipyard, **changes)).ok()
        phone.upload(draft_id, PHOTO, 0).ok()
        run_jobs()
        return draft_id

    return sent


def test_what_was_said_goes_with_the_report_and_is_heard_by_whoever_may(
    send: Callable[..., UUID], follower: Acting, phone: Phone, phone_of: PhoneOf, world: World,
    desk_of: Callable[[Someone], Desk], object_store: ObjectStore,
) -> None:  # fmt: skip
    report = send()
    assert any("1 段语音" in text for text in follower.heard())
    path = f"/api/v1/submissions/{report}/voices"
    (voice,) = phone.get(path).ok().json["voices"]
    assert (voice["seconds"], voice["heard"]) == (1, HEARD)
    assert len(list(object_store.objects("voices/"))) == 1
    desk = desk_of(world.people.town_reviewer)
    shown = f"/console/submissions/{report}/voices/{voice['id']}"
    page = desk.get(f"/console/submissions/{report}").ok().text
    assert f'src="{shown}"' in page
    assert f"微信听成：{HEARD}" in page
    for played in (phone.get(f"{path}/{voice['id']}").ok(), desk.get(shown).ok()):
        assert played.headers["Content-Type"] == "audio/mpeg"
        assert "no-store" in played.headers["Cache-Control"]
        with av.open(BytesIO(played.body)) as sound:
            assert sound.streams.audio[0].codec_context.name.startswith("mp3")
    part = desk.get(shown, Range="bytes=0-9")
    assert (part.status, len(part.body)) == (206, 10)
    assert desk_of(world.people.other_town_reviewer).get(shown).status == 404
    stranger = phone_of(world.people.stranger)
    assert (stranger.get(path).status, stranger.get(f"{path}/{voice['id']}").status) == (404, 404)


def test_what_was_said_is_in_ones_own_copy_and_goes_with_ones_account(
    send: Callable[..., UUID], phone: Phone, run_jobs: Run, object_store: ObjectStore, time_machine: Any,
    backend: Backend,
) -> None:  # fmt: skip
    report = send()
    archive = archive_of(phone, run_jobs)
    assert [name for name in archive.namelist() if name.startswith(f"语音/{report}/")]
    assert any(item["name"] == "公众号语音" for item in phone.get("/api/v1/me/data").json["items"])
    if backend.name == "embedded":  # S3 refuses who comes with another clock
        forget(phone, run_jobs, time_machine)
        run_jobs()
        assert list(object_store.objects("voices/")) == []


def test_an_anonymous_report_has_no_voice_and_a_draft_nobody_sends_loses_it(
    follower: Acting, run_jobs: Run, phone: Phone, database: Database, object_store: ObjectStore
) -> None:
    follower.sends(PHOTO)
    says(follower, heard="")  # kept without words too
    run_jobs()
    draft_id, key = link_in(follower.heard())
    assert phone.post(f"/api/v1/drafts/{draft_id}", {"key": key}).ok().json["voices"] == 1
    assert phone.declare(draft_id, hazard([PHOTO], is_anonymous=True)).code == "id_tells_time"
    report = phone.report(PHOTO, is_anonymous=True)
    run_jobs()
    assert phone.get(f"/api/v1/submissions/{report}/voices").ok().json == {"voices": []}
    follower.does("unsubscribe")
    run_jobs()
    assert counted(database, Voice) == 0
    assert list(object_store.objects("voices/")) == []


def test_what_cannot_be_had_or_played_is_said_and_not_kept(
    follower: Acting, run_jobs: Run, object_store: ObjectStore
) -> None:
    follower.sends(PHOTO)
    for content in (b"no sound", b"#!AMR\n" + b"x" * 500, b""):
        says(follower, content=content)
    follower.does("voice", heard=HEARD)  # WeChat has forgotten it
    for _ in range(9):
        says(follower)
    run_jobs()
    said = "\n".join(follower.heard())
    for words in ("打不开", "已经过期", "最多 9 段语音"):
        assert words in said
    assert len(list(object_store.objects("voices/"))) == 5


def test_before_there_is_a_photo_nothing_said_is_kept(follower: Acting, run_jobs: Run, state: State) -> None:
    says(follower, heard="怎么用")
    says(follower, heard="")
    run_jobs()
    assert state.calls["/cgi-bin/media/get"] == 0
    assert "没有听清" in follower.heard()[-1]
