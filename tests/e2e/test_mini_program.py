"""The mini-program build, driven in Node with WeChat's API replaced by a strict double, against the running service."""

import os
import shutil
import subprocess
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select

from server import wiring
from server.assignments.dispatch.models import Assignment, AssignmentStatus, Recipient
from server.assignments.responses.actions import return_response, submit_response
from server.assignments.responses.schemas import ReturnIn, SubmitIn
from server.channels.official_account.chat.drafts import Kept, add_picture, draft_key, object_key, settle_picture
from server.channels.official_account.chat.followers import lock_follower
from server.channels.official_account.models import Draft, DraftPhoto
from server.core import clock, ids
from server.core.db import Database
from server.core.storage.factory import open_store
from server.unions.scans.models import LinkedPhone
from tests.integration.assignments.sending import in_days
from tests.integration.notices.conftest import NoticeHands
from tests.support import images
from tests.support.servers import wait_until
from tests.support.service import Service
from tests.support.tasks import load_versions
from tests.support.world import World

CHECKS = Path(__file__).parents[2] / "miniprogram" / "checks"


def simulate(which: str, service: Service, photo: Path, link: str = "") -> None:
    """Run the tests of that name in Node."""
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
    assert "# pass 0" not in run.stdout, run.stdout


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


def test_camera_copies_speech_and_english_in_the_mini_program(live_server: Service, tmp_path: Path) -> None:
    """Its camera refused and allowed, a picture of 12 MP and a word spoken, and all of it in English."""
    large, copy = images.jpeg(1, (4000, 3000), quality=92), images.jpeg(2, (2048, 1536))
    more = {f".{number}": images.jpeg(number) for number in (2, 3, 4)}
    for name, sample in {"": large, ".copy": copy, **more}.items():
        (tmp_path / f"photo.jpg{name}").write_bytes(sample.content)
    simulate("on a phone of its own", live_server, tmp_path / "photo.jpg")
    phone = live_server.phone("demo:worker-1")
    (report,) = phone.get("/api/v1/submissions").ok().json["items"]
    photos = phone.get(f"/api/v1/submissions/{report['id']}").ok().json["photos"]
    assert (report["status"], report["excerpt"]) == ("queued", "通道堵了。")
    assert [known["sha256"] for known in photos] == [copy.sha256]


def returned_reply(service: Service, world: World) -> UUID:
    """What the shipyard was asked by a notice that the town passed on, answered, and sent back to it."""
    wiring.wire()
    people, unions, database = world.people, world.unions, Database(service.settings)

    def is_sent() -> bool:
        with database.reading() as session:
            return not session.scalar(select(func.count()).where(Assignment.status == AssignmentStatus.SENDING))

    def run_jobs() -> int:
        wait_until(is_sent, "the rows that the worker process writes")
        return 1

    hands = NoticeHands(database, world, run_jobs)
    words = {"text": "请各单位研究落实。", "wants_reply": True, "due_on": in_days(10)}
    notice = hands.document(levels=(), plus=(unions.seaside,), **words)
    passed_on = hands.pass_on(hands.rows(notice)[unions.seaside], "town_reviewer")
    hands.send(passed_on, "town_reviewer")
    task, now = hands.rows(passed_on)[unions.shipyard].id, clock.now()
    with database.transaction() as session:
        linked = {"person_id": people.worker.id, "account_id": people.enterprise_reviewer.id}
        session.add(LinkedPhone(**linked, linked_at=now))
        answer = SubmitIn(key=ids.new_id(), version=0, text="已收到。")
        submit_response(session, task, answer, actor=hands.actor("enterprise_reviewer"), now=now)
    with database.transaction() as session:
        version = session.get_one(Recipient, task).version
        remarks = ReturnIn(version=version, remarks={"text": "写具体些"}, remark="请再写")
        return_response(session, task, remarks, actor=hands.actor("town_reviewer"), now=now)
    database.close()
    return task


@pytest.mark.parametrize("backend", ["embedded"], indirect=True)
def test_a_returned_reply_is_corrected_in_the_mini_program_beside_the_paper_it_answers(
    live_server: Service, world: World, tmp_path: Path
) -> None:
    task = returned_reply(live_server, world)
    simulate("a returned reply", live_server, tmp_path, str(task))
    database = Database(live_server.settings)
    assert [each.text for each in load_versions(database, task)] == ["已收到。", "已经研究，落实到班组。"]
    database.close()
