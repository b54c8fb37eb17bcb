"""What a page of the console shows, whatever the line breaks of its markup."""

import re
from html.parser import HTMLParser
from typing import NamedTuple


class Link(NamedTuple):
    """A link: its words, and where it leads."""

    text: str
    href: str


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Link] = []
        self._href: str | None = None
        self._words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self._href, self._words = dict(attrs).get("href"), []

    def handle_data(self, data: str) -> None:
        self._words.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._href is not None:
            self.found.append(Link(squeeze("".join(self._words)), self._href))
            self._href = None


def squeeze(text: str) -> str:
    """Every run of white space as one space, none at the ends."""
    return " ".join(text.split())


def tight(page: str) -> str:
    """The markup without the line breaks and indentation between and within its tags."""
    return re.sub(r"(?<=>)\s+|\s+(?=[<>]|/>)", "", page)


def links(page: str, leading_to: str = "") -> list[Link]:
    """The links of a page in their order: those whose whole address matches `leading_to`, if it is given."""
    parser = _Links()
    parser.feed(page)
    return [link for link in parser.found if not leading_to or re.fullmatch(leading_to, link.href)]
