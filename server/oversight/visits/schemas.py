"""What the pages and the phone send of visits."""

import hashlib
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, JsonValue, StringConstraints, field_validator

from server.assignments.forms.schemas import MOST_FIELDS, MOST_SECTIONS, Definition
from server.core.web.schemas import Code, Cursor, Day, In, Instant, Line, Moment, Out, Page, Prose
from server.kit.documents.texts import DocumentMark
from server.kit.files.schemas import FileOut
from server.oversight.visits.models import FindingKind, HandoverCause, Side, SignedBy, VisitMode, VisitStatus

MOST_TEAM, MOST_TALKS, MOST_FINDINGS, MOST_FINDING_PHOTOS = 20, 20, 50, 6
MOST_SITUATION = 3000

Version = Annotated[int, Field(ge=1, le=10**9)]
Key = Annotated[Code, StringConstraints(max_length=40)]
Name = Annotated[Line, StringConstraints(max_length=50)]
Reason = Annotated[Prose, StringConstraints(min_length=1, max_length=500)]
Sentence = Annotated[Line, StringConstraints(max_length=200)]
Passage = Annotated[Prose, StringConstraints(max_length=500)]
Mark = Annotated[DocumentMark, StringConstraints(min_length=1)]
Situation = Annotated[Prose, StringConstraints(max_length=MOST_SITUATION)]


class MemberIn(In):
    """Somebody of the team: one of the people here, or in words, such as an expert's role."""

    person_id: UUID | None = None
    words: Annotated[Line, StringConstraints(max_length=100)] = ""
    is_leader: bool = False


class PlanIn(In):
    """What is planned."""

    mode: VisitMode
    occasion: Annotated[Line, StringConstraints(min_length=1, max_length=100)]
    planned_from: Day
    planned_to: Day
    basis: Annotated[Line, StringConstraints(max_length=500)] = ""
    team_name: Annotated[Line, StringConstraints(max_length=100)] = ""
    form_version_id: UUID | None = None
    team: Annotated[list[MemberIn], Field(min_length=1, max_length=MOST_TEAM)]


class VersionIn(In):
    """The version that the page showed."""

    version: Version


class EditIn(PlanIn, VersionIn):
    """Another plan."""


class CancelIn(VersionIn):
    """Why it does not take place."""

    reason: Reason


class TalkIn(In):
    """What workers said, and how many they were. No names."""

    people: Annotated[int, Field(ge=1, le=500)]
    topics: Sentence = ""
    words: Annotated[Prose, StringConstraints(max_length=2000)] = ""


class FindingIn(In):
    """Something to put right. `id` is made by the phone; `photos` are files of the field `finding.<id>`."""

    id: UUID
    place: Annotated[Line, StringConstraints(min_length=1, max_length=100)]
    description: Annotated[Prose, StringConstraints(min_length=1, max_length=500)]
    basis: Sentence = ""
    kind: FindingKind
    grade: Annotated[int, Field(ge=1, le=4)]
    suspected_major: Sentence = ""
    suggestion: Annotated[Prose, StringConstraints(min_length=1, max_length=500)]
    due_on: Day
    owner: Name = ""
    measures: Passage = ""
    funds: Sentence = ""
    emergency_plan: Passage = ""
    photos: Annotated[list[UUID], Field(max_length=MOST_FINDING_PHOTOS)] = []


class SignatureIn(In):
    """How a side signed; what was drawn is the file `file_id` of the field `sign.<side>`."""

    side: Side
    way: SignedBy
    name: Name = ""
    post: Name = ""
    reason: Sentence = ""
    witness: Name = ""
    file_id: UUID | None = None
    signed_at: Moment


