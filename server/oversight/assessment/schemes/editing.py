"""Changes of a scheme. Pure: one in, another out. Raise Invalid where it does not hang together."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from pydantic import ValidationError

from server.core.errors import Invalid, NotFound
from server.core.web.errors import invalid_from
from server.kit.indicators import all_indicators
from server.oversight.assessment.schemas import BESIDE, Definition, Item, Part, Source
from server.oversight.assessment.texts import USAGE_WORDS

P = TypeVar("P", Part, Item)


def read_definition(kept: Any) -> Definition:
    """The scheme in what was kept or came in. Raises Invalid in the words of what does not fit."""
    try:
        return Definition.model_validate(kept)
    except ValidationError as error:
        fields = invalid_from(error).fields
        raise Invalid("；".join(dict.fromkeys(fields.values())), fields=fields, code="scheme_does_not_fit") from error


def with_changes(scheme: Definition, **changes: Any) -> Definition:
    """The scheme with other rules or parts, checked anew."""
    return read_definition({**scheme.model_dump(mode="json"), **changes})


def add_part(scheme: Definition, title: str) -> Definition:
    """One more part at the end."""
    key = _new_key("p", [each.key for each in scheme.parts])
    return _with_parts(scheme, [*scheme.parts, Part(key=key, title=title)])


def rename_part(scheme: Definition, key: str, title: str) -> Definition:
    """The part by another name."""
    return _replace(scheme, key, lambda part: part.model_copy(update={"title": title}))


def remove_part(scheme: Definition, key: str) -> Definition:
    """Without the part and its items."""
    find(scheme.parts, key)
    return _with_parts(scheme, [each for each in scheme.parts if each.key != key])


def move_part(scheme: Definition, key: str, steps: int) -> Definition:
    """Further up (negative) or down."""
    return _with_parts(scheme, _moved(scheme.parts, key, steps))


def new_item_key(scheme: Definition) -> str:
    """A key that no item has."""
    return _new_key("i", [each.key for each in scheme.items()])


def put_item(scheme: Definition, part_key: str, item: Item) -> Definition:
    """The item in the place of the one with its key, else at the end of the part."""

    def put(part: Part) -> Part:
        if any(each.key == item.key for each in part.items):
            items = tuple(item if each.key == item.key else each for each in part.items)
        else:
            items = (*part.items, item)
        return part.model_copy(update={"items": items})

    return _replace(scheme, part_key, put)


def remove_item(scheme: Definition, key: str) -> Definition:
    """Without the item."""
    part = part_of(scheme, key)
    kept = tuple(each for each in part.items if each.key != key)
    return _replace(scheme, part.key, lambda each: each.model_copy(update={"items": kept}))


def move_item(scheme: Definition, key: str, steps: int) -> Definition:
    """Further up (negative) or down within its part."""
    part = part_of(scheme, key)
    moved = tuple(_moved(part.items, key, steps))
    return _replace(scheme, part.key, lambda each: each.model_copy(update={"items": moved}))


def part_of(scheme: Definition, item_key: str) -> Part:
    """The part in which an item is. Raises NotFound."""
    for part in scheme.parts:
        if any(item.key == item_key for item in part.items):
            return part
    raise NotFound


def item_of(scheme: Definition, key: str) -> Item:
    """The item with this key. Raises NotFound."""
    return find(tuple(scheme.items()), key)


def find(parts: Sequence[P], key: str) -> P:
    """The part or item with this key. Raises NotFound."""
    for part in parts:
        if part.key == key:
            return part
    raise NotFound


def refuse_unfit(scheme: Definition) -> None:
    """Raise Invalid, with everything that keeps a scheme from being published: no marks, a number that nobody counts,
    something that the law does not let anybody assess."""
    faults = []
    if not any(item.kind not in BESIDE for item in scheme.items()):
        faults.append("还没有计分的项目")
    faults += [f"“{part.title}”里没有项目" for part in scheme.parts if not part.items]
    known = all_indicators()
    for item in scheme.items():
        if item.source is Source.COMPUTED and item.indicator not in known:
            faults.append(f"“{item.label}”要的指标现在没有，请另选")
        words = [word for word in USAGE_WORDS if word in item.label]
        if words:
            faults.append(
                f"“{item.label}”：{'、'.join(words)}是软件用得多少，不能作为考核依据（国办函〔2026〕12号），请改成工作做成了什么"
            )
    if faults:
        raise Invalid("还不能发布：" + "；".join(faults) + "。", code="scheme_unfit")


def _new_key(prefix: str, taken: Sequence[str]) -> str:
    numbers = [int(key[1:]) for key in taken if key[0] == prefix and key[1:].isdigit() and len(key) < 9]
    return f"{prefix}{max(numbers, default=0) + 1}"


def _moved(parts: Sequence[P], key: str, steps: int) -> list[P]:
    part = find(parts, key)
    others = [each for each in parts if each.key != key]
    others.insert(max(0, list(parts).index(part) + steps), part)
    return others


def _replace(scheme: Definition, key: str, change: Callable[[Part], Part]) -> Definition:
    find(scheme.parts, key)
    return _with_parts(scheme, [change(part) if part.key == key else part for part in scheme.parts])


def _with_parts(scheme: Definition, parts: Sequence[Part]) -> Definition:
    return with_changes(scheme, parts=[part.model_dump(mode="json") for part in parts])
