"""What a notice says beside what every assignment says."""

from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator, Field, StringConstraints, ValidationInfo, field_validator

from server.core.web.schemas import In, Line, Phone
from server.kit.documents.texts import DocumentMark
from server.unions.people.schemas import PHONE


class NoticeForm(StrEnum):
    """How formal it is."""

    LIGHT = "light"  # 通知
    DOCUMENT = "document"  # 公文


class Urgency(StrEnum):
    NORMAL = "normal"
    URGENT = "urgent"
    MOST_URGENT = "most_urgent"


class NoticeDetails(In):
    """`mark`: the 代字 of a numbered document; its year and number are given at sending, the first one after
    `used_before`, which was given elsewhere. `addressees` and `copied_to` are the words on paper: 主送, and who has a
    copy beside the unions that get one here; `copies`, written at sending: both."""

    form: NoticeForm = NoticeForm.LIGHT
    urgency: Urgency = Urgency.NORMAL
    mark: DocumentMark = Field("", validate_default=True)
    used_before: Annotated[
        Annotated[int, Field(ge=0, le=99_999)] | None, BeforeValidator(lambda typed: typed or None)
    ] = None
    addressees: Annotated[Line, StringConstraints(max_length=300)] = ""
    copied_to: Annotated[Line, StringConstraints(max_length=300)] = ""
    copies: Annotated[Line, StringConstraints(max_length=60_000)] = ""
    contact_name: Annotated[Line, StringConstraints(max_length=50)] = ""
    contact_phone: Annotated[Phone, StringConstraints(pattern=rf"^$|{PHONE}")] = ""

    @field_validator("mark")
    @classmethod
    def _number_needs_a_mark(cls, mark: str, info: ValidationInfo) -> str:
        if not mark and info.data.get("form") is NoticeForm.DOCUMENT:
            raise ValueError("公文要填发文代字，如“青工办”")
        return mark
