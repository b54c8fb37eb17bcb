"""The mini program's client is made from the document that the service serves today."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.support.backends import make_settings
from tests.support.service import environment
from tests.support.sources import ROOT


def test_the_mini_programs_copy_of_the_document_is_the_services_own(tmp_path: Path) -> None:
    command = Path(sys.executable).with_name("suishoupai")
    env = {**os.environ, **environment(make_settings(tmp_path))}
    printed = subprocess.run([command, "openapi"], env=env, capture_output=True, check=True).stdout
    kept = (ROOT / "miniprogram/openapi.json").read_bytes()
    assert json.loads(kept) == json.loads(printed), "run `suishoupai openapi > miniprogram/openapi.json`"
