"""The reviewers' handbook and the news, as docs/ keeps them, in chapters for the page."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt
from markupsafe import Markup

from server.core.settings import REPOSITORY

HANDBOOK = REPOSITORY / "docs" / "handbook.zh.md"
NEWS = REPOSITORY / "docs" / "news.zh.md"
_HEADING = re.compile(r"^## ", re.MULTILINE)
_NEW_LINE = re.compile(r"(?<=。)\n(?=\*\*|[^\s\-*+|#>`\d])")
"""After a sentence that ends its line, before words: lines that are one matter each, no wall of text."""
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")


@dataclass(frozen=True, slots=True)
class Chapter:
    """What stands under one heading, as HTML."""

    heading: str
    html: Markup


@cache
def chapters(path: Path) -> tuple[Chapter, ...]:
    """The chapters of a document, without its title and what comes before the first heading; none where it was not
    installed."""
    if not path.exists():
        return ()
    _, *texts = _HEADING.split(path.read_text("utf-8"))
    return tuple(_chapter(text) for text in texts)


def _chapter(text: str) -> Chapter:
    heading, _, body = text.partition("\n")
    body = _NEW_LINE.sub("\n\n", body)
    return Chapter(heading.strip(), Markup(_MARKDOWN.render(body)))  # noqa: S704 - our own document, raw HTML is off


def latest_news() -> str:
    """The day of what is newest, "" without news: chapters of the news are called by their days, the last one first."""
    return next((chapter.heading for chapter in chapters(NEWS)), "")
