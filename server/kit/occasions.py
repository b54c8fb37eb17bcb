"""At which occasions people agree to hear by WeChat: one template each."""

from enum import StrEnum


class Occasion(StrEnum):
    """What a message tells of."""

    RESULT = "result"
    QUESTION = "question"
    RECTIFICATION = "rectification"
    SUGGESTION = "suggestion"
    AWARD = "award"
    DESK = "desk"  # something for a reviewer