class RecordIn(VersionIn):
    """All that was noted at the enterprise. `key`: made by the client, the same however often it tries.
    `draft_version`: of the draft that its writer has seen; none where no drafts are shown."""

    key: UUID
    draft_version: Annotated[int, Field(ge=0, le=10**9)] | None = None
    visited_on: Day
    answers: Annotated[dict[Key, JsonValue], Field(max_length=MOST_FIELDS)] = {}
    skipped: Annotated[dict[Key, JsonValue], Field(max_length=MOST_SECTIONS)] = {}
    situation: Situation = ""
    activities: Situation = ""
    talks: Annotated[list[TalkIn], Field(max_length=MOST_TALKS)] = []
    findings: Annotated[list[FindingIn], Field(max_length=MOST_FINDINGS)] = []
    signatures: Annotated[list[SignatureIn], Field(max_length=2)] = []

    @field_validator("findings")
    @classmethod
    def _are_different(cls, value: list[FindingIn]) -> list[FindingIn]:
        if len({each.id for each in value}) < len(value):
            raise ValueError("同一个问题出现了两次")
        return value

    @field_validator("signatures")
    @classmethod
    def _are_of_two_sides(cls, value: list[SignatureIn]) -> list[SignatureIn]:
        if len({each.side for each in value}) < len(value):
            raise ValueError("同一方签了两次")
        return value

    def content_hash(self) -> str:
        """Of what it says, whichever versions it was written upon."""
        return hashlib.sha256(self.model_dump_json(exclude={"version", "draft_version"}).encode()).hexdigest()


class TalkDraft(In):
    """A talk of which not all is written yet."""

    people: Annotated[int, Field(ge=0, le=500)] | None = None
    topics: Sentence = ""
    words: Annotated[Prose, StringConstraints(max_length=2000)] = ""


class FindingDraft(In):
    """Something to put right of which not all is written yet."""

    id: UUID
    place: Annotated[Line, StringConstraints(max_length=100)] = ""
    description: Passage = ""
    basis: Sentence = ""
    kind: FindingKind = FindingKind.THINGS
    grade: Annotated[int, Field(ge=1, le=4)] = 3
    suspected_major: Sentence = ""
    suggestion: Passage = ""
    due_on: Annotated[Line, StringConstraints(max_length=10)] = ""
    owner: Name = ""
    measures: Passage = ""
    funds: Sentence = ""
    emergency_plan: Passage = ""
    photos: Annotated[list[UUID], Field(max_length=MOST_FINDING_PHOTOS)] = []


class DraftContent(In):
    """A record as far as it is written."""

    visited_on: Annotated[Line, StringConstraints(max_length=10)] = ""
    answers: Annotated[dict[Key, JsonValue], Field(max_length=MOST_FIELDS)] = {}
    skipped: Annotated[dict[Key, JsonValue], Field(max_length=MOST_SECTIONS)] = {}
    situation: Situation = ""
    activities: Situation = ""
    talks: Annotated[list[TalkDraft], Field(max_length=MOST_TALKS)] = []
    findings: Annotated[list[FindingDraft], Field(max_length=MOST_FINDINGS)] = []
    signatures: Annotated[list[SignatureIn], Field(max_length=2)] = []


class DraftIn(In):
    """A draft to be kept. `version`: of the draft upon which it was written, 0 if there was none; `visit_version`: of
    the visit."""

    version: Annotated[int, Field(ge=0, le=10**9)]
    visit_version: Version
    content: DraftContent


class SendIn(VersionIn):
    """How the opinion goes out."""

    mark: Mark
    reply_days: Annotated[int, Field(ge=1, le=90)] = 15  # calendar days, as the letters of unions count
    second_page: bool = False  # of the record sheet: day, names, signatures


class JudgeIn(In):
    """What somebody competent said of what is suspected to be a major hazard."""

    model_config = ConfigDict(extra="ignore")

    is_major: bool
    judge: Annotated[Line, StringConstraints(min_length=1, max_length=100)]
    words: Annotated[Line, StringConstraints(max_length=500)] = ""


