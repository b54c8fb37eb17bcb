"""HTML in questions from elsewhere, as the words that people read. Pure, and linear in its input."""

import html
import re

_BREAKS = re.compile(r"<\s*(?:br|/p|/div|/li|/tr|/h[1-6])\b[^<>]*>", re.IGNORECASE)
_TAGS = re.compile(r"</?[A-Za-z!][^<>]*>")
_PICTURES = re.compile(r"<\s*(?:img|svg|video|audio|object|iframe)\b|@@PLUGINFILE@@", re.IGNORECASE)
_BLANKS = re.compile(r"[ \t\xa0]+")


def has_picture(text: str) -> bool:
    """Whether the text refers to something that words cannot tell."""
    return _PICTURES.search(text) is not None


def plain_text(text: str) -> str:
    """The words of HTML: a line for each paragraph, nothing of its tags."""
    words = html.unescape(_TAGS.sub("", _BREAKS.sub("\n", _BLANKS.sub(" ", text.replace("\n", " ")))))
    lines = (_BLANKS.sub(" ", line).strip() for line in words.split("\n"))
    return "\n".join(line for line in lines if line)
