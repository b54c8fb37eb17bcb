"""What an operator does: check, back up, restore, and the rest of `suishoupai`."""

import gzip
import io
import json
import os
import signal
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from server import cli
from server.app import create_app
from server.core import ids
from server.core.db import Database
from server.core.ops.single import service_lock
from server.core.settings import Settings
from tests.support import images
from tests.support.backends import Embedded
from tests.support.callers import Desk, InProcess, Phone
from tests.support.servers import wait_until
from tests.support.service import BIN, environment, fork_server
from tests.support.world import PASSWORD, Someone, World

pytestmark = pytest.mark.parametrize("backend", ["embedded"], indirect=True)

Command = Callable[..., int]


@pytest.fixture
def suishoupai(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Command:
    """`suishoupai("check")` as the operator of `settings` runs it, or of other settings."""

    def run(*arguments: str, of: Settings = settings) -> int:
        for name, value in environment(of).items():
            monkeypatch.setenv(name, value)
        return cli.main(list(arguments))

    return run


@pytest.fixture
def elsewhere(settings: Settings, tmp_path: Path) -> Settings:
    """The same service on another, empty machine."""
    return settings.model_copy(update={"data_dir": tmp_path / "elsewhere"})


@pytest.fixture
def set_up(elsewhere: Settings, embedded: Embedded) -> Settings:
    """The other machine after `suishoupai migrate`, which takes five CPU seconds where the database is new."""
    if elsewhere.is_sqlite:
        elsewhere.data_dir.mkdir(mode=0o700)
        embedded.databases.copy(elsewhere.data_dir, filled=False)
    return elsewhere


@pytest.fixture
def photo(phone: Phone, world: World, run_jobs: Callable[[], int]) -> images.Sample:
    """A photo that was sent in."""
    sample = images.jpeg(1)
    phone.report(sample, enterprise_id=world.unions.shipyard)
    run_jobs()
    return sample


def rewrite(source: Path, target: Path, name: str, content: bytes) -> None:
    """Copy a backup with the member `name` (or the first below it) replaced."""
    with tarfile.open(source) as old, tarfile.open(target, "w:gz") as new:
        done = False
        for entry in old:
            data = old.extractfile(entry)
            assert data is not None
            original = data.read()
            if not done and entry.name.startswith(name):
                original, done = content, True
            entry.size = len(original)
            new.addfile(entry, io.BytesIO(original))
        assert done


def test_a_restored_backup_has_the_submission_and_its_photo(
    suishoupai: Command, settings: Settings, elsewhere: Settings, photo: images.Sample, tmp_path: Path
) -> None:
    file = tmp_path / "backup.tar.gz"
    assert suishoupai("backup", str(file)) == 0
    assert suishoupai("restore", str(file), of=elsewhere) == 0
    assert suishoupai("check", of=elsewhere) == 0

    app = create_app(elsewhere)
    phone = Phone(InProcess(app)).sign_in("demo:worker-1")
    (item,) = phone.get("/api/v1/submissions").ok().json["items"]
    submission = phone.get(f"/api/v1/submissions/{item['id']}").ok().json
    assert submission["photos"][0]["sha256"] == photo.sha256
    shown = phone.get(submission["photos"][0]["display_url"]).ok()
    assert shown.headers["Content-Type"].startswith("image/")
    store = app.extensions["object_store"]
    kept = []
    for found in store.objects(""):
        with store.open(found.key) as file:
            kept.append(file.read())
    assert kept.count(photo.content) == 1  # the original, byte for byte
    app.extensions["database"].close()


def test_a_backup_is_made_while_the_service_writes(suishoupai: Command, database: Database, tmp_path: Path) -> None:
    with database.transaction():  # somebody holds the write lock
        assert suishoupai("backup", str(tmp_path / "backup.tar.gz")) == 0


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL], ids=["stopped", "killed"])
def test_an_interrupted_backup_leaves_nothing_behind(
    suishoupai: Command, settings: Settings, photo: images.Sample, tmp_path: Path, how: signal.Signals
) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    os.mkfifo(settings.data_dir / "objects" / "waits")  # the backup gets as far as this, and waits for a writer
    first, env = str(folder / "first.tar.gz"), {**os.environ, **environment(settings)}
    with (tmp_path / "log").open("wb") as log:
        running = fork_server().begin(str(BIN / "suishoupai"), "backup", first, env=env, log=log.fileno())
    wait_until(lambda: any(folder.rglob("first.tar.gz")), "the backup", 30)
    running.send_signal(how)
    assert running.wait(20) != 0
    (settings.data_dir / "objects" / "waits").unlink()
    assert how is signal.SIGKILL or not list(folder.iterdir())
    assert suishoupai("backup", str(folder / "second.tar.gz")) == 0
    assert [path.name for path in folder.iterdir()] == ["second.tar.gz"]


