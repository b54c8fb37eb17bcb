"""What scripts/run promises to whoever starts it."""

import os
import re
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from server.core.settings import PREFIX
from tests.support.callers import OverHttp, Phone
from tests.support.cpu_seconds import wait_for_work
from tests.support.servers import free_port, wait_until
from tests.support.service import children_of
from tests.support.sources import ROOT

# What a start takes by the clock, ten seconds or three minutes, is the machine's other work: it is measured by its own.
pytestmark = [pytest.mark.slow("starts from nothing, as whoever tries it out does"), pytest.mark.timeout(1200)]

WORK = 90.0  # CPU seconds; it takes 10 to 15
GREETING = "按 Ctrl-C 停止。"


@dataclass
class Started:
    """A run of the script."""

    process: subprocess.Popen[bytes]
    output: Path
    port: int
    data: Path

    def said(self) -> str:
        return self.output.read_text(errors="replace")

    def parts(self) -> list[int]:
        """Process ids of web server and worker."""
        return children_of(self.process.pid)

    def wait_for_greeting(self) -> None:
        def greeted() -> bool:
            assert self.process.poll() is None, self.said()
            return GREETING in self.said()

        wait_for_work(self.process.pid, greeted, self.said, WORK)


def start(folder: Path, port: int, name: str, *options: str) -> Started:
    """Start the script in a terminal session of its own, as a person would."""
    output = folder / f"{name}.log"
    env = {key: value for key, value in os.environ.items() if not key.startswith(PREFIX)}
    with output.open("wb") as log:
        process = subprocess.Popen(
            [
                "setpriv",
                "--pdeathsig",
                "KILL",
                "--",
                ROOT / "scripts/run",
                "--port",
                str(port),
                "--data",
                "data",
                *options,
            ],
            cwd=folder,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    return Started(process, output, port, folder / "data")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    started = start(tmp_path_factory.mktemp("run"), free_port(), "first")
    try:
        started.wait_for_greeting()
        yield started
    finally:  # also one that was not ready in time: it would work on beside all other tests
        if started.process.poll() is None:
            os.killpg(started.process.pid, signal.SIGKILL)
            started.process.wait()


def is_listening(address: str) -> bool:
    try:
        requests.get(address, timeout=5)
    except requests.ConnectionError:
        return False
    return True


def test_it_prints_addresses_and_sign_ins_that_work(running: Started) -> None:
    said = running.said()
    assert f"http://127.0.0.1:{running.port}/h5/" in said
    assert f"http://127.0.0.1:{running.port}/console/" in said
    door = OverHttp(f"http://127.0.0.1:{running.port}")
    assert all(door.send("GET", path).status == 200 for path in ("/", "/h5/", "/console/sign-in", "/readyz"))
    assert "demo:worker-1" in said
    Phone(door).sign_in("demo:worker-1").get("/api/v1/campaign").ok()
    assert (running.data / "demo_password").read_text().strip() in said


def test_its_secrets_are_for_their_owner_only(running: Started) -> None:
    for name in ("secret_key", "demo_password"):
        assert (running.data / name).stat().st_mode & 0o077 == 0


def test_a_second_start_says_where_the_first_is_and_does_no_harm(running: Started) -> None:
    second = start(running.data.parent, free_port(), "second")
    assert second.process.wait(300) == 1
    assert f"http://127.0.0.1:{running.port}" in second.said()
    assert OverHttp(f"http://127.0.0.1:{running.port}").send("GET", "/readyz").status == 200


def test_a_port_in_use_is_said_plainly(running: Started, tmp_path: Path) -> None:
    second = start(tmp_path, running.port, "second")
    assert second.process.wait(300) == 1
    assert f"端口 {running.port} 已被别的程序占用" in second.said()


def test_ctrl_c_ends_it_and_a_new_start_with_the_simulator_sets_up_nothing_finds_everything_and_answers_followers(
    running: Started,
) -> None:
    parts = running.parts()
    assert len(parts) == 2
    os.killpg(running.process.pid, signal.SIGINT)
    assert running.process.wait(60) == 0
    assert not any(Path(f"/proc/{pid}").exists() for pid in parts)
    password = (running.data / "demo_password").read_text()
    started = start(running.data.parent, running.port, "with-wechat", "--with-wechat-simulator")
    try:
        started.wait_for_greeting()
        assert not re.search("安装|构建", started.said()), "everything was set up already"
        assert password.strip() in started.said()
        found = re.search(r"微信 +(http://127\.0\.0\.1:\d+)/", started.said())
        assert found, started.said()
        wechat = OverHttp(found[1])
        assert "微信模拟器" in wechat.send("GET", "/").text
        asked = b'{"openid": "o-follower-1", "kind": "text", "text": "\xe5\xb8\xae\xe5\x8a\xa9"}'
        wechat.send("POST", "/_sim/act", body=asked).ok()
        seen = wechat.send("POST", "/_sim/view", body=b"{}").ok().json
        assert "怎么报隐患" in seen["chats"][-1]["text"]
        assert [button["name"] for button in seen["menu"]["button"]] == ["拍隐患", "我的隐患", "更多"]
    finally:
        os.killpg(started.process.pid, signal.SIGINT)
        assert started.process.wait(60) == 0
    wait_until(lambda: not is_listening(found[1]), "the simulator's end", 30)
