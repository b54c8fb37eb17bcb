"""What the log's actions, subjects and details are called in Chinese, as the slices declare it.

What an older release wrote and none declares any more is shown as it is.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from server.console.display.words import exact_time
from server.core.slice import declared


def action_text(action: str) -> str:
    """An action in Chinese."""
    return declared().audit.actions.get(action, action)


def subject_text(subject_type: str) -> str:
    """A kind of subject in Chinese."""
    return declared().audit.subjects.get(subject_type, subject_type)


def detail_text(key: str) -> str:
    """A detail's name in Chinese."""
    return declared().audit.details.get(key, key)


STATUS_KEYS = frozenset({"from", "to", "status"})
NOTHING: Mapping[Any, str] = {}
Kinds = tuple[str, str]
"""What a row is about, to look its words up by: what its action begins with, and its kind of subject."""


def value_text(kinds: Kinds, key: str, value: Any, names: Mapping[str, str]) -> str:
    """A detail's value as people say it: names instead of ids, times of here, words for codes that are known."""
    if value is None:
        return "无"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(value_text(kinds, key, each, names) for each in value) or "无"
    if isinstance(value, dict):
        parts = (f"{detail_text(name)} {_change_text(kinds, name, each, names)}" for name, each in value.items())
        return "；".join(parts) or "无"
    known = _words_of(kinds, key).get(value)
    if known is not None or not isinstance(value, str):
        return known or str(value)
    return names.get(value) or _moment_text(value) or value


def _words_of(kinds: Kinds, key: str) -> Mapping[Any, str]:
    audit = declared().audit
    if key in STATUS_KEYS:
        return next((audit.statuses[kind] for kind in kinds if kind in audit.statuses), NOTHING)
    known = (audit.values.get(f"{kind}.{key}") for kind in kinds)
    return next(filter(None, known), audit.values.get(key, NOTHING))


def _change_text(kinds: Kinds, key: str, value: Any, names: Mapping[str, str]) -> str:
    """What something was and is, where a pair of both is kept."""
    is_pair = isinstance(value, list) and len(value) == 2 and not any(isinstance(each, dict | list) for each in value)
    if not is_pair:
        return value_text(kinds, key, value, names)
    before, after = (value_text(kinds, key, each, names) for each in value)
    return f"{before} → {after}"


def _moment_text(value: str) -> str | None:
    if len(value) < len("2026-11-29T00:04:07Z") or "T" not in value:
        return None
    try:
        return exact_time(datetime.fromisoformat(value))
    except ValueError:
        return None