class SettleIn(In):
    """What is settled of a major hazard. `seen`: when it was settled last, as the page showed it."""

    owner: Annotated[Line, StringConstraints(min_length=1, max_length=50)]
    measures: Annotated[Prose, StringConstraints(min_length=1, max_length=500)]
    funds: Annotated[Line, StringConstraints(min_length=1, max_length=200)]
    emergency_plan: Annotated[Prose, StringConstraints(min_length=1, max_length=500)]
    seen: Annotated[Line, StringConstraints(max_length=40)] = ""


class HandOverIn(In):
    """To whom a finding is handed, and why."""

    cause: HandoverCause
    department: Annotated[Line, StringConstraints(min_length=2, max_length=100)]
    words: Annotated[Prose, StringConstraints(min_length=5, max_length=500)]
    mark: Mark


class HandoverAnswerIn(In):
    """What the authority said, and when."""

    answer: Annotated[Prose, StringConstraints(min_length=2, max_length=500)]
    answered_on: Day


def words_sent(record: RecordIn) -> list[str]:
    """What of a record is read by the enterprise in the union's name."""
    said: list[Any] = [record.situation]
    for each in record.findings:
        said += [each.description, each.suggestion, each.measures, each.emergency_plan]
    return said


# --- the phone --------------------------------------------------------------------------------------------------------


class VisitsQuery(In):
    """Which visits: those still to be recorded or sent, or the others."""

    state: Literal["open", "done"] = "open"
    after: Annotated[Cursor, StringConstraints(max_length=300)] | None = None


class VisitLine(Out):
    """One line of the phone's list."""

    id: UUID
    occasion: str
    enterprise: str
    organizer: str
    mode: VisitMode
    mode_text: str
    planned_from: date
    planned_to: date
    status: VisitStatus
    status_text: str


class VisitPage(Page[VisitLine]):
    """A page of the list."""


class FindingOut(Out):
    """Something to put right, and how that stands once the opinion is sent."""

    id: UUID
    number: int
    place: str
    description: str
    basis: str
    kind: FindingKind
    grade: int
    suspected_major: str
    suggestion: str
    due_on: date
    owner: str
    measures: str
    funds: str
    emergency_plan: str
    handed_over: Annotated[str, Field(description="移送给哪个部门、结果；没有移送时为空")]
    photos: list[UUID]
    state: Annotated[str, Field(description="整改到哪一步；意见书没有发出时为空")]


class SignatureOut(Out):
    """How a side signed."""

    side: Side
    way: SignedBy
    name: str
    post: str
    reason: str
    witness: str
    file_id: UUID | None
    signed_at: Instant


class TalkOut(Out):
    """What workers said. No names."""

    people: int
    topics: str
    words: str


class LastVisitOut(Out):
    """An earlier visit of any level: who, when, how; nothing of what was found."""

    unit: str
    on: date
    mode_text: str


class VisitDraftOut(Out):
    """What the team has noted and not sent yet, on whichever device."""

    version: int
    content: dict[str, Any]
    edited_by: str
    edited_at: Instant


class VisitOut(VisitLine):
    """A visit with all that is needed to record it, also without a network."""

    version: int
    basis: str
    team: list[str]
    form: Definition | None
    visited_on: date | None
    answers: dict[str, Any]
    skipped: dict[str, str]
    situation: str
    activities: str
    talks: list[TalkOut]
    findings: list[FindingOut]
    signatures: list[SignatureOut]
    files: list[FileOut]
    number: Annotated[str, Field(description="意见书编号，发出以前为空")]
    last_visits: list[LastVisitOut]
    draft: VisitDraftOut | None
    orders: Annotated[list[str], Field(description="不能写进意见的词")]
    may_record: bool
    why_not: str | None


class VisitRecordedOut(Out):
    """That the record is kept."""

    key: UUID
    version: int
    status: VisitStatus
    recorded_at: Instant


class NewQuery(In):
    """What a plan begins with."""

    model_config = ConfigDict(extra="ignore")

    enterprise: UUID | None = None
    form: UUID | None = None

    @field_validator("enterprise", "form", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return None if value == "" else value
