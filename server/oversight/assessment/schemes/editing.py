"""Changes of a scheme. Pure: one in, another out. Raise Invalid where it does not hang together."""

from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from server.core.errors import Invalid, NotFound
from server.core.web.errors import invalid_from
from server.kit import keyed
from server.kit.indicators import all_indicators
from server.oversight.assessment.schemas import BESIDE, Definition, Item, Part, Source
from server.oversight.assessment.texts import USAGE_WORDS


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
    return _with_parts(scheme, keyed.put(scheme.parts, Part(key=keyed.new_key("p", scheme.parts), title=title)))


def rename_part(scheme: Definition, key: str, title: str) -> Definition:
    """The part by another name."""
    renamed = keyed.find_keyed(scheme.parts, key).model_copy(update={"title": title})
    return _with_parts(scheme, keyed.put(scheme.parts, renamed))


def remove_part(scheme: Definition, key: str) -> Definition:
    """Without the part and its items."""
    return _with_parts(scheme, keyed.remove(scheme.parts, key))


def move_part(scheme: Definition, key: str, steps: int) -> Definition:
    """Further up (negative) or down."""
    return _with_parts(scheme, keyed.move(scheme.parts, key, steps))


def new_item_key(scheme: Definition) -> str:
    """A key that no item has."""
    return keyed.new_key("i", tuple(scheme.items()))


def put_item(scheme: Definition, part_key: str, item: Item) -> Definition:
    """The item in the place of the one with its key, else at the end of the part."""
    part = keyed.find_keyed(scheme.parts, part_key)
    return _with_items(scheme, part, keyed.put(part.items, item))


def remove_item(scheme: Definition, key: str) -> Definition:
    """Without the item."""
    part = part_of(scheme, key)
    return _with_items(scheme, part, keyed.remove(part.items, key))


def move_item(scheme: Definition, key: str, steps: int) -> Definition:
    """Further up (negative) or down within its part."""
    part = part_of(scheme, key)
    return _with_items(scheme, part, keyed.move(part.items, key, steps))


def part_of(scheme: Definition, item_key: str) -> Part:
    """The part in which an item is. Raises NotFound."""
    for part in scheme.parts:
        if any(item.key == item_key for item in part.items):
            return part
    raise NotFound


def item_of(scheme: Definition, key: str) -> Item:
    """The item with this key. Raises NotFound."""
    return keyed.find_keyed(tuple(scheme.items()), key)


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


def _with_items(scheme: Definition, part: Part, items: Sequence[Item]) -> Definition:
    changed = part.model_copy(update={"items": tuple(items)})
    return _with_parts(scheme, keyed.put(scheme.parts, changed))


def _with_parts(scheme: Definition, parts: Sequence[Part]) -> Definition:
    return with_changes(scheme, parts=[part.model_dump(mode="json") for part in parts])
