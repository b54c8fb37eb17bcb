"""What is shipped for operators fits what is there: units name commands that exist, the composition adds up."""

import configparser
import json
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from server import cli
from server.core.settings import PREFIX, Settings
from tests.support.sources import ROOT

UNITS = sorted((ROOT / "docs" / "deployment").glob("*.service"))
COMPOSE = (ROOT / "compose.yaml").read_text()
POOL = 30  # connections a process may open: pool_size and max_overflow of server/core/db.py


def unit(path: Path) -> configparser.RawConfigParser:
    """A unit, whose keys may come more than once."""
    found = configparser.RawConfigParser(strict=False)
    found.optionxform = str  # type: ignore[assignment,method-assign]  # keys as written: documented use of configparser
    found.read(path)
    return found


def composition() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(COMPOSE)
    return found


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_starts_what_exists_and_keeps_files_to_its_owner(path: Path) -> None:
    service = unit(path)["Service"]
    assert service["UMask"] == "0077"
    assert service["StateDirectoryMode"] == "0700"
    assert service["User"] != "root"
    for key in ("ExecStartPre", "ExecStart"):
        if key not in service:
            continue
        program, *arguments = shlex.split(service[key])
        if program.endswith("/suishoupai"):
            assert cli._parser().parse_args(arguments).command
        else:
            assert program.endswith("/gunicorn")
            assert arguments == ["--config", "python:server.core.ops.gunicorn_conf", "server.wsgi:app"]
    named = re.findall(rf"^Environment={PREFIX}(\w+)=", path.read_text(), re.MULTILINE)
    assert set(named) <= {field.upper() for field in Settings.model_fields} | {"BIND"}


def test_there_is_a_unit_for_each_shape() -> None:
    assert [path.stem for path in UNITS] == ["suishoupai-web", "suishoupai-worker", "suishoupai"]


def test_every_command_that_the_operators_page_names_exists() -> None:
    text = (ROOT / "docs" / "operations.md").read_text()
    commands = {match.split()[0] for match in re.findall(r"`suishoupai ([a-z][^`]*)`", text)}
    known = set(cli._parser()._subparsers._group_actions[0].choices)  # type: ignore[union-attr,arg-type]  # argparse's own
    assert commands <= known | {"serve"}, commands - known


def test_the_connections_of_the_scale_that_is_named_add_up() -> None:
    web, worker = map(int, re.search(r"--scale web=(\d+) --scale worker=(\d+)", COMPOSE).groups())  # type: ignore[union-attr]  # it is there
    processes = Settings.model_fields["web_workers"].default
    (allowed,) = re.findall(r"max_connections=(\d+)", COMPOSE)
    assert int(allowed) >= web * processes * POOL + worker * POOL + 10


def test_only_the_proxy_has_a_port_and_names_are_resolved_again() -> None:
    services = composition()["services"]
    assert [name for name, service in services.items() if "ports" in service] == ["proxy"]
    nginx = composition()["configs"]["nginx"]["content"]
    assert "resolver 127.0.0.11" in nginx
    assert all(" resolve;" in line for line in nginx.splitlines() if line.startswith("upstream"))


def test_each_part_has_a_password_and_the_service_no_more_rights_than_it_needs() -> None:
    services, configs = composition()["services"], composition()["configs"]
    assert "--requirepass" in services["redis"]["command"]
    assert services["database"]["environment"]["POSTGRES_USER"] == "postgres"
    assert "NOSUPERUSER NOCREATEDB NOCREATEROLE" in configs["database"]["content"]
    assert "//suishoupai:" in services["web"]["environment"]["SUISHOUPAI_DATABASE_URL"]
    identities = json.loads(configs["s3"]["content"])["identities"]
    (mine,) = [each for each in identities if each["name"] == "suishoupai"]
    assert mine["actions"] == ["Read:photos", "List:photos", "Write:photos"]
    assert services["web"]["environment"]["SUISHOUPAI_S3_ACCESS_KEY"] == "suishoupai"


def test_processes_load_no_large_package_that_they_may_never_use() -> None:
    """What is drawn, read and compared is so in children, or where it is done; each package is 5 to 40 MB a process."""
    program = """
import sys
import server.app, server.worker
from server.wiring import rooms, wire
wire()
rooms("api"), rooms("console")
print(*{"PIL", "av", "boto3", "cv2", "numpy", "openpyxl", "psycopg"} & {*sys.modules})
"""
    found = subprocess.run([sys.executable, "-c", program], check=True, cwd=ROOT, capture_output=True, text=True)
    assert found.stdout.split() == []
