"""Words that somebody typed one after another: 试点、老旧厂房."""

import re

NONE = ("无", "没有")


def listed_words(text: str) -> list[str]:
    """The words, whatever stands between them; of 无, none."""
    return [word for word in re.split(r"[、，,;；\s]+", text) if word and word not in NONE]
