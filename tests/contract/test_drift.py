"""What the mini program keeps of the service is what the service says today."""

import json
from pathlib import Path

import pytest

from server import cli
from tests.support import form_cases
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


def test_the_phone_checks_answers_to_forms_by_what_the_service_says_of_them() -> None:
    kept = form_cases.PATH.read_text(encoding="utf-8")
    assert kept == form_cases.text(), "run `python -m tests.support.form_cases`, then the phone's tests"
