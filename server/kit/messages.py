"""A message as its sender words it; the inbox delivers it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Message:
    """A title of at most 60 characters, and a body."""

    title: str
    body: str


def about(excerpt: str | None) -> str:
    """What a message to followers calls a hazard. None: it was reported anonymously, its words may betray by whom."""
    return "你关注的隐患" if excerpt is None else f"“{excerpt}”"
