"""How the console says times and deadlines."""

from datetime import UTC, datetime, timedelta

import pytest

from server.console.display import words

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)  # Monday 16:30 in Shanghai


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (NOW, "今天 16:30"),
        (NOW - timedelta(hours=16, minutes=29), "今天 00:01"),
        (NOW - timedelta(hours=16, minutes=31), "昨天 23:59"),
        (NOW - timedelta(days=2), "11月21日 16:30"),
        (NOW - timedelta(days=365), "2025年11月23日 16:30"),
        (NOW + timedelta(days=1), "11月24日 16:30"),
        (None, "—"),
    ],
)
def test_a_time_is_said_as_people_in_shanghai_would(moment: datetime | None, said: str) -> None:
    assert words.local_time(moment, NOW) == said


@pytest.mark.parametrize(
    ("due_at", "text", "tone"),
    [
        (NOW - timedelta(minutes=5), "逾期 1 小时", "late"),
        (NOW - timedelta(hours=23), "逾期 1 个工作日", "late"),
        (NOW - timedelta(days=3, hours=2), "逾期 1 个工作日", "late"),  # since Friday
        (NOW + timedelta(hours=1), "今天 17:30 前", "soon"),
        (NOW + timedelta(hours=8), "明天到期", "soon"),
        (NOW + timedelta(days=3), "还有 3 个工作日", "calm"),
        (NOW + timedelta(days=7), "还有 5 个工作日", "calm"),
    ],
)
def test_a_deadline_is_said_relative_to_now_with_its_urgency(due_at: datetime, text: str, tone: str) -> None:
    due = words.due_in_words(due_at, NOW)
    assert due is not None
    assert (due.text, due.tone) == (text, tone)
    assert due.exact == words.exact_time(due_at)


def test_on_a_day_off_nothing_is_counted_that_nobody_could_work_on() -> None:
    saturday = NOW + timedelta(days=5)
    late, ahead = (
        words.due_in_words(NOW + timedelta(days=4), saturday),
        words.due_in_words(NOW + timedelta(7), saturday),
    )
    assert late is not None
    assert ahead is not None
    assert (late.text, ahead.text, ahead.tone) == ("已逾期", "还有 1 个工作日", "soon")


def test_no_deadline_says_nothing() -> None:
    assert words.due_in_words(None, NOW) is None


def test_the_exact_time_names_the_weekday() -> None:
    assert words.exact_time(NOW) == "2026年11月23日（周一）16:30:00"


@pytest.mark.parametrize(
    ("gone", "said"),
    [
        (timedelta(seconds=59), "刚刚"),
        (timedelta(minutes=5), "5 分钟前"),
        (timedelta(hours=3, minutes=59), "3 小时前"),
        (timedelta(days=2), "2 天前"),
    ],
)
def test_the_past_is_said_in_the_largest_whole_unit(gone: timedelta, said: str) -> None:
    assert words.ago(NOW - gone, NOW) == said


@pytest.mark.parametrize(("size", "said"), [(300, "1 KB"), (812_000, "812 KB"), (3_460_000, "3.5 MB")])
def test_a_file_size_is_short(size: int, said: str) -> None:
    assert words.file_size(size) == said
