"""Reading what a model said: words of a stranger."""

import re
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from server.core.text import clean_line

_OBJECT = re.compile(r"\{.*\}", re.DOTALL)  # some models put a fence or a greeting around it
_NUMBERS = re.compile(r"[A-Za-z0-9]{5,}")  # of plates, telephones, identity cards: none belongs into what is proposed

Shape = TypeVar("Shape", bound=BaseModel)


def read_object(text: str, shape: type[Shape]) -> Shape:
    """The JSON object in an answer; an empty one if there is none of that shape."""
    found = _OBJECT.search(text)
    try:
        return shape.model_validate_json(found[0]) if found else shape()
    except ValidationError:
        return shape()


def clean_words(words: str, most: int) -> str:
    """One line of at most `most` characters; nothing if there are long numbers in it."""
    line = clean_line(words)
    return "" if _NUMBERS.search(line) else line[:most]
