"""What is committed can be cloned and built by anyone, anywhere."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.support.sources import ROOT, named, texts

PINNED = re.compile(r"^([a-z0-9][a-z0-9._-]*(?:\[[^\]]+\])?)==([^ ;\\]+)", re.MULTILINE)
PRIVATE = re.compile(r"(?<![\w.])/(?:work|root|opt/pypi|opt/wheels|tmp/team)(?:/|\b)|r-seed-|\.internal\b")


def pins(lock: str) -> dict[str, str]:
    """Package → version of a lock file."""
    return dict(PINNED.findall((ROOT / lock).read_text()))


def test_the_test_lock_holds_all_of_the_runtime_lock() -> None:
    assert pins("requirements.txt").items() <= pins("requirements-test.txt").items()


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-test.txt"])
def test_every_locked_package_has_hashes_and_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text()
    entries = re.split(r"\n(?=[a-z0-9])", text)
    assert all("--hash=sha256:" in entry for entry in entries)
    assert not re.search(r"https?://|--index-url|--find-links|file:", text)


def test_npm_locks_name_no_registry_of_ours() -> None:
    for path, text in texts():
        if path.name == "package-lock.json":
            packages = json.loads(text)["packages"].values()
            hosts = {
                re.sub(r"^https?://([^/]+)/.*", r"\1", entry["resolved"]) for entry in packages if "resolved" in entry
            }
            assert hosts <= {"registry.npmjs.org"}, named(path)
            assert all("integrity" in entry for entry in packages if "resolved" in entry), named(path)


def test_packages_of_npm_are_named_by_one_version_each() -> None:
    loose = {
        f"{named(path)}: {name} {version}"
        for path, text in texts() if path.name == "package.json"
        for kind in ("dependencies", "devDependencies") for name, version in json.loads(text).get(kind, {}).items()
        if not re.fullmatch(r"\d+\.\d+\.\d+(-[\w.]+)?", version)
    }  # fmt: skip
    assert loose == set()


def test_no_file_names_a_private_path() -> None:
    own = Path(__file__).resolve()
    found = {
        named(path): sorted({match.group() for match in PRIVATE.finditer(text)})
        for path, text in texts()
        if path != own and PRIVATE.search(text)
    }
    assert found == {}


def test_scripts_are_executable_and_parse() -> None:
    for path, text in texts():
        if text.startswith("#!") and path.parent.name in {"scripts", ".ci"}:
            assert os.access(path, os.X_OK), named(path)
            if "bash" in text.splitlines()[0]:
                subprocess.run(["bash", "-n", str(path)], check=True)


def test_hadolint_finds_nothing_in_the_dockerfile() -> None:
    hadolint = Path(sys.executable).with_name("hadolint")
    done = subprocess.run([hadolint, ROOT / "Dockerfile"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_the_image_is_built_by_the_scripts_and_runs_as_nobody_special() -> None:
    stages = (ROOT / "Dockerfile").read_text().split("\nFROM ")
    packages, pages, fonts, final = stages[1:]
    assert "RUN scripts/build packages" in packages
    assert "RUN scripts/build console h5" in pages
    assert "AS fonts" in fonts  # the one thing from the distribution: a Chinese font for certificates
    assert "USER 10001" in final
    for built in (packages, pages, final):
        assert not re.search(r"\b(apt-get|pip|npm)\b", built)


def test_the_composition_has_all_parts_and_keeps_no_secret() -> None:
    text = (ROOT / "compose.yaml").read_text()
    services = yaml.safe_load(text)["services"]
    assert {"proxy", "web", "worker", "migrate", "database", "redis", "objects"} <= set(services)
    for name in re.findall(r"(?:SECRET|PASSWORD)\w*: (.+)", text):
        assert name.startswith(("${", "postgresql")), name
    settings = {name for name in services["web"]["environment"] if name.startswith("SUISHOUPAI_")}
    from server.core.settings import PREFIX, Settings

    assert settings <= {PREFIX + field.upper() for field in Settings.model_fields}
