"""A form from XLSForm. What we cannot hold is named row by row, and then nothing is taken."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from pydantic import ValidationError

from server.assignments.forms.building.editing import read_definition
from server.assignments.forms.ports import figure_words
from server.assignments.forms.schemas import FIELD, CheckResult, Definition, FieldKind
from server.assignments.forms.sheets.xlsform import (
    CHECK_LIST,
    CHOICES,
    EXTRAS,
    OWN,
    PHOTO_OF,
    PLAIN_KINDS,
    SETTINGS,
    SURVEY,
    WORDS_OF,
)
from server.assignments.forms.texts import COLUMN_KINDS, KIND_NAMES
from server.core.errors import Invalid
from server.core.web.errors import invalid_from
from server.core.xlsx.reading import SheetRow, read_sheets_outside

MOST_SHEET_ROWS = 3000
KNOWN = frozenset(
    {
        "type", "name", "label", "hint", "required", "relevant", "constraint", "constraint_message", "appearance",
        "required_message", "guidance_hint", OWN,
    }
)  # fmt: skip
_SPELLINGS = {"begin group": "begin_group", "end group": "end_group", "begin repeat": "begin_repeat"}
_SPELLINGS |= {"end repeat": "end_repeat", "select one": "select_one", "select multiple": "select_multiple"}
_RELEVANT = re.compile(r"\$\{(\w+)\}\s*=\s*'([^']*)'")
_SELECTED = re.compile(r"selected\(\s*\$\{(\w+)\}\s*,\s*'([^']*)'\s*\)")
_END = re.compile(r"\.\s*(>=|<=)\s*(?:date\(\s*'([0-9-]+)'\s*\)|(-?[0-9.]+))")
_KEY = re.compile(r"[^a-z0-9_]+")
_LIMITED = (FieldKind.INTEGER, FieldKind.DECIMAL, FieldKind.MONEY, FieldKind.DATE)

Cells = Mapping[str, str]


@dataclass(slots=True)
class _Reader:
    """The survey, row by row. `wrong`: what is the matter, by the number of the row."""

    lists: Mapping[str, Sequence[Cells]]
    keys: dict[str, str]  # names as they stand there → our keys
    answers: dict[str, Mapping[str, str]] = field(default_factory=dict)  # the same of the choices, by the field's key
    sections: list[dict[str, Any]] = field(default_factory=list)
    table: dict[str, Any] | None = None
    person: dict[str, Any] | None = None
    is_within: bool = False  # in a group that is a part here
    is_loose: bool = False  # after questions that stand in no group
    wrong: dict[str, str] = field(default_factory=dict)


def read_xlsform(data: bytes) -> tuple[str, Definition]:
    """(title, form). Raises Invalid: a sheet that is missing, or what is wrong in every row."""
    sheets = read_sheets_outside(data, MOST_SHEET_ROWS, (SURVEY, CHOICES, SETTINGS))
    if SURVEY not in sheets:
        raise Invalid("这不是 XLSForm：没有叫 survey 的工作表。", code="bad_headings")
    survey = _cells(sheets[SURVEY])
    if not survey:
        raise Invalid("survey 里没有问题，请从第二行开始填写。", code="empty_sheet")
    lists: dict[str, list[Cells]] = {}
    for _, row in _cells(sheets.get(CHOICES, [])):
        lists.setdefault(row.get("list_name", row.get("list name", "")), []).append(row)
    reader = _Reader(lists, _our_keys([row.get("name", "") for _, row in survey]))
    if unknown := sorted({head for _, row in survey for head in row} - KNOWN):
        raise Invalid(f"有些列还不能导入，请先删掉：{'、'.join(unknown)[:200]}。", code="bad_headings")
    for number, row in survey:
        try:
            _take(reader, row)
        except Invalid as error:
            reader.wrong[str(number)] = "；".join(error.fields.values()) or error.message
    if open_ended := _open_ended(reader):
        reader.wrong.setdefault(str(survey[-1][0]), open_ended)
    if reader.wrong:
        raise Invalid("有些行还不能导入，什么都没有导入。", fields=reader.wrong, code="rows_refused")
    settings = next((row for _, row in _cells(sheets.get(SETTINGS, []))), {})
    return settings.get("form_title", ""), read_definition({"sections": reader.sections})


def _open_ended(reader: _Reader) -> str | None:
    """What was begun and never ended: all that follows would be lost with it."""
    if reader.table is not None:
        return f"表格“{reader.table['label']}”没有 end_repeat"
    if reader.person is not None:
        return f"“{reader.person['label']}”没有 end_group"
    return f"“{reader.sections[-1]['title']}”没有 end_group" if reader.is_within else None


def _cells(rows: Sequence[SheetRow]) -> list[tuple[int, Cells]]:
    """(number, text by head) of every row with something in it."""
    if not rows:
        return []
    heads = {place: cell.text.strip() for place, cell in rows[0].cells.items() if cell.text.strip()}
    found = [
        (row.number, {heads[place]: cell.text for place, cell in row.cells.items() if place in heads and cell.text})
        for row in rows[1:]
    ]
    return [(number, cells) for number, cells in found if cells]


def _our_keys(names: Sequence[str]) -> dict[str, str]:
    """Names in other letters get keys of ours, each its own."""
    keys: dict[str, str] = {}
    for name in names:
        if name and name not in keys:
            plain = _KEY.sub("_", name.lower()).strip("_")[:36]
            plain = plain if plain[:1].isalpha() else f"q_{plain}".rstrip("_")
            taken, number = set(keys.values()), 1
            key = plain
            while key in taken:
                number += 1
                key = f"{plain}_{number}"
            keys[name] = key
    return keys


def _take(reader: _Reader, row: Cells) -> None:
    words = row.get("type", "").split(None, 2)
    kind = _SPELLINGS.get(" ".join(words[:2]), words[0] if words else "")
    own = _own(row)
    match kind:
        case "begin_group" if own.get("kind") == FieldKind.PERSON:
            reader.person = _field(reader, row, own, FieldKind.PERSON)
            _add(reader, reader.person)
        case "begin_group":
            _begin_section(reader, row, own)
        case "end_group":
            if reader.person is not None:
                reader.person = None
            else:
                reader.is_within = False
        case "begin_repeat":
            if reader.table is not None:
                raise Invalid("表格里不能再套表格")
            reader.table = {**_field(reader, row, own, FieldKind.TABLE), "columns": []}
        case "end_repeat":
            table, reader.table = reader.table, None
            if table is not None:
                _check(table)
                _add(reader, table)
        case _ if reader.person is not None or _belongs_to_check(reader, row):
            pass  # the parts of what is one field here
        case _:
            found = _field(reader, row, own, _kind(kind, own, words))
            _choose(reader, found, words)
            _check(found)
            _add(reader, found)


def _begin_section(reader: _Reader, row: Cells, own: Mapping[str, Any]) -> None:
    if reader.table is not None:
        raise Invalid("表格里不能再分部分")
    if reader.is_within:
        raise Invalid("部分里不能再分部分")
    if row.get("relevant"):
        raise Invalid("整个部分的显示条件还不能导入，请写到每一项上")
    reader.is_within, reader.is_loose = True, False
    reader.sections.append(
        {
            "key": reader.keys.get(row.get("name", ""), f"s{len(reader.sections) + 1}"),
            "title": row.get("label") or row.get("name", "") or "第一部分",
            "intro": own.get("intro", ""),
            "may_be_skipped": bool(own.get("may_be_skipped")),
            "concerns": own.get("concerns", ()),
            "fields": [],
        }
    )


def _own(row: Cells) -> dict[str, Any]:
    """What stands in our own column; in a file of another maker, nothing."""
    try:
        found = orjson.loads(row.get(OWN, "{}"))
    except orjson.JSONDecodeError as error:
        raise Invalid(f"{OWN} 这一列不对，请整列删掉再导入") from error
    return found if isinstance(found, dict) else {}


def _kind(kind: str, own: Mapping[str, Any], words: Sequence[str]) -> FieldKind:
    if own.get("kind") in [each.value for each in FieldKind]:  # no set: what stands there may be anything
        return FieldKind(own["kind"])
    if kind in ("select_one", "select_multiple"):
        if words[-1] == CHECK_LIST:
            return FieldKind.CHECK
        return FieldKind.ONE_OF if kind == "select_one" else FieldKind.SEVERAL_OF
    if kind not in PLAIN_KINDS:
        raise Invalid(f"“{' '.join(words)[:40] or '空'}”这种类型还不能导入")
    return PLAIN_KINDS[kind]


def _field(reader: _Reader, row: Cells, own: Mapping[str, Any], kind: FieldKind) -> dict[str, Any]:
    if not row.get("name"):
        raise Invalid("没有 name")
    extras = {name: own[name] for name in EXTRAS if name in own and not (name == "most" and kind in _LIMITED)}
    found: dict[str, Any] = {
        "kind": FieldKind.PROSE if kind is FieldKind.TEXT and row.get("appearance") == "multiline" else kind,
        "key": reader.keys[row["name"]],
        "label": row.get("label", ""),
        "required": row.get("required", "").lower() in ("yes", "true", "true()") or bool(own.get("required")),
        **({} if own else {"hint": row.get("hint", "")}),
        **extras,
    }
    if kind is FieldKind.DECIMAL and not own:
        found["places"] = 6
    if relevant := row.get("relevant"):
        found["shown_if"] = _condition(reader, relevant)
    return found | _ends(row.get("constraint", ""), kind)


def _condition(reader: _Reader, text: str) -> dict[str, str]:
    found = _RELEVANT.fullmatch(text.strip()) or _SELECTED.fullmatch(text.strip())
    if found is None or found[1] not in reader.keys:
        raise Invalid(f"显示条件“{text[:60]}”太复杂，还不能导入")
    key = reader.keys[found[1]]
    return {"field": key, "equals": reader.answers.get(key, {}).get(found[2], found[2])}


def _ends(text: str, kind: FieldKind) -> dict[str, Any]:
    ends: dict[str, Any] = {"least": None} if kind in (FieldKind.INTEGER, FieldKind.MONEY) else {}
    for part in re.split(r"\s+and\s+", text.strip()) if text.strip() else ():
        found = _END.fullmatch(part.strip())
        if found is None or kind not in _LIMITED:
            raise Invalid(f"限制“{text[:60]}”太复杂，还不能导入")
        ends["least" if found[1] == ">=" else "most"] = found[2] or found[3]
    return ends


def _choose(reader: _Reader, found: dict[str, Any], words: Sequence[str]) -> None:
    if found["kind"] not in (FieldKind.ONE_OF, FieldKind.SEVERAL_OF):
        return
    if words[-1] == "or_other":
        raise Invalid("or_other 还不能导入，请把“其他”写成一个答案")
    rows = reader.lists.get(words[-1], [])
    if any(row.keys() - {"list_name", "list name", "name", "label"} for row in rows):
        raise Invalid(f"答案“{words[-1]}”里有还不能导入的列")
    reader.answers[found["key"]] = keys = _our_keys([row.get("name", "") for row in rows])
    found["choices"] = [
        {"key": keys[row["name"]], "label": row.get("label") or row["name"]} for row in rows if row.get("name")
    ]


def _belongs_to_check(reader: _Reader, row: Cells) -> bool:
    """Whether a row asks what a check item asks anyway: the words and the photo of what failed."""
    fields = reader.sections[-1]["fields"] if reader.sections else []
    last = fields[-1] if fields else {}
    name, failed = row.get("name", ""), f"'{CheckResult.FAILED}'"
    names = (last.get("key", "") + WORDS_OF, last.get("key", "") + PHOTO_OF)
    return last.get("kind") == FieldKind.CHECK and name in names and failed in row.get("relevant", "")


def _check(found: Mapping[str, Any]) -> None:
    if found["kind"] == FieldKind.FIGURE and found.get("figure") not in {each.key for each in figure_words()}:
        raise Invalid("没有这个系统数字，请在表单里加“系统数字”，再从列出的里选")
    try:
        FIELD.validate_python({key: value for key, value in found.items() if key != "shown_if"})
    except ValidationError as error:
        raise Invalid("；".join(dict.fromkeys(invalid_from(error).fields.values()))) from error


def _add(reader: _Reader, found: dict[str, Any]) -> None:
    if reader.table is not None:
        if "shown_if" in found:
            raise Invalid("表格里的列不能设显示条件")
        if found["kind"] not in COLUMN_KINDS.values():
            raise Invalid(f"表格里不能放{KIND_NAMES[found['kind']]}，请移到表格外面")
        prefix = f"{reader.table['key']}_"
        reader.table["columns"].append({**found, "key": found["key"].removeprefix(prefix)})
        return
    if not reader.is_within and not reader.is_loose:
        reader.is_loose = True
        key, title = f"part_{len(reader.sections) + 1}", "其他" if reader.sections else "第一部分"
        reader.sections.append({"key": key, "title": title, "fields": []})
    reader.sections[-1]["fields"].append(found)
