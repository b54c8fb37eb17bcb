"""Passwords that everybody takes are refused, whatever stands between their words."""

import pytest

from server.core.errors import Invalid
from server.unions.accounts.credentials.passwords import check_strength
from tests.support.world import PASSWORD


@pytest.mark.parametrize(
    "password",
    [
        "Password123", "P@ssw0rd2026", "qwertyuiop123", "1qaz2wsx3edc", "woaini1314520", "Admin@123456", "Abc123456789",
        "zhang19880808", "Qingdao@2026", "gonghui.2026!", "welcome-2026-01", "5201314-1314520",
    ],
)  # fmt: skip
def test_a_password_that_everybody_takes_is_refused(password: str) -> None:
    with pytest.raises(Invalid):
        check_strength(password, username="somebody")


@pytest.mark.parametrize(
    "password", [PASSWORD, "an0ther-good-one", "another good one 7", "海边的栈桥上看日出9", "x7-kettle-plum-42"]
)
def test_a_password_of_ones_own_is_taken(password: str) -> None:
    check_strength(password, username="somebody")
