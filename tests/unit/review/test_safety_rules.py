"""When WeChat is asked again, and how long texts are cut for it."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from server.review.safety.rules import BACK_OFF, again_at, cause, label_text, pieces, worst
from server.wechat.gateway import MAX_CHECKED, TextVerdict
from server.wechat.outcomes import WechatRefused, WechatSilent

NOW = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)


@given(st.integers(1, 9000), st.integers(0, 8990))
def test_every_word_is_whole_in_some_piece(length: int, at: int) -> None:
    text = "工" * min(at, length) + "违禁的话" + "工" * length
    found = list(pieces(text))
    assert all(0 < len(piece) <= MAX_CHECKED for piece in found)
    assert any("违禁的话" in piece for piece in found)


def test_the_most_severe_verdict_counts() -> None:
    verdicts = [TextVerdict("pass", 100), TextVerdict("risky", 20002), TextVerdict("review", 10001)]
    assert worst(verdicts) == TextVerdict("risky", 20002)


def test_failures_are_tried_again_with_growing_pauses_and_not_for_ever() -> None:
    silent = WechatSilent("x", "closed", maybe_done=True)
    assert [again_at(silent, tries, NOW) for tries in (1, 2)] == [NOW + BACK_OFF[0], NOW + BACK_OFF[1]]
    assert again_at(silent, len(BACK_OFF) + 1, NOW) is None


def test_what_lies_with_the_person_is_not_tried_again() -> None:
    assert again_at(WechatRefused("x", 61010), 1, NOW) is None
    assert cause(WechatRefused("x", 61010)) == "inactive"


def test_a_repeated_request_is_only_too_early() -> None:
    assert again_at(WechatRefused("x", 87020), 1, NOW) == NOW + timedelta(minutes=1)


def test_labels_never_seen_are_said_in_words_too() -> None:
    assert label_text(20002) == "色情"
    assert label_text(99999) == label_text(None) == "不宜公开"
