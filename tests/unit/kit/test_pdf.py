"""PDF by LibreOffice."""

from unittest.mock import Mock

import pytest

from server.kit.documents.files.pdf import is_present


def test_libreoffice_is_looked_for_once_however_many_pages_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    which = Mock(return_value=None)
    monkeypatch.setattr("shutil.which", which)
    assert [is_present("an-office-of-its-own") for _ in range(3)] == [False] * 3
    which.assert_called_once_with("an-office-of-its-own")
