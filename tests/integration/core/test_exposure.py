"""As installed, nothing is open that need not be: names, caches, figures, files."""

import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from server.cli import main
from server.core.settings import Settings
from tests.support.backends import Backend
from tests.support.callers import Desk, Phone
from tests.support.service import BIN, environment, fork_server
from tests.support.world import Someone, World

SITE = "https://ssp.example.org"
SHELL = f"""  # an operator's, that leaves files open to others
import os, runpy
os.umask(0o022)
runpy.run_path({str(BIN / "suishoupai")!r}, run_name="__main__")
"""
named = pytest.mark.settings(public_url=SITE)


@pytest.mark.parametrize("host", ["evil.example.com", "ssp.example.org.evil.example.com", "10.0.0.7:8000", "a b"])
def test_a_foreign_name_is_refused_and_not_echoed(app: Flask, host: str) -> None:
    for path in ("/", "/api/v1/me", "/console/sign-in", "/nothing", "/healthz"):
        answer = app.test_client().get(path, headers={"Host": host})
        assert answer.status_code == 421
        assert "unknown_host" in answer.text
        assert host not in answer.text


@named
def test_the_name_that_was_set_and_this_machine_are_answered(app: Flask) -> None:
    for host in ("ssp.example.org", "ssp.example.org:443", "localhost", "127.0.0.1:8000", "[::1]:8000"):
        assert app.test_client().get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.settings(allowed_hosts="ssp.example.org, 10.0.0.7")
def test_a_list_of_names_will_do(app: Flask) -> None:
    assert app.test_client().get("/healthz", headers={"Host": "10.0.0.7:8000"}).status_code == 200
    assert app.test_client().get("/healthz", headers={"Host": "10.0.0.8"}).status_code == 421


@pytest.mark.parametrize("backend", ["embedded"], indirect=True)
def test_nobody_opens_a_door_to_others_without_saying_under_which_name(
    backend: Backend, settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in environment(settings).items():
        monkeypatch.setenv(name, value)
    assert main(["serve", "--host", "0.0.0.0"]) == 2
    assert "SUISHOUPAI_PUBLIC_URL" in capsys.readouterr().err
    unnamed = {**os.environ, "SUISHOUPAI_BIND": "0.0.0.0:1"}
    command = [sys.executable, "-c", "import server.core.ops.gunicorn_conf"]
    assert b"SUISHOUPAI_PUBLIC_URL" in subprocess.run(command, env=unnamed, capture_output=True, check=False).stderr
    settings.require_names("127.0.0.1")
    settings.model_copy(update={"public_url": SITE}).require_names("0.0.0.0")


def test_answers_about_people_are_kept_by_nobody(
    phone: Phone, desk_of: Callable[[Someone], Desk], world: World
) -> None:
    desk = desk_of(world.people.town_reviewer)
    submission = phone.report(enterprise_id=world.unions.shipyard)
    for answer in (
        phone.get("/api/v1/me"), phone.get(f"/api/v1/hazards/{submission}"), desk.get("/console/"),
        desk.get("/console/queue"), desk.get("/console/dispatch/ledger.xlsx"), desk.get("/console/sign-in"),
        desk.get("/"),
    ):  # fmt: skip
        assert answer.headers["Cache-Control"] == "no-store", answer.headers


@named
@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_figures_of_a_public_service_need_the_token_even_on_loopback(app: Flask, address: str) -> None:
    client = app.test_client()
    assert client.get("/metrics", environ_overrides={"REMOTE_ADDR": address}).status_code == 403


def test_files_are_made_for_their_owner_alone(settings: Settings, home: Path, tmp_path: Path) -> None:
    home.chmod(0o755)
    shell, log = tmp_path / "shell.py", tmp_path / "log"
    shell.write_text(SHELL)

    def operate(*arguments: str) -> None:
        with log.open("ab") as said:
            process = fork_server().begin(str(shell), *arguments, env=environment_, log=said.fileno())
        assert process.wait(60) == 0, log.read_text()

    environment_ = {**os.environ, **environment(settings)}
    operate("migrate")
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    if settings.is_sqlite:
        file = home / "backup.tar.gz"
        operate("backup", str(file))
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
