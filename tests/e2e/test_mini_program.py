"""The mini-program build, driven in Node with WeChat's API replaced by a strict double, against the running service."""

import os
import shutil
import subprocess
from pathlib import Path

from sqlalchemy import select

from server.channels.official_account.chat.drafts import Kept, add_picture, draft_key, object_key, settle_picture
from server.channels.official_account.chat.followers import lock_follower
from server.channels.official_account.models import Draft, DraftPhoto
from server.core import clock
from server.core.db import Database
from server.core.storage.factory import open_store
from tests.support import images
from tests.support.service import Service

CHECKS = Path(__file__).parents[2] / "miniprogram" / "checks"


def simulate(which: str, service: Service, photo: Path, link: str = "") -> None:
    """Run the test of that name in Node."""
    node = shutil.which("node")
    assert node, "node is missing"
    run = subprocess.run(
        [node, "--test", "--test-name-pattern", which, "simulate.test.mjs"],
        cwd=CHECKS,
        env={
            **os.environ,
            "SUISHOUPAI_TEST_URL": service.base_url,
            "SUISHOUPAI_TEST_PHOTO": str(photo),
            "SUISHOUPAI_TEST_LINK": link,
        },
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "# pass 1" in run.stdout, run.stdout


def chat_draft(service: Service, sample: images.Sample) -> str:
    """A draft as the official account's chat leaves it. Returns what its link says."""
    database, now = Database(service.settings), clock.now()
    with database.transaction() as session:
        follower = lock_follower(session, "wx-oa", "o-follower-1", now=now)
        add_picture(session, follower, "media-1", service.settings, now=now)
        draft = session.scalars(select(Draft)).one()
        photo_id = session.scalars(select(DraftPhoto.id)).one()
        draft.words, draft.place, draft.latitude, draft.longitude = "配电箱门敞开", "三号车间", 36.06, 120.38
        session.flush()
        settle_picture(session, photo_id, Kept("image/jpeg", len(sample.content), sample.sha256), "", now=now)
        link = f"{draft.id}.{draft_key(service.settings, draft.id)}"
    open_store(service.settings).put_bytes(object_key(photo_id), sample.content, "image/jpeg")
    database.close()
    return link


def test_a_draft_from_the_chat_is_finished_in_the_mini_program(live_server: Service, tmp_path: Path) -> None:
    sample = images.jpeg(2)
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(sample.content)
    link = chat_draft(live_server, sample)
    simulate("a draft from the chat", live_server, photo, link)
    report = live_server.phone("demo:worker-1").get(f"/api/v1/submissions/{link.partition('.')[0]}").ok().json
    assert (report["status"], report["description"], report["place"]) == ("queued", "配电箱门敞开", "三号车间")
    assert [known["sha256"] for known in report["photos"]] == [sample.sha256]


def test_a_report_made_without_signal_survives_the_killed_mini_program_and_arrives_whole(
    live_server: Service, tmp_path: Path
) -> None:
    sample = images.jpeg(1)
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(sample.content)
    simulate("survives the killed app", live_server, photo)
    phone = live_server.phone("demo:worker-1")
    reports = phone.get("/api/v1/submissions").ok().json["items"]
    assert [(report["category"], report["status"], report["photos_received"]) for report in reports] == [
        ("fire", "queued", 1)
    ]
    photos = phone.get(f"/api/v1/submissions/{reports[0]['id']}").ok().json["photos"]
    assert [known["sha256"] for known in photos] == [sample.sha256]
