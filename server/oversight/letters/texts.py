"""Words of letters: names of kinds and states, the default text of each kind, the number as it is written."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from server.core.text import fold_width
from server.oversight.letters.models import LetterKind, LetterStatus

NO_ITEMS = "（请写明问题）"


@dataclass(frozen=True, slots=True)
class Draft:
    """What a letter of a kind starts from: its name, its word in the number, subject and body."""

    name: str
    word: str
    subject: str
    body: str


def _load() -> Mapping[LetterKind, Draft]:
    texts = json.loads((Path(__file__).parent / "data" / "letters.json").read_text(encoding="utf-8"))
    return {kind: Draft(**texts[kind.value]) for kind in LetterKind}


DRAFTS = _load()
KIND_NAMES: Mapping[LetterKind, str] = {kind: draft.name for kind, draft in DRAFTS.items()}
STATUS_NAMES: Mapping[LetterStatus, str] = {
    LetterStatus.DRAFT: "草稿",
    LetterStatus.ISSUED: "待答复",
    LetterStatus.REPLIED: "已答复",
    LetterStatus.WITHDRAWN: "已撤回",
}
CHIPS: Mapping[LetterStatus, str] = {
    LetterStatus.DRAFT: "plain",
    LetterStatus.ISSUED: "brand",
    LetterStatus.REPLIED: "ok",
    LetterStatus.WITHDRAWN: "plain",
}


_WRITTEN = re.compile(r"(.*?)[〔（([【](20\d\d)[〕）)\]】]0*(\d{1,6})号?")


def read_number(text: str) -> tuple[str, int, int] | None:
    """What stands before the year (part of it may be missing), the year and the number of a letter; None if it is no
    letter's number."""
    written = _WRITTEN.fullmatch(fold_width(text))
    return (written[1], int(written[2]), int(written[3])) if written else None


MOST_SAID = 4000
"""Characters about problems in a text of 5,000; the letter is linked with all of them."""


def default_body(kind: LetterKind, items: Sequence[str]) -> str:
    """The text of a kind with the problems in it, numbered."""
    shown = [item for number, item in enumerate(items) if sum(map(len, items[: number + 1])) <= MOST_SAID] or items[:1]
    lines = "\n".join(f"{number}. {item}" for number, item in enumerate(shown, 1))
    if len(shown) < len(items):
        lines += f"\n以上为其中 {len(shown)} 条，共 {len(items)} 条。"
    return DRAFTS[kind].body.replace("{items}", lines or NO_ITEMS)
