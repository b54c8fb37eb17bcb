"""What the log's actions, subjects and details are called in Chinese, as the slices declare it.

What an older release wrote and none declares any more is shown as it is.
"""

import json
from typing import Any

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


def value_text(value: Any) -> str:
    """A detail's value, readable."""
    if value is None:
        return "无"
    if isinstance(value, bool):
        return "是" if value else "否"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
