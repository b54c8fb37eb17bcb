"""Shapes of answers: what the console and the phone send, and what the phone gets."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, JsonValue, StringConstraints, field_validator

from server.assignments.dispatch.models import ReceiptChannel, RecipientStatus
from server.assignments.forms.schemas import MOST_FIELDS, MOST_SECTIONS, Definition
from server.assignments.responses.models import Outcome
from server.core.web.schemas import Code, Cursor, In, Instant, Line, Out, Page, Prose
from server.kit.documents.schemas import PaperOut
from server.kit.files.schemas import FileOut

MOST_TEXT = 4000
FORMLESS = "text"
"""The path of what is said beside a form, or instead of one."""

AnyKey = Annotated[Code, StringConstraints(max_length=40)]
Path = Annotated[Code, StringConstraints(min_length=1, max_length=100)]
Remark = Annotated[Prose, StringConstraints(max_length=500)]
Version = Annotated[int, Field(ge=0, le=10**9)]


class ResponseIn(In):
    """A draft as somebody has it before them. `version`: of the draft that they began with, 0 if there was none.

    What the fields may hold, forms.rules says.
    """

    version: Version
    answers: Annotated[dict[AnyKey, JsonValue], Field(max_length=MOST_FIELDS)] = {}
    skipped: Annotated[dict[AnyKey, JsonValue], Field(max_length=MOST_SECTIONS)] = {}
    text: Annotated[Prose, StringConstraints(max_length=MOST_TEXT)] = ""


class SubmitIn(ResponseIn):
    """An answer to be sent. `key`: made by the client, the same however often it tries."""

    key: UUID


class VersionIn(In):
    """The version of the recipient that the page showed."""

    version: Version


class NameIn(VersionIn):
    """Who alone answers for the union; nobody: each of its reviewers may."""

    person: UUID | None = None

    @field_validator("person", mode="before")
    @classmethod
    def _empty_is_nobody(cls, value: Any) -> Any:
        return value or None


class CorrectIn(VersionIn):
    """Why what was accepted is to be corrected."""

    reason: Annotated[Line, StringConstraints(min_length=1, max_length=500)]


class ReturnIn(VersionIn):
    """What is to be corrected: by the paths of fields, and of the whole."""

    remarks: Annotated[dict[Path, Remark], Field(max_length=MOST_FIELDS)] = {}
    remark: Remark = ""


class CompareQuery(In):
    """Which versions stand side by side; the last two if none are named."""

    model_config = ConfigDict(extra="ignore")

    left: Annotated[int, Field(ge=1, le=10**6)] | None = None
    right: Annotated[int, Field(ge=1, le=10**6)] | None = None


# --- the phone --------------------------------------------------------------------------------------------------------


class TasksQuery(In):
    """Which tasks: those that are still up to the union, or the others."""

    state: Literal["open", "done"] = "open"
    after: Annotated[Cursor, StringConstraints(max_length=300)] | None = None


class TaskLine(Out):
    """One line of the phone's list."""

    id: UUID
    number: str
    kind: str
    kind_label: str
    title: str
    sender: str
    unit: str
    due_on: date | None
    is_overdue: bool
    status: RecipientStatus
    status_text: str
    remark: str  # why it was returned


class TaskFactOut(Out):
    """What a kind of assignment says of one, such as whom to ask."""

    label: str
    value: str


class TaskFigureOut(Out):
    """A number that the service counted, and what it counts: shown, never sent back."""

    text: str
    about: str


class TaskPage(Page[TaskLine]):
    """A page of the list."""


class TaskReceiptOut(Out):
    """Who signed by which post, where and when."""

    by: str
    role: str
    via: ReceiptChannel
    at: Instant


class ResponseDraftOut(Out):
    """The answer as it stands. `errors`: what of the last save was not kept, by path."""

    answers: dict[str, Any]
    skipped: dict[str, str]
    text: str
    version: int
    edited_by: str
    edited_at: Instant | None
    errors: dict[str, str]


class ResponseSentOut(Out):
    """An answer that was sent."""

    number: int
    submitted_by: str
    submitted_at: Instant
    outcome: Outcome | None
    remark: str


class ResponseBeforeOut(Out):
    """What was sent last, while another is written."""

    number: int
    answers: dict[str, Any]
    skipped: dict[str, str]
    text: str


class TaskMayOut(Out):
    """What the caller may do now."""

    sign: bool
    name: bool
    answer: bool
    submit: bool


class TaskNamedOut(Out):
    """Somebody who answers, or could."""

    id: UUID
    name: str
    is_me: bool


class TaskOriginalOut(Out):
    """What was passed on to the union: it stands below the words of whoever passed it on."""

    title: str
    number: str
    sender: str
    text: str
    facts: list[TaskFactOut]
    files: list[FileOut]


class TaskOut(Out):
    """A task with all that is needed to answer it, also without a network."""

    id: UUID
    number: str
    kind: str
    kind_label: str
    title: str
    text: str
    facts: list[TaskFactOut]
    sender: str
    unit: str
    due_on: date | None
    is_overdue: bool
    status: RecipientStatus
    status_text: str
    version: int
    wants_receipt: bool
    wants_reply: bool
    is_copy: bool
    files: list[FileOut]  # of what is asked
    papers: Annotated[list[PaperOut], Field(description="有文号的公文：Word 文件，做好了的还有 PDF")]
    originals: list[TaskOriginalOut]  # of what was passed on, the nearest first
    received: TaskReceiptOut | None
    named: Annotated[TaskNamedOut | None, Field(description="只由这个人填报；空就是本单位谁都可以填")]
    colleagues: Annotated[list[TaskNamedOut], Field(description="可以指定的人；不能指定时是空的")]
    form: Definition | None
    response: ResponseDraftOut
    remarks: dict[str, str]
    remark: str
    before: Annotated[ResponseBeforeOut | None, Field(description="改着的这一份，上次交的是什么；没有在改就是空")]
    versions: list[ResponseSentOut]
    may: TaskMayOut
    why_not: str | None
    ask_first: Annotated[str, Field(description="先要回答的：空，或者提示；专项检查用 /tasks/{id}/traits 取和答")]
    beside: Annotated[dict[str, str], Field(description="各项后来怎样了，如“隐患 2026-000123Y · 整改中”，按项目的代号")]
    figures: Annotated[dict[str, TaskFigureOut], Field(description="系统统计好的数字，按项目的代号；提交时不用带")]


class ResponseSubmittedOut(Out):
    """That it was sent, and how it stands now."""

    key: UUID
    number: int
    submitted_at: Instant
    is_late: bool
    status: RecipientStatus
