"""An item as the console's page edits it: what is posted, read into its shape, and the shape as the page shows it.

Grades, places, peers and bands stand one a line, the number behind the words: “好 100”, “3 100” (up to the third
place), “镇街 | 镇街” and “优秀 95 80”.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from server.core.errors import Invalid
from server.core.text import clean_line
from server.core.web.errors import invalid_from
from server.oversight.assessment.schemas import (
    ITEM,
    Band,
    Definition,
    GradedItem,
    Item,
    ItemKind,
    Peers,
    RankItem,
    Source,
)
from server.oversight.assessment.texts import say
from server.unions.roles import Level
from server.unions.tree.models import Size

COMMON = ("label", "points", "source", "indicator", "scorer", "remark", "basis")
FLAGS = ("needs_evidence", "is_unverified", "is_lowest_first")
OWN: Mapping[ItemKind, tuple[str, ...]] = {
    ItemKind.GRADED: ("grades",),
    ItemKind.RATIO: ("floor", "target"),
    ItemKind.PER_UNIT: ("each", "unit"),
    ItemKind.LATENESS: ("each",),
    ItemKind.RANK: ("places", "is_lowest_first"),
    ItemKind.BONUS: ("each", "unit"),
    ItemKind.DEDUCTION: ("each", "unit"),
}
LEVEL_WORDS = {"区市": Level.DISTRICT, "镇街": Level.TOWN, "企业": Level.ENTERPRISE}
SIZE_WORDS = {"大型": Size.LARGE, "中型": Size.MEDIUM, "小型": Size.SMALL, "微型": Size.MICRO}
DIRECT, NOT_DIRECT = "市直", "非市直"
_SEVERAL = re.compile(r"[、/，,\s]+")
_NUMBER = re.compile(r"^(.*?)\s+(\d+(?:\.\d+)?)\s*[%％分]?$")


def read_item(kind: ItemKind, key: str, raw: Mapping[str, Any]) -> Item:
    """The item that was posted. Raises Invalid by name of the posted field."""
    data: dict[str, Any] = {"kind": kind, "key": key}
    data |= {name: raw[name] for name in (*COMMON, *OWN.get(kind, ())) if raw.get(name) not in (None, "")}
    data |= {name: bool(raw.get(name)) for name in FLAGS if name in data or name in ("needs_evidence", "is_unverified")}
    if kind is ItemKind.VETO:
        data.pop("points", None)
    if data.get("source") != Source.COMPUTED:
        data.pop("indicator", None)
    else:
        data.pop("scorer", None)
    if "grades" in data:
        data["grades"] = [
            {"label": words, "percent": number} for words, number in _pairs("grades", str(data["grades"]))
        ]  # fmt: skip
    if "places" in data:
        data["places"] = [
            {"up_to": place, "percent": number} for place, number in _pairs("places", str(data["places"]))
        ]  # fmt: skip
    try:
        return ITEM.validate_python(data)
    except ValidationError as error:
        raise Invalid(fields=_by_input(invalid_from(error).fields)) from error


def show_item(item: Item) -> dict[str, Any]:
    """The item as its page shows it: name of the input to value."""
    names = (*COMMON, *FLAGS, *OWN.get(item.kind, ()))
    shown: dict[str, Any] = {name: getattr(item, name) for name in names if hasattr(item, name)}
    shown |= {name: say(shown[name]) for name in ("points", "each", "floor", "target") if name in shown}
    if isinstance(item, GradedItem):
        shown["grades"] = "\n".join(f"{each.label} {say(each.percent)}" for each in item.grades)
    if isinstance(item, RankItem):
        shown["places"] = "\n".join(f"{each.up_to} {say(each.percent)}" for each in item.places)
    return shown


def read_peers(text: str) -> list[dict[str, Any]]:
    """Groups of peers, one a line: “大型企业 | 企业、大型”. Raises Invalid for words that are not known."""
    found = []
    for number, line in enumerate(_lines(text), 1):
        label, _, words = (line + "|").replace("｜", "|").partition("|")
        group: dict[str, Any] = {"key": f"g{number}", "label": label.strip(), "sizes": []}
        for word in filter(None, _SEVERAL.split(words.strip(" |"))):
            if word in LEVEL_WORDS:
                group["level"] = LEVEL_WORDS[word]
            elif word in SIZE_WORDS:
                group["sizes"].append(SIZE_WORDS[word])
            elif word in (DIRECT, NOT_DIRECT):
                group["is_direct"] = word == DIRECT
            else:
                known = "、".join((*LEVEL_WORDS, *SIZE_WORDS, DIRECT, NOT_DIRECT))
                raise Invalid(fields={"peers": f"“{word}”不认识，可以写：{known}"})
        found.append(group)
    return found


def show_peers(scheme: Definition) -> str:
    """The groups as they are written."""
    return "\n".join(_peers_line(each) for each in scheme.peers)


def _peers_line(peers: Peers) -> str:
    words = [word for word, level in LEVEL_WORDS.items() if level is peers.level]
    words += [word for word, size in SIZE_WORDS.items() if size in peers.sizes]
    if peers.is_direct is not None:
        words.append(DIRECT if peers.is_direct else NOT_DIRECT)
    return f"{peers.label} | {'、'.join(words)}" if words else peers.label


def read_bands(text: str) -> list[dict[str, Any]]:
    """Bands, one a line: “优秀 95”, or “优秀 95 80” where every part must have so many percent."""
    found = []
    for line in _lines(text):
        words = line.split()
        if len(words) not in (2, 3):
            raise Invalid(fields={"bands": f"“{line}”：写成“优秀 95”或者“优秀 95 80”"})
        found.append(dict(zip(("label", "least", "each_least"), words, strict=False)))
    return found


def show_bands(scheme: Definition) -> str:
    """The bands as they are written."""
    return "\n".join(_band_line(each) for each in scheme.bands)


def _band_line(band: Band) -> str:
    return " ".join([band.label, say(band.least), *([say(band.each_least)] if band.each_least else [])])


def _lines(text: str) -> list[str]:
    return [line for line in (clean_line(each.replace("\t", "|")) for each in text.split("\n")) if line]


def _pairs(name: str, text: str) -> Iterator[tuple[str, str]]:
    for line in _lines(text):
        match = _NUMBER.match(line)
        if match is None or not match[1]:
            raise Invalid(fields={name: f"“{line}”：后面要写百分之几，前面空一格"})
        yield match[1], match[2]


def _by_input(fields: Mapping[str, str]) -> dict[str, str]:
    """Complaints by the input that they are about: `graded.grades.0.label` is about `grades`."""
    found: dict[str, str] = {}
    for path, words in fields.items():
        parts = path.split(".")
        found.setdefault(parts[1] if len(parts) > 1 else "source", words)
    return found
