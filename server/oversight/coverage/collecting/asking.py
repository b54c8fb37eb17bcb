"""What enterprises are asked: the columns of the sheet, as a form, judged by the same shape."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import ValidationError
from sqlalchemy.orm import Session

from server.assignments.dispatch.kinds.registry import AssignmentKind, ReadyForm
from server.assignments.dispatch.models import Recipient
from server.assignments.forms.schemas import DateField, Definition, Field, FormSection, IntegerField, TextField
from server.core.web.errors import invalid_from
from server.oversight.coverage.queries import find_last_denominator
from server.oversight.coverage.schemas import DenominatorIn
from server.oversight.coverage.sheets.denominators import COLUMNS
from server.oversight.coverage.texts import DAY_TO_COME
from server.unions.imports.sheets.workbook import Column
from server.unions.roles import Level
from server.unions.tree.models import Union

NAME = "headcount"
WORDS = ("evidence", "signed_by")
KEPT = ("own", "dispatched", "contractors", "officers_required", "teams", *WORDS)
"""What an answer starts from: all but the day, which makes it a new statement."""


def _field(column: Column) -> Field:
    common: dict[str, Any] = {"key": column.field, "label": column.heading, "hint": column.note}
    if column.field == "as_of":
        return DateField(required=True, **common)
    if column.field in WORDS:
        return TextField(required=column.required, **common)
    return IntegerField(required=column.required, **common)


FORM = Definition(
    sections=(
        FormSection(
            key="heads", title="职工人数", intro="上次登记过的已经带出来，核对一遍，变了的改过来。",
            fields=tuple(_field(each) for each in COLUMNS),
        ),
    )
)  # fmt: skip


def read_answer(answers: Mapping[str, Any]) -> DenominatorIn:
    """An answer as a row of the register. Raises ValidationError."""
    known = {each.field for each in COLUMNS}
    return DenominatorIn.model_validate({key: value for key, value in answers.items() if key in known})


def _form(_session: Session, _sender: Union) -> ReadyForm:
    return ReadyForm("职工人数登记表", FORM)


def _start(session: Session, recipient: Recipient) -> Mapping[str, Any]:
    last = find_last_denominator(session, recipient.union_id)
    return {} if last is None else {name: value for name in KEPT if (value := getattr(last, name)) != ""}


def _find_faults(answers: Mapping[str, Any], day: date) -> Mapping[str, str]:
    try:
        content = read_answer(answers)
    except ValidationError as error:
        return invalid_from(error).fields
    return {"as_of": DAY_TO_COME} if content.as_of > day else {}


KIND = AssignmentKind(
    name=NAME, label="职工数收集", letter="S", path="/console/assignments", wants_form=True, wants_reply=True,
    may_pass_on=False, may_correct=True, level=Level.ENTERPRISE, is_for_level=True, form=_form, start_answer=_start,
    find_faults=_find_faults,
)  # fmt: skip
