"""What the log's actions, subjects and details are called in Chinese, as the slices declare it.

What an older release wrote and none declares any more is shown as it is.
"""

import json
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
DOORS = {"console": "管理端", "api": "手机"}


def value_text(subject_type: str, key: str, value: Any, names: Mapping[str, str]) -> str:
    """A detail's value as people say it: names instead of ids, times of here, words for codes that are known."""
    if value is None:
        return "无"
    if isinstance(value, bool):
        return "是" if value else "否"
    if not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if key in STATUS_KEYS:
        return declared().audit.statuses.get(subject_type, {}).get(value, value)
    return names.get(value) or DOORS.get(value) or _moment_text(value) or value


def _moment_text(value: str) -> str | None:
    if len(value) < len("2026-11-29T00:04:07Z") or "T" not in value:
        return None
    try:
        return exact_time(datetime.fromisoformat(value))
    except ValueError:
        return None
