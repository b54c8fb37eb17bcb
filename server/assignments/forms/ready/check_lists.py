"""Check lists that are ready: `templates.json` in a folder of a slice's data says what each is for, a sheet of the same
name holds its items.

What is not certain there says so in its basis, and stays so in the form that a union makes of it, which it may edit.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import Any

import orjson

from server.assignments.forms.schemas import Definition

UNCERTAIN = "请核对"  # stands in every basis that was not verified


@dataclass(frozen=True, slots=True)
class CheckList:
    """A form that is ready. `season` and `weather` say in words when it is called for; `categories`: of the hazards
    that come of a part."""

    code: str
    title: str
    season: str
    weather: str
    edition: str
    categories: Mapping[str, str]
    definition: Definition

    @property
    def about(self) -> str:
        """What the form made of it says of itself."""
        return f"{self.season}{self.weather}"

    @property
    def item_count(self) -> int:
        return sum(1 for _ in self.definition.fields())

    @property
    def uncertain_count(self) -> int:
        """Items whose basis somebody has to look up."""
        return sum(UNCERTAIN in field.basis for field in self.definition.fields())


def read_check_lists(folder: Traversable) -> Mapping[str, CheckList]:
    """Every one of a folder by its code."""
    return {each.code: each for each in _read(folder)}


def _read(folder: Traversable) -> Iterator[CheckList]:
    for about in orjson.loads((folder / "templates.json").read_bytes()):
        text = (folder / f"{about['code']}.tsv").read_text("utf-8")
        items = [*csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)]
        parts, intro = about.pop("parts"), about.pop("intro")
        sections = [_section(part, intro, items) for part in parts]
        categories = {part["key"]: part["category"] for part in parts}
        yield CheckList(**about, categories=categories, definition=Definition.model_validate({"sections": sections}))


def _section(part: Mapping[str, Any], intro: str, items: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    return {
        "key": part["key"],
        "title": part["title"],
        "intro": intro,
        "may_be_skipped": True,
        "concerns": part["concerns"],
        "fields": [_item(item) for item in items if item["key"].rstrip("0123456789") == part["prefix"]],
    }


def _item(item: Mapping[str, str]) -> dict[str, Any]:
    kept: dict[str, Any] = {name: item[name] for name in ("key", "place", "criterion", "basis", "suspected_major")}
    hint = f"怎样查：{item['method']}。由谁判断：{item['judge']}。"
    return {
        **kept,
        "kind": "check",
        "label": item["content"],
        "hint": hint,
        "required": True,
        "grade": int(item["grade"]),
    }
