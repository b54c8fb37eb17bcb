"""The mini program's client is made from the document that the service serves today."""

import json
from pathlib import Path

import pytest

from server import cli
from tests.support.backends import make_settings
from tests.support.service import environment
from tests.support.sources import ROOT


def test_the_mini_programs_copy_of_the_document_is_the_services_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    for name, value in environment(make_settings(tmp_path)).items():
        monkeypatch.setenv(name, value)
    assert cli.main(["openapi"]) == 0
    printed = capsysbinary.readouterr().out
    kept = (ROOT / "miniprogram/openapi.json").read_bytes()
    assert json.loads(kept) == json.loads(printed), "run `suishoupai openapi > miniprogram/openapi.json`"
