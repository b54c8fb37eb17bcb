"""/healthz, /readyz, /metrics, request ids."""

import sqlite3
import threading
import time
from pathlib import Path
from typing import Any, cast

import pytest
import structlog
from flask import Flask
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError

from server.core import ids
from server.core.db import Database
from server.core.jobs.actions import enqueue
from server.core.ops import backup, checks
from server.core.settings import Settings
from server.core.storage.base import ObjectStore, StorageError
from server.core.web.health import Part
from server.migrations.run import is_current
from tests.support import images
from tests.support.callers import Phone, hazard
from tests.support.world import World


def test_a_live_process_says_so(app: Flask) -> None:
    assert app.test_client().get("/healthz").get_json() == {"status": "ok"}


def test_a_ready_service_names_its_parts(app: Flask) -> None:
    parts = app.test_client().get("/readyz").get_json()["parts"]
    assert {"database", "object_store"} <= set(parts)
    assert set(parts.values()) == {"ok"}


def test_a_service_without_its_object_store_is_not_ready(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise StorageError

    monkeypatch.setitem(app.extensions["readiness"]._needed, "object_store", Part(fail))
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 503
    error = answer.get_json()["error"]
    assert (error["code"], set(error["fields"])) == ("not_ready", {"object_store"})


def test_a_part_that_hangs_costs_readiness_two_seconds_and_one_thread(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_go = threading.Event()
    monkeypatch.setitem(app.extensions["readiness"]._needed, "object_store", Part(lambda: cast(None, let_go.wait(30))))
    before = threading.active_count()
    for _ in range(3):
        began = time.monotonic()
        answer = app.test_client().get("/readyz")
        assert time.monotonic() - began < 2
        assert answer.get_json()["error"]["fields"] == {"object_store": "没有回应"}
    assert threading.active_count() == before + 1
    let_go.set()


@pytest.mark.parametrize("backend", [pytest.param("scaled", marks=pytest.mark.servers)], indirect=True)
def test_a_database_that_takes_nothing_is_not_ready_and_says_so(app: Flask, phone: Phone) -> None:
    engine = app.extensions["database"].engine
    with engine.connect() as connection:
        connection.execute(text(f'ALTER DATABASE "{engine.url.database}" SET default_transaction_read_only = on'))
        connection.commit()
    engine.dispose()
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.get_json()["error"]["fields"] == {"database": "只读，不能写入"}
    refused = phone.declare(ids.new_id(), hazard([images.jpeg(1)]))
    assert (refused.status, refused.code) == (503, "unavailable")


def test_a_commit_that_fails_answers_unavailable_and_keeps_nothing(
    app: Flask, phone: Phone, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    hazard_id = ids.new_id()
    phone.declare(hazard_id, hazard([images.jpeg(1)], enterprise_id=world.unions.shipyard)).ok()

    def fill_the_disk(_connection: object) -> None:
        raise OperationalError("COMMIT", None, sqlite3.OperationalError("database or disk is full"))

    engine = app.extensions["database"].engine
    event.listen(engine, "commit", fill_the_disk)
    refused = phone.post(f"/api/v1/submissions/{hazard_id}/withdraw")
    event.remove(engine, "commit", fill_the_disk)
    assert (refused.status, refused.code) == (503, "unavailable")
    assert refused.json["error"]["request_id"] == refused.headers["X-Request-ID"]
    assert phone.get(f"/api/v1/submissions/{hazard_id}").ok().json["status"] == "incomplete"


def test_check_finds_every_part_well(settings: Settings, database: Database, object_store: ObjectStore) -> None:
    findings = list(checks.examine(settings, database, object_store, is_current))
    assert [finding.text for finding in findings if not finding.is_well] == []
    assert {"配置", "数据库", "表结构", "照片存储", "磁盘", "时钟", "后台任务"} <= {
        finding.name for finding in findings
    }


def test_metrics_tell_of_requests_and_jobs(app: Flask) -> None:
    client = app.test_client()
    client.get("/healthz")
    with app.extensions["database"].transaction() as session:
        enqueue(session, "test.nothing")
    text = client.get("/metrics").get_data(as_text=True)
    assert 'suishoupai_requests_total{endpoint="health.healthz",method="GET",status="200"}' in text
    assert 'suishoupai_jobs_in_table{state="ready"} 1.0' in text
    assert 'suishoupai_jobs_in_table{state="dead"} 0.0' in text


@pytest.mark.parametrize(
    ("request_from", "status"),
    [
        ({"environ_base": {"REMOTE_ADDR": "127.0.0.1"}}, 200),
        ({"environ_base": {"REMOTE_ADDR": "203.0.113.9"}}, 403),
        ({"environ_base": {"REMOTE_ADDR": "127.0.0.1"}, "headers": {"X-Forwarded-For": "203.0.113.9"}}, 403),
    ],
    ids=["this machine", "another machine", "another machine by way of a proxy here"],
)
def test_metrics_are_for(app: Flask, request_from: dict[str, Any], status: int) -> None:
    assert app.test_client().get("/metrics", **request_from).status_code == status


@pytest.mark.settings(metrics_token="sesame")
@pytest.mark.parametrize(("token", "status"), [("sesame", 200), ("sesam", 403), ("", 403)])
def test_metrics_with_a_token_are_for_whoever_knows_it(app: Flask, token: str, status: int) -> None:
    answer = app.test_client().get("/metrics", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == status


def test_a_sane_request_id_is_kept(app: Flask) -> None:
    answer = app.test_client().get("/healthz", headers={"X-Request-ID": "abc-1234.DEF_5"})
    assert answer.headers["X-Request-ID"] == "abc-1234.DEF_5"


@pytest.mark.parametrize("given", ["", "short", "x" * 37, "a b c d e f g", "<script>alert</script>"])
def test_any_other_request_id_is_replaced(app: Flask, given: str) -> None:
    answer = app.test_client().get("/healthz", headers={"X-Request-ID": given})
    assert len(answer.headers["X-Request-ID"]) == 32
    assert answer.headers["X-Request-ID"] != given


def test_an_error_carries_the_id_of_its_request(app: Flask) -> None:
    answer = app.test_client().get("/api/v1/me")
    assert answer.get_json()["error"]["request_id"] == answer.headers["X-Request-ID"]


def test_a_request_is_logged_by_its_route_and_not_by_its_address(app: Flask) -> None:
    with structlog.testing.capture_logs() as lines:
        app.test_client().get("/api/v1/submissions/01a20959-76cc-71e3-bc6c-6a9c7d3f3879?token=secret")
    (line,) = [line for line in lines if line["event"] == "request"]
    assert (line["route"], line["status"]) == ("/api/v1/submissions/<uuid:submission_id>", 401)
    assert "secret" not in str(line)
    assert "127.0.0.1" not in str(line)


@pytest.mark.parametrize("backend", [pytest.param("scaled", marks=pytest.mark.servers)], indirect=True)
def test_the_backup_of_a_scaled_out_service_is_left_to_its_parts(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(backup.BackupError, match="pg_dump"):
        backup.back_up(settings, tmp_path / "backup.tar.gz")
