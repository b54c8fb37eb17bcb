"""Texts of statutes in a folder outside the repository, article by article, for checking what questions say of them."""

import csv
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

ARTICLE = re.compile(r"^(第[一二三四五六七八九十百零]+条)[\s　]")
HEADING = re.compile(r"^#")
SUPERSEDED = re.compile(r"取代|废止|旧文本")


@dataclass(frozen=True, slots=True)
class Statute:
    """A statute's text. `articles`: by number (第五条), without white space."""

    title: str
    version: date
    articles: dict[str, str]


def read_statutes(folder: Path) -> dict[str, Statute]:
    """Statutes by title, as `index.tsv` of the folder lists them; of two texts of one title the newer.

    Texts that the index calls superseded are left out. Raises OSError when a listed file is missing.
    """
    found: dict[str, Statute] = {}
    with (folder / "index.tsv").open(encoding="utf-8", newline="") as index:
        for row in csv.DictReader(index, delimiter="\t"):
            version = date.fromisoformat(row["version_date"])
            known = found.get(row["title"])
            if SUPERSEDED.search(row["title"]) or (known and known.version > version):
                continue
            text = (folder / f"{row['slug']}.md").read_text(encoding="utf-8")
            found[row["title"]] = Statute(row["title"], version, split_articles(text))
    return found


def split_articles(text: str) -> dict[str, str]:
    """The articles of a statute's text by number, without white space. Headings belong to none."""
    articles: dict[str, list[str]] = {}
    current: list[str] = []
    for line in text.splitlines():
        begins = ARTICLE.match(line)
        if begins:
            current = articles.setdefault(begins[1], [])
        elif HEADING.match(line):
            current = []
        current.append(line)
    return {number: squeeze("".join(lines)) for number, lines in articles.items()}


def squeeze(text: str) -> str:
    """The text without any white space."""
    return re.sub(r"\s+", "", text)
