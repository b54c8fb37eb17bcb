"""What was answered, in words. Photos and files are shown by what they are, not here."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from server.assignments.forms.rules import is_shown, quote_figures
from server.assignments.forms.schemas import (
    CheckField,
    CheckResult,
    Column,
    Definition,
    Field,
    FigureField,
    FileField,
    FormSection,
    OneOfField,
    PersonField,
    PhotoField,
    ProseField,
    SeveralOfField,
    TableField,
    YesNoField,
    possible_answers,
)
from server.assignments.forms.texts import RESULT_NAMES
from server.core.clock import in_shanghai

YES_NO = {True: "是", False: "否"}
SPARE_ROWS = 3  # of a table, beyond those that are filled in


def say_answer(asked: Field | Column, value: Any) -> str:
    """A value as somebody reads it, with its unit; empty where nothing was answered. Rows of a table are lines."""
    if value is None:
        return ""
    match asked:
        case OneOfField():
            return next((each.label for each in asked.choices if each.key == value), str(value))
        case SeveralOfField():
            return "、".join(each.label for each in asked.choices if each.key in value)
        case YesNoField():
            return YES_NO.get(value, str(value))
        case CheckField():
            return _say_check(value)
        case PhotoField():
            return f"{len(value)} 张照片"
        case FileField():
            return f"{len(value)} 个文件"
        case PersonField():
            return " ".join(filter(None, (value.get("name"), value.get("phone"))))
        case TableField():
            return "\n".join(_say_row(asked, row) for row in value)
    return _say_plain(asked, value)


def _say_plain(asked: Field | Column, value: Any) -> str:
    said, unit = value["text"] if isinstance(asked, FigureField) else value, getattr(asked, "unit", "")
    return f"{said} {unit}" if unit else str(said)


def _say_check(value: Mapping[str, Any]) -> str:
    result = RESULT_NAMES[CheckResult(value["result"])] if value.get("result") else ""
    photos = f"{len(value['photos'])} 张照片" if value.get("photos") else ""
    return "，".join(filter(None, (result, value.get("words"), photos)))


def _say_row(asked: TableField, row: Mapping[str, Any]) -> str:
    said = ((column.label, say_answer(column, row.get(column.key))) for column in asked.columns)
    return "；".join(f"{label}：{words}" for label, words in said if words)


def shown_fields(section: FormSection, answers: Mapping[str, Any]) -> list[Field]:
    """The fields of a part that are asked after these answers."""
    return [each for each in section.fields if is_shown(each, answers)]


def explain_figure(drawn: Mapping[str, Any]) -> str:
    """What a figure counts, of which days, and when it was counted."""
    return f"{drawn['meaning']}{say_counted(drawn)}"


def say_counted(drawn: Mapping[str, Any]) -> str:
    """Of which days a figure is, and when it was counted."""
    at = in_shanghai(datetime.fromisoformat(drawn["at"]))
    return f"统计期：{drawn['period']}；截至 {at:%Y-%m-%d %H:%M}。"


def with_figures(form: Definition, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers as they are read: prose with the figures that it quotes, as far as they are drawn."""
    drawn = {label: answers.get(each.key) for label, each in form.figures().items()}
    figures = {label: str(each["text"]) for label, each in drawn.items() if each}
    if not figures:
        return dict(answers)
    prose = {each.key: answers.get(each.key) for each in form.fields() if isinstance(each, ProseField)}
    return {**answers, **{key: quote_figures(words, figures) for key, words in prose.items() if isinstance(words, str)}}


def labels_of(form: Definition | None) -> dict[str, str]:
    """What each field and part is called, by its key."""
    if form is None:
        return {}
    return {section.key: section.title for section in form.sections} | {each.key: each.label for each in form.fields()}


def words_for_pages() -> dict[str, Any]:
    """What the templates `forms/_answer.html` and `forms/_filled.html` need, beside the form and its answers."""
    return {
        "say": say_answer,
        "shown_fields": shown_fields,
        "possible": possible_answers,
        "results": RESULT_NAMES,
        "spare": SPARE_ROWS,
        "explain": explain_figure,
        "with_figures": with_figures,
    }
