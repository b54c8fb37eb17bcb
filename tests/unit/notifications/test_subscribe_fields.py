"""Values of subscribe messages, and the hours in which none are sent."""

import ast
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.notifications.subscribe.message_templates.fields import RULES, fit, problem
from server.notifications.subscribe.message_templates.occasions import SAMPLE, after_quiet, render
from server.review.rectification.messages import OUTCOMES
from server.review.submissions.messages import BY_WECHAT
from tests.simulators.wechat import fields as wechats
from tests.support.sources import server_modules

KEYS = [f"{kind}1" for kind in RULES]


@pytest.mark.parametrize(
    ("key", "value", "fits"),
    [
        ("thing1", "一" * 20, True),
        ("thing1", "一" * 21, False),
        ("thing1", "换\n行", False),
        ("thing1", "", False),
        ("phrase2", "已受理", True),
        ("phrase2", "已受理的事情", False),
        ("phrase2", "OK", False),
        ("time3", "2026年11月24日 09:30", True),
        ("time3", "09:30~10:30", True),
        ("time3", "早上", False),
        ("date3", "2026-11-24", True),
        ("character_string4", "A-100", True),
        ("character_string4", "编号A", False),
        ("name5", "一二三四五六七八九十", True),
        ("name5", "一二三四五六七八九十一", False),
        ("name5", "abcdefghijklmnopqrst", True),
        ("number6", "12.5", True),
        ("amount7", "¥100.50元", True),
        ("phone_number8", "0532-12345678", True),
        ("car_number9", "鲁B12345挂", True),
        ("word1", "没有的类型", False),
    ],
)
def test_values_follow_wechats_rules(key: str, value: str, fits: bool) -> None:
    assert (problem(key, value) is None) is fits
    assert wechats.is_valid(key, value) is fits


@given(st.sampled_from(KEYS), st.text(max_size=60))
def test_the_simulator_takes_whatever_the_service_takes(key: str, value: str) -> None:
    fitted = fit(key, value)
    if problem(key, fitted) is None:
        assert wechats.is_valid(key, fitted)


@given(st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1, max_size=200))
def test_words_of_any_length_are_cut_to_what_fits(words: str) -> None:
    for key in ("thing1", "phrase1", "name1"):
        assert problem(key, fit(key, words)) is None


def test_every_result_is_a_phrase() -> None:
    results = [*OUTCOMES.values(), *(outcome for _, outcome in BY_WECHAT.values()), *_spelt_out()]
    assert len(results) == 26
    assert {result for result in results if problem("phrase1", result)} == set()


def _spelt_out() -> Iterator[str]:
    """The outcomes in calls of `WechatNotice`."""
    for text in (text for _, text in server_modules() if "WechatNotice(" in text):
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "WechatNotice":
                yield from (str(each.value) for each in node.args[2:] if isinstance(each, ast.Constant))


def test_unknown_placeholders_stay_to_be_seen() -> None:
    assert render("{结果}：{别的}", SAMPLE) == "已受理：{别的}"


@pytest.mark.parametrize(
    ("moment", "due"),
    [
        ("2026-11-24T12:59Z", "2026-11-24T12:59Z"),  # 20:59 in China
        ("2026-11-24T13:00Z", "2026-11-25T00:00Z"),  # 21:00 → 08:00
        ("2026-11-24T18:00Z", "2026-11-25T00:00Z"),  # 02:00 → 08:00 the same morning
        ("2026-11-24T23:59Z", "2026-11-25T00:00Z"),
        ("2026-11-25T00:00Z", "2026-11-25T00:00Z"),
    ],
)
def test_the_night_is_slept_through(moment: str, due: str) -> None:
    assert after_quiet(datetime.fromisoformat(moment), 21, 8) == datetime.fromisoformat(due)


@given(st.datetimes(timezones=st.just(UTC)), st.integers(0, 23), st.integers(0, 23))
def test_quiet_hours_end_within_a_day_and_outside_of_themselves(moment: datetime, start: int, end: int) -> None:
    if not datetime(1992, 1, 1, tzinfo=UTC) < moment < datetime(2100, 1, 1, tzinfo=UTC):
        return  # China had summer time until 1991
    due = after_quiet(moment, start, end)
    assert moment <= due < moment + timedelta(days=1)
    assert after_quiet(due, start, end) == due
    if start == end:
        assert due == moment
