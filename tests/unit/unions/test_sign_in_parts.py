"""Passwords, codes, tokens and ways back."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core.errors import Invalid
from server.core.web.safe_next import HOME, safe_next
from server.unions.accounts.credentials.passwords import (
    check_strength,
    hash_password,
    one_time_password,
    verify_password,
)
from server.unions.accounts.sessions.tokens import TOKEN_LENGTH, hash_token, new_token
from server.unions.sign_in.requests.devices import describe_device
from server.unions.sign_in.second_factor.totp import enrolment_svg, matching_step, new_secret

NOW = datetime(2026, 11, 2, 8, 0, 10, tzinfo=UTC)


def test_a_password_is_known_again_and_no_other_is() -> None:
    stored = hash_password("right one")
    assert verify_password(stored, "right one")
    assert not verify_password(stored, "wrong one")
    assert "right one" not in stored


def test_without_a_stored_hash_no_password_is_right() -> None:
    assert not verify_password(None, "anything")
    assert not verify_password("not a hash", "anything")


@pytest.mark.parametrize("password", ["short1", "1234567890123", "aaaaaaaaaaaaa1", "x" * 201, "my-Zhangsan-pass1"])
def test_weak_passwords_are_refused(password: str) -> None:
    with pytest.raises(Invalid, match="weak_password"):
        check_strength(password, username="zhangsan")


def test_one_time_passwords_are_strong_and_differ() -> None:
    made = {one_time_password() for _ in range(20)}
    assert len(made) == 20
    for password in made:
        check_strength(password, username="zhangsan")


def test_tokens_have_one_length_and_only_their_hash_is_comparable() -> None:
    token = new_token()
    assert len(token) == TOKEN_LENGTH
    assert hash_token(token) == hash_token(token) != hash_token(new_token())


def test_a_code_belongs_to_its_half_minute_give_or_take_one() -> None:
    secret = new_secret()
    generator = pyotp.TOTP(secret)
    step = int(NOW.timestamp()) // 30
    for drift in (-1, 0, 1):
        assert matching_step(secret, generator.at(NOW + timedelta(seconds=30 * drift)), NOW) == step + drift
    for drift in (-3, 3):
        assert matching_step(secret, generator.at(NOW + timedelta(seconds=30 * drift)), NOW) is None


def test_a_code_may_be_typed_with_a_space() -> None:
    secret = new_secret()
    code = pyotp.TOTP(secret).at(NOW)
    assert matching_step(secret, f"{code[:3]} {code[3:]}", NOW) is not None


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "１２３４５６", "12345\n"])
def test_what_is_no_code_fits_no_step(code: str) -> None:
    assert matching_step(new_secret(), code, NOW) is None


def test_without_a_secret_no_code_fits() -> None:
    assert matching_step("", "000000", NOW) is None


def test_the_enrolment_code_is_an_inline_picture() -> None:
    svg = enrolment_svg(new_secret(), "zhangsan")
    assert svg.startswith("<svg")
    assert "<script" not in svg


@pytest.mark.parametrize(
    "wanted", ["/console/", "/console/queue?status=queued&after=abc", "/console/a%20b", "/console"]
)
def test_one_goes_back_to_where_one_wanted_within_the_console(wanted: str) -> None:
    assert safe_next(wanted) == wanted


@pytest.mark.parametrize(
    "wanted",
    [
        None, "", "https://example.org/console/", "//example.org/console/", "/\\example.org", "/consolex", "/api/v1/me",
        "/console//example.org", "/console/../h5/", "/console/\r\nSet-Cookie: a=b", "/console/sign-in",
        "/console/sign-in?next=/console/", "/console/sign-out", "/console/" + "a" * 3000, "javascript:alert(1)",
    ],
)  # fmt: skip
def test_nobody_is_sent_elsewhere_after_signing_in(wanted: str | None) -> None:
    assert safe_next(wanted) == HOME


@given(st.text())
def test_whatever_is_asked_the_way_back_stays_in_the_console(wanted: str) -> None:
    assert safe_next(wanted).startswith("/console")


def test_devices_are_described_in_words() -> None:
    assert describe_device("Mozilla/5.0 (Windows NT 10.0) AppleWebKit Chrome/120 Safari") == "Windows 电脑 · Chrome"
    assert describe_device("Mozilla/5.0 (Linux; Android 14) MicroMessenger/8.0") == "安卓手机 · 微信"
    assert describe_device("") == "未知设备"
