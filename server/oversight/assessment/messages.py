"""What units are told of assessments, and the assessing union of objections."""

from collections.abc import Iterable, Iterator

from sqlalchemy.orm import Session

from server.core.clock import day_in_words
from server.core.messages import GroupMessage, Message
from server.core.text import quoted
from server.kit.scope import union_names
from server.oversight.assessment.models import AssessedUnit, Assessment, Objection
from server.unions.people.queries import list_reviewers


def results_told(session: Session, run: Assessment, units: Iterable[AssessedUnit]) -> Iterator[GroupMessage]:
    """That a unit's score is there, and until when it may object."""
    until = day_in_words(run.objections_until) if run.objections_until else ""
    body = f"{quoted(run.title)}的得分出来了，每一项怎么来的都能看。有不同意见，请在{until}以前提出。"
    for unit in units:
        yield GroupMessage(
            people=list_reviewers(session, unit.union_id), key=f"assessment:{unit.id}",
            message=Message("考核得分出来了", body), desk=f"/console/assessments/units/{unit.id}",
        )  # fmt: skip


def objection_raised(session: Session, run: Assessment, unit: AssessedUnit, objection: Objection) -> GroupMessage:
    """That a unit objects, to the reviewers who assess."""
    name = union_names(session, {unit.union_id})[unit.union_id].name
    return GroupMessage(
        people=list_reviewers(session, run.sender_id), key=f"assessment_objection:{objection.id}",
        message=Message("考核有异议", f"{name}对{quoted(run.title)}的得分提出异议，请核实答复。"),
        desk=f"/console/assessments/units/{unit.id}",
    )  # fmt: skip


def objection_answered(session: Session, run: Assessment, unit: AssessedUnit, objection: Objection) -> GroupMessage:
    """That it was answered, to the unit's reviewers."""
    outcome = "采纳，得分和名次正在重算" if objection.is_upheld else "未采纳"
    return GroupMessage(
        people=list_reviewers(session, unit.union_id), key=f"assessment_answer:{objection.id}",
        message=Message("考核异议有答复了", f"您对{quoted(run.title)}的异议已答复：{outcome}。"),
        desk=f"/console/assessments/units/{unit.id}",
    )  # fmt: skip
