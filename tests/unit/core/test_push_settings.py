"""A door for pushes that is half set up does not start."""

import pytest
from pydantic import ValidationError

from server.core.settings import Settings

SECRET, KEY = "a secret that is long enough for tests", "a" * 43
WHOLE = {
    "public_url": "https://ssp.example.org", "official_account_app_id": "wx1", "official_account_app_secret": "s",
    "official_account_token": "abc123", "official_account_aes_key": KEY, "wechat_app_id": "wx2",
    "wechat_app_secret": "s", "wechat_push_token": "abc123", "wechat_push_aes_key": KEY,
}  # fmt: skip


def make(**changes: str) -> Settings:
    return Settings(**{"secret_key": SECRET, **WHOLE, **changes})  # type: ignore[arg-type]  # pydantic makes secrets of texts


def test_both_doors_can_be_set_up() -> None:
    assert make(official_account_aes_key_previous=KEY).official_account_token.get_secret_value() == "abc123"
    make(official_account_aes_key="", wechat_push_aes_key="")


@pytest.mark.parametrize(
    "change",
    [
        {"public_url": ""},
        {"official_account_app_secret": ""},
        {"official_account_token": ""},
        {"official_account_token": "中文"},
        {"official_account_token": "x" * 33},
        {"official_account_aes_key": "short"},
        {"official_account_aes_key": "a" * 42 + "="},
        {"official_account_aes_key": "", "official_account_aes_key_previous": KEY},
        {"wechat_app_id": "", "wechat_app_secret": ""},
        {"wechat_push_aes_key": "b" * 44},
        {"wechat_push_token": ""},
        {"official_account_draft_minutes": "0"},
    ],
)
def test_a_door_that_is_half_set_up_is_refused(change: dict[str, str]) -> None:
    with pytest.raises(ValidationError) as refused:
        make(**change)
    assert KEY not in str(refused.value)
