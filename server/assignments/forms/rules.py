"""What an answer to a form may be: the same on the phone and on the server.

Answers are JSON: {field key: value}. What each kind holds:

| kind | value |
|---|---|
| text, prose, place | text |
| integer | whole number |
| decimal, money | text, such as "12.50": no float loses a fen |
| date, time | "2026-11-29", "08:30" |
| one_of | the choice's key |
| several_of | list of keys, in the form's order |
| yes_no | true or false |
| check | {"result": …, "words": …, "photos": [ids]} |
| photo, file | list of ids |
| person | {"name": …, "phone": …} |
| table | list of {column key: value} |
| figure | nothing from outside: it is drawn, and frozen with what is sent, as `ports.Drawn` |

Prose may quote the form's figures by their labels: {{隐患上报数}}. It is kept as it was written.

A section that may be skipped is answered by {"skipped": {section key: reason}} beside the answers.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from server.assignments.forms.schemas import (
    MOST_PHOTOS,
    CheckField,
    CheckResult,
    Choice,
    DateField,
    DecimalField,
    Definition,
    Field,
    FigureField,
    FileField,
    FormSection,
    IntegerField,
    MoneyField,
    OneOfField,
    PersonField,
    PhotoField,
    PlaceField,
    ProseField,
    SeveralOfField,
    TableField,
    TextField,
    TimeField,
    YesNoField,
)
from server.core.text import clean_line, clean_prose, fold_width, read_phone
from server.unions.tree.schemas import PHONE as OFFICE_PHONE

MOST_LINE, MOST_REASON, MOST_CHOICES = 200, 500, 100
FEN = 2
PHONE = re.compile(OFFICE_PHONE)
WHOLE = re.compile(r"[+-]?\d{1,13}")
QUOTED = re.compile(r"\{\{([^{}]*)\}\}")


class _Refusal(Exception):
    """Why a value is not taken; `at` is the place within it."""

    def __init__(self, message: str, at: str = "") -> None:
        self.message, self.at = message, at


@dataclass(slots=True)
class Checked:
    """Answers as they are kept, and what is wrong with the rest, by path (`f3`, `f3.0.amount`, `heating`)."""

    answers: dict[str, Any] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


def check_answers(
    form: Definition, answers: Mapping[str, Any], skipped: Mapping[str, Any] | None = None, *, final: bool
) -> Checked:
    """Check what was filled in. Not `final`, what is missing is no fault yet; what is hidden or in a skipped section is
    dropped. What comes out is taken again as it is."""
    checked = Checked()
    known = {each.key for each in form.fields()}
    checked.errors.update({str(key)[:40]: "表单里没有这一项" for key in answers if key not in known})
    _check_skipped(form, skipped or {}, checked)
    for section in form.sections:
        if section.key in checked.skipped:
            continue
        for each in section.fields:
            if is_shown(each, checked.answers):
                _check_field(each, answers.get(each.key), checked, final=final)
                if final and isinstance(each, ProseField):
                    _check_quotes(each, form, checked)
    return checked


def quote_figures(text: str, figures: Mapping[str, str]) -> str:
    """Words with the figures that they quote in place of their names; what is unknown stays as it was written."""
    return QUOTED.sub(lambda found: figures.get(found[1].strip(), found[0]), text)


def _check_quotes(asked: ProseField, form: Definition, checked: Checked) -> None:
    """In a form without figures, braces are braces."""
    names = list(form.figures())
    quoted = [each.strip() for each in QUOTED.findall(checked.answers.get(asked.key, ""))] if names else []
    strange = next((each for each in quoted if each not in names), None)
    if strange is not None:
        del checked.answers[asked.key]
        checked.errors[asked.key] = f"没有“{strange}”这个数字，可以引用：{'、'.join(names)}"


def is_shown(asked: Field, answers: Mapping[str, Any]) -> bool:
    """Whether a field is asked, after what was answered before it. A hidden one shows nothing that hangs on it."""
    if asked.shown_if is None:
        return True
    return asked.shown_if.equals in _as_condition(answers.get(asked.shown_if.field))


def _as_condition(value: Any) -> tuple[str, ...]:
    match value:
        case bool():
            return ("yes" if value else "no",)
        case str():
            return (value,)
        case list():
            return tuple(value)
        case {"result": result}:
            return (str(result),)
    return ()


def _check_skipped(form: Definition, skipped: Mapping[str, Any], checked: Checked) -> None:
    sections: dict[str, FormSection] = {section.key: section for section in form.sections}
    for key, reason in skipped.items():
        section = sections.get(key)
        if section is None or not section.may_be_skipped:
            checked.errors[str(key)[:40]] = "这一部分要逐项填写"
            continue
        try:
            words = _prose(reason, MOST_REASON)
        except _Refusal as refusal:
            checked.errors[key] = refusal.message
            continue
        if words:
            checked.skipped[key] = words
        else:
            checked.errors[key] = "请写明为什么不涉及"


def _check_field(asked: Field, value: Any, checked: Checked, *, final: bool) -> None:
    try:
        clean = _read(asked, value, final=final)
    except _Refusal as refusal:
        checked.errors[f"{asked.key}{refusal.at}"] = refusal.message
        return
    if clean is not None:
        checked.answers[asked.key] = clean
    elif final and asked.required:
        checked.errors[asked.key] = "这一项要填"


def _read(asked: Field, value: Any, *, final: bool) -> Any:
    """The value as it is kept, None for none."""
    if value is None or value in ("", [], {}):
        return None
    match asked:
        case TableField():
            return _table(asked, value, final=final)
        case CheckField():
            return _check(value, final=final)
        case FigureField():
            raise _Refusal("这个数字由系统统计，不用填")
        case _:
            return _READERS[type(asked)](asked, value)


def _line(value: Any, most: int) -> str | None:
    if not isinstance(value, str):
        raise _Refusal("要填文字")
    return _within(clean_line(value), most)


def _prose(value: Any, most: int) -> str | None:
    if not isinstance(value, str):
        raise _Refusal("要填文字")
    return _within(clean_prose(value), most)


def _within(text: str, most: int) -> str | None:
    if len(text) > most:
        raise _Refusal(f"最多 {most} 字")
    return text or None


def _integer(asked: IntegerField, value: Any) -> int | None:
    if isinstance(value, str):
        value = fold_width(value).replace(",", "")
        if not value:
            return None
        if not WHOLE.fullmatch(value):
            raise _Refusal("要填整数")
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        raise _Refusal("要填整数")
    _between(asked.least, value, asked.most)
    return value


def _decimal(asked: DecimalField | MoneyField, value: Any) -> str | None:
    places = asked.places if isinstance(asked, DecimalField) else FEN
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise _Refusal("要填数字")
    text = fold_width(str(value)).replace(",", "")
    if not text:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise _Refusal("要填数字") from None
    if not number.is_finite() or number.copy_abs() > 10**12:  # abs() would round, and overflow
        raise _Refusal("数字太大了")
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and -exponent > places:
        raise _Refusal(f"最多 {places} 位小数")
    _between(asked.least, number, asked.most)
    return str(number.quantize(Decimal(1).scaleb(-places)) + 0)  # + 0: no “-0.00”


def _between(least: Any, value: Any, most: Any) -> None:
    if least is not None and value < least:
        raise _Refusal(f"不能小于 {least}")
    if most is not None and value > most:
        raise _Refusal(f"不能大于 {most}")


def _date(asked: DateField, value: Any) -> str | None:
    text = fold_width(value) if isinstance(value, str) else ""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise _Refusal("日期要写成 2026-01-31 这样") from None
    if not 2000 <= day.year < 2200:
        raise _Refusal("日期不对，请检查年份")
    if (asked.least and day < asked.least) or (asked.most and day > asked.most):
        raise _Refusal(f"日期要在 {asked.least or '……'} 到 {asked.most or '……'} 之间")
    return day.isoformat()


def _time(_: TimeField, value: Any) -> str | None:
    text = fold_width(value) if isinstance(value, str) else ""
    try:
        return time.fromisoformat(text).replace(tzinfo=None).strftime("%H:%M")
    except ValueError:
        raise _Refusal("时间要写成 08:30 这样") from None


def _one_of(asked: OneOfField, value: Any) -> str | None:
    return _chosen(asked.choices, value)


def _chosen(choices: tuple[Choice, ...], value: Any) -> str:
    if not isinstance(value, str) or value not in {choice.key for choice in choices}:
        raise _Refusal("请从列出的答案里选")
    return value


def _several_of(asked: SeveralOfField, value: Any) -> list[str] | None:
    if not isinstance(value, list) or len(value) > MOST_CHOICES:
        raise _Refusal("请从列出的答案里选")
    chosen = {_chosen(asked.choices, each) for each in value}
    if asked.most is not None and len(chosen) > asked.most:
        raise _Refusal(f"最多选 {asked.most} 个")
    return [choice.key for choice in asked.choices if choice.key in chosen]


def _yes_no(_: YesNoField, value: Any) -> bool | None:
    if not isinstance(value, bool):
        raise _Refusal("请选是或者否")
    return value


def _person(_: PersonField, value: Any) -> dict[str, str] | None:
    if not isinstance(value, dict) or value.keys() - {"name", "phone"}:
        raise _Refusal("要填姓名和电话")
    name = _line(value.get("name") or "", 40)
    phone = read_phone(value["phone"]) if isinstance(value.get("phone"), str) else ""
    if name is None and not phone:
        return None
    if name is None:
        raise _Refusal("还没有填姓名")
    if phone and not PHONE.fullmatch(phone):
        raise _Refusal("电话号码不对")
    return {"name": name, "phone": phone}


def _ids(asked: PhotoField | FileField, value: Any) -> list[str] | None:
    return _id_list(value, asked.most)


def _id_list(value: Any, most: int) -> list[str]:
    if not isinstance(value, list):
        raise _Refusal("这里要放照片或者文件")
    if len(value) > most:
        raise _Refusal(f"最多 {most} 个")
    try:
        return list(dict.fromkeys(str(UUID(each)) for each in value))
    except (ValueError, TypeError, AttributeError):
        raise _Refusal("照片或者文件不对，请重新选") from None


def _check(value: Any, *, final: bool) -> dict[str, Any] | None:
    if not isinstance(value, dict) or value.keys() - {"result", "words", "photos"}:
        raise _Refusal("请选检查结果")
    if not value.get("result"):
        if final or not (value.get("words") or value.get("photos")):
            return None
        result = None
    else:
        try:
            result = CheckResult(value["result"])
        except ValueError:
            raise _Refusal("请选检查结果") from None
    words = _prose(value.get("words") or "", MOST_REASON)
    photos = _id_list(value.get("photos") or [], MOST_PHOTOS)
    if final and result is CheckResult.FAILED:
        if not words:
            raise _Refusal("不合格的，请写明哪里不合格")
        if not photos:
            raise _Refusal("不合格的，请拍一张照片")
    return {"result": result and result.value, "words": words or "", "photos": photos}


def _table(asked: TableField, value: Any, *, final: bool) -> list[dict[str, Any]] | None:
    if not isinstance(value, list):
        raise _Refusal("这里要填表格")
    if len(value) > asked.most:
        raise _Refusal(f"最多 {asked.most} 行")
    rows = [_row(asked, row, number, final=final) for number, row in enumerate(value)]
    return [row for row in rows if row] or None


def _row(asked: TableField, row: Any, number: int, *, final: bool) -> dict[str, Any]:
    """One row; an empty one is dropped, so nothing is missing in it."""
    columns = {column.key: column for column in asked.columns}
    if not isinstance(row, dict) or row.keys() - columns.keys():
        raise _Refusal("这一行和表格对不上", f".{number}")
    kept: dict[str, Any] = {}
    for key, column in columns.items():
        try:
            clean = _read(column, row.get(key), final=final)
        except _Refusal as refusal:
            raise _Refusal(refusal.message, f".{number}.{key}") from None
        if clean is not None:
            kept[key] = clean
    if final and kept:
        for key, column in columns.items():
            if column.required and key not in kept:
                raise _Refusal("这一格要填", f".{number}.{key}")
    return kept


_READERS: dict[type[Any], Callable[[Any, Any], Any]] = {
    TextField: lambda asked, value: _line(value, asked.max_length),
    ProseField: lambda asked, value: _prose(value, asked.max_length),
    PlaceField: lambda _, value: _line(value, MOST_LINE),
    IntegerField: _integer,
    DecimalField: _decimal,
    MoneyField: _decimal,
    DateField: _date,
    TimeField: _time,
    OneOfField: _one_of,
    SeveralOfField: _several_of,
    YesNoField: _yes_no,
    PersonField: _person,
    PhotoField: _ids,
    FileField: _ids,
}