def test_check_finds_pictures_that_are_gone(
    suishoupai: Command, settings: Settings, photo: images.Sample, capsys: pytest.CaptureFixture[str]
) -> None:
    assert suishoupai("check") == 0
    for path in (settings.data_dir / "objects").rglob("*.original.*"):
        path.unlink()
    assert suishoupai("check") == 1
    assert "缺 1 个" in capsys.readouterr().out


def test_a_backup_overwrites_nothing(suishoupai: Command, app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "backup.tar.gz"
    file.write_text("precious")
    assert suishoupai("backup", str(file)) == 1
    assert file.read_text() == "precious"


def test_a_restore_into_a_used_directory_is_refused_unless_forced(
    suishoupai: Command, settings: Settings, photo: images.Sample, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "backup.tar.gz"
    suishoupai("backup", str(file))
    assert suishoupai("restore", str(file)) == 1
    assert "--force" in capsys.readouterr().err
    assert suishoupai("restore", str(file), "--force") == 0
    (aside,) = settings.data_dir.glob("before-restore-*")
    assert (aside / "suishoupai.db").exists()  # what was there is not lost


def test_a_restore_beside_a_running_service_is_refused(
    suishoupai: Command, settings: Settings, app: Flask, tmp_path: Path
) -> None:
    file = tmp_path / "backup.tar.gz"
    suishoupai("backup", str(file))
    lock = service_lock(settings.data_dir)
    lock.take("http://127.0.0.1:1")
    try:
        assert suishoupai("restore", str(file), "--force") == 1
    finally:
        lock.release()


@pytest.mark.parametrize("member", ["objects/", "suishoupai.db", "SHA256SUMS", "manifest.json"])
def test_a_backup_with_a_changed_member_is_refused_and_nothing_changes(
    suishoupai: Command, elsewhere: Settings, photo: images.Sample, tmp_path: Path, member: str
) -> None:
    whole, broken = tmp_path / "whole.tar.gz", tmp_path / "broken.tar.gz"
    suishoupai("backup", str(whole))
    rewrite(whole, broken, member, b"{}")
    assert suishoupai("restore", str(broken), of=elsewhere) == 1
    assert not (elsewhere.data_dir / "suishoupai.db").exists()
    assert list(elsewhere.data_dir.glob(".restore-*")) == []


def test_a_backup_cut_short_is_refused(
    suishoupai: Command, elsewhere: Settings, photo: images.Sample, tmp_path: Path
) -> None:
    file = tmp_path / "backup.tar.gz"
    suishoupai("backup", str(file))
    file.write_bytes(file.read_bytes()[:-1000])
    assert suishoupai("restore", str(file), of=elsewhere) == 1
    assert not (elsewhere.data_dir / "suishoupai.db").exists()


@pytest.mark.parametrize("name", ["../outside", "/etc/outside", "objects/../../outside", "objects/.staging/x", "other"])
def test_a_backup_that_reaches_out_of_its_folder_is_refused(
    suishoupai: Command, elsewhere: Settings, tmp_path: Path, name: str
) -> None:
    file = tmp_path / "evil.tar.gz"
    with tarfile.open(file, "w:gz") as archive:
        entry = tarfile.TarInfo(name)
        entry.size = 1
        archive.addfile(entry, io.BytesIO(b"x"))
    assert suishoupai("restore", str(file), of=elsewhere) == 1
    assert list(tmp_path.glob("**/outside")) == []


@pytest.mark.parametrize("content", [b"", b"not a backup", gzip.compress(b"not a tar file", mtime=0)])
def test_something_else_than_a_backup_is_refused(
    suishoupai: Command, elsewhere: Settings, tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "other.tar.gz"
    file.write_bytes(content)
    assert suishoupai("restore", str(file), of=elsewhere) == 1


def test_leftovers_of_an_interrupted_restore_are_no_obstacle(
    suishoupai: Command, elsewhere: Settings, photo: images.Sample, tmp_path: Path
) -> None:
    file = tmp_path / "backup.tar.gz"
    suishoupai("backup", str(file))
    leftover = elsewhere.data_dir / ".restore-interrupted"
    leftover.mkdir(parents=True)
    (leftover / "suishoupai.db").write_text("half")
    assert suishoupai("restore", str(file), of=elsewhere) == 0
    assert not leftover.exists()


def test_the_api_document_is_the_same_every_time(suishoupai: Command, capsys: pytest.CaptureFixture[str]) -> None:
    assert suishoupai("openapi") == 0
    first = capsys.readouterr().out
    assert suishoupai("openapi") == 0
    assert capsys.readouterr().out == first
    assert json.loads(first)["openapi"].startswith("3.1")
    assert first.endswith("}\n")


def test_settings_that_do_not_fit_are_explained(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in environment(settings):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SUISHOUPAI_SECRET_KEY", "short")
    monkeypatch.setenv("SUISHOUPAI_WORKER_THREADS", "many")
    assert cli.main(["check"]) == 2
    complaint = capsys.readouterr().err
    assert "SUISHOUPAI_SECRET_KEY" in complaint
    assert "SUISHOUPAI_WORKER_THREADS" in complaint
    assert "至少要 32 个字符" in complaint
    assert "要填整数" in complaint
    assert "Traceback" not in complaint


def test_check_finds_a_database_that_is_not_set_up(
    suishoupai: Command, elsewhere: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert suishoupai("check", of=elsewhere) == 1
    assert "suishoupai migrate" in capsys.readouterr().out


@pytest.mark.slow("runs all migrations twice and fills the demo")
def test_an_empty_machine_is_set_up_by_migrate_and_demo(
    suishoupai: Command, elsewhere: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert suishoupai("migrate", of=elsewhere) == 0
    assert suishoupai("migrate", of=elsewhere) == 0
    assert suishoupai("demo", of=elsewhere) == 0
    assert suishoupai("demo", of=elsewhere) == 0
    assert "demo:worker-1" in capsys.readouterr().out
    assert suishoupai("check", of=elsewhere) == 0


def test_a_database_of_a_newer_version_is_left_alone(
    suishoupai: Command, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    with database.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert suishoupai("migrate") == 1
    assert "更新的版本" in capsys.readouterr().err
    assert suishoupai("check") == 1


def test_demo_data_is_refused_where_the_demo_was_not_asked_for(suishoupai: Command, settings: Settings) -> None:
    assert suishoupai("demo", of=settings.model_copy(update={"demo_sign_in": False})) == 1


def test_an_administrator_made_on_an_empty_machine_can_sign_in(
    suishoupai: Command, set_up: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    assert suishoupai("create-admin", "boss", "--name", "管理员", of=set_up) == 0
    app = create_app(set_up)
    desk = Desk(InProcess(app)).sign_in(Someone(ids.new_id(), "管理员", username="boss"))
    assert desk.get("/console/audit").status == 200
    app.extensions["database"].close()


def test_a_weak_password_for_an_administrator_is_refused(
    suishoupai: Command, set_up: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("123456\n"))
    assert suishoupai("create-admin", "boss", "--name", "管理员", of=set_up) == 1


def test_audit_verify_says_that_the_log_is_sound(suishoupai: Command, capsys: pytest.CaptureFixture[str]) -> None:
    assert suishoupai("audit", "verify") == 0
    assert "审计日志完好" in capsys.readouterr().out
