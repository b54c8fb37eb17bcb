"""What enterprises are asked: a part for each system of the city's list, judged as the page of an enterprise is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy.orm import Session

from server.assignments.dispatch.kinds.registry import AssignmentKind, ReadyForm
from server.assignments.dispatch.models import Recipient
from server.assignments.forms.schemas import (
    MOST_SECTIONS,
    DateField,
    Definition,
    FileField,
    FormSection,
    ShownIf,
    TextField,
    YesNoField,
)
from server.core.errors import Invalid
from server.core.web.errors import invalid_from
from server.oversight.systems.models import IN_PLACE, HeldStatus, SafetySystem
from server.oversight.systems.papers.documents import LIMITS
from server.oversight.systems.queries import list_held, list_systems
from server.oversight.systems.rules import wrong_days
from server.oversight.systems.schemas import AdmitIn, StateIn
from server.unions.roles import Level
from server.unions.tree.models import Union

NAME = "systems"
PREFIX, HAS, FILES = "s", "has", "files"
# What is asked of one that is there: fields of StateIn by the end of their keys, which are at most 40 long.
ASKED = {"title": "title", "since": "adopted_on", "seen": "reviewed_on"}
NOTE = "note"


def key_of(system_id: UUID, part: str) -> str:
    """The field that asks that of a system."""
    return f"{PREFIX}{system_id.hex}_{part}"


def _section(system: SafetySystem) -> FormSection:
    def key(part: str) -> str:
        return key_of(system.id, part)

    has = ShownIf(field=key(HAS), equals="yes")
    return FormSection(
        key=f"{PREFIX}{system.id.hex}", title=system.name,
        fields=(
            YesNoField(key=key(HAS), label=f"建立了{system.name}", basis=system.basis, required=True),
            TextField(key=key("title"), label="文件名称和文号", required=True, shown_if=has),
            DateField(key=key("since"), label="发布日期", required=True, shown_if=has),
            DateField(key=key("seen"), label="最近一次评审", shown_if=has, hint="没有评审过的不填"),
            FileField(
                key=key(FILES), label="制度文件", most=LIMITS.most, shown_if=has, hint="已经登记过的文件不用再传"
            ),
            TextField(key=key(NOTE), label="说明", max_length=200, hint="没有的，写写打算什么时候建立"),
        ),
    )  # fmt: skip


def _form(session: Session, sender: Union) -> ReadyForm:
    """Raises Invalid where nothing, or more than a form holds, is asked about."""
    systems = list_systems(session, sender.city_id)
    if not systems:
        raise Invalid("制度清单还是空的，请先到“制度健全”里选好要问哪些制度。", code="nothing_asked")
    if len(systems) > MOST_SECTIONS:
        raise Invalid(f"制度清单有 {len(systems)} 项，一次最多问 {MOST_SECTIONS} 项，请先停用几项。", code="too_many")
    return ReadyForm("安全制度登记表", Definition(sections=tuple(map(_section, systems))))


@dataclass(frozen=True, slots=True)
class Said:
    """What an answer says of one system. `stated` None: there is none."""

    system_id: UUID
    stated: StateIn | None
    note: str

    def admitted(self, version: int) -> AdmitIn:
        return AdmitIn(version=version, note=self.note)


def read_answer(answers: Mapping[str, Any]) -> Iterator[tuple[UUID, dict[str, Any], bool]]:
    """Each system that an answer speaks of: what it says, as fields of StateIn, and whether there is one."""
    for key, has in answers.items():
        head, _, part = key.rpartition("_")
        if part == HAS:
            system_id = UUID(head.removeprefix(PREFIX))
            said = {name: answers.get(key_of(system_id, part)) for part, name in ASKED.items()}
            yield system_id, {**said, "note": answers.get(key_of(system_id, NOTE)) or ""}, bool(has)


def read_said(answers: Mapping[str, Any]) -> Iterator[Said]:
    """The same, as the workflow takes it. Raises ValidationError."""
    for system_id, said, has in read_answer(answers):
        yield Said(system_id, StateIn(version=1, **said) if has else None, said["note"])


def _find_faults(answers: Mapping[str, Any], day: date) -> Mapping[str, str]:
    """By the key of the field."""
    faults: dict[str, str] = {}
    parts = {name: part for part, name in ASKED.items()}
    for system_id, said, has in read_answer(answers):
        if not has:
            continue
        try:
            stated = StateIn(version=1, **said)
            wrong: Mapping[str, str] = wrong_days(stated.adopted_on, stated.reviewed_on, None, day)
        except ValidationError as error:
            wrong = invalid_from(error).fields
        faults |= {key_of(system_id, parts.get(name, NOTE)): words for name, words in wrong.items()}
    return faults


def _start(session: Session, recipient: Recipient) -> Mapping[str, Any]:
    """What is known of the enterprise: it looks it over, and mends what changed."""
    start: dict[str, Any] = {}
    for held, system in list_held(session, recipient.union_id):
        if held.status is HeldStatus.ABSENT:
            start[key_of(system.id, HAS)] = False
        elif held.status in IN_PLACE and held.adopted_on is not None:
            days = {"since": held.adopted_on, "seen": held.reviewed_on or held.adopted_on}
            start |= {key_of(system.id, HAS): True, key_of(system.id, "title"): held.title}
            start |= {key_of(system.id, part): day.isoformat() for part, day in days.items()}
        if held.note and held.status in (HeldStatus.ABSENT, *IN_PLACE):
            start[key_of(system.id, NOTE)] = held.note[:200]
    return start


KIND = AssignmentKind(
    name=NAME, label="安全制度收集", letter="D", path="/console/assignments", wants_form=True, wants_reply=True,
    may_pass_on=False, may_correct=True, level=Level.ENTERPRISE, is_for_level=True, form=_form, start_answer=_start,
    find_faults=_find_faults,
)  # fmt: skip
