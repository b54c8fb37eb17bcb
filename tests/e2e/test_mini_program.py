"""The mini-program build, driven in Node with WeChat's API replaced by a strict double, against the running service."""

import os
import shutil
import subprocess
from pathlib import Path

from tests.support import images
from tests.support.service import Service

CHECKS = Path(__file__).parents[2] / "miniprogram" / "checks"


def test_a_report_made_without_signal_survives_the_killed_mini_program_and_arrives_whole(
    live_server: Service, tmp_path: Path
) -> None:
    sample = images.jpeg(1)
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(sample.content)
    node = shutil.which("node")
    assert node, "node is missing"

    run = subprocess.run(
        [node, "--test", "simulate.test.mjs"],
        cwd=CHECKS,
        env={**os.environ, "SUISHOUPAI_TEST_URL": live_server.base_url, "SUISHOUPAI_TEST_PHOTO": str(photo)},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )

    assert run.returncode == 0, run.stdout + run.stderr
    phone = live_server.phone("demo:worker-1")
    reports = phone.get("/api/v1/submissions").ok().json["items"]
    assert [(report["category"], report["status"], report["photos_received"]) for report in reports] == [
        ("fire", "queued", 1)
    ]
    photos = phone.get(f"/api/v1/submissions/{reports[0]['id']}").ok().json["photos"]
    assert [known["sha256"] for known in photos] == [sample.sha256]
