"""What cells hold besides plain text: words that stand for a value, whole numbers as people and Excel write them."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BeforeValidator

from server.core.text import fold


def worded(words: Mapping[str, object]) -> BeforeValidator:
    """Takes these words alone, and gives what they stand for."""

    def from_words(value: object) -> object:
        if isinstance(value, StrEnum | bool):
            return value
        if str(value) not in words:
            raise ValueError(f"只能填：{'、'.join(words)}")
        return words[str(value)]

    return BeforeValidator(from_words)


def turned(names: Mapping[Any, str]) -> dict[str, object]:
    """Values by their names."""
    return {words: member for member, words in names.items()}


def _whole_number(value: object) -> object:
    """1,200人 is 1200, and so is 1200.0, as Excel gives it."""
    if not isinstance(value, str):
        return value
    plain = re.sub(r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))", "", fold(value)).removesuffix("人").removesuffix(".0")
    if not (plain.isascii() and plain.isdigit() and len(plain) < 10):
        raise ValueError("要填整数")
    return plain


Whole = Annotated[int, BeforeValidator(_whole_number)]
