"""A numbered notice on paper, as GB/T 9704 lays it out."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.assignments.dispatch.models import Assignment
from server.kit.documents.papers.kinds import DocumentKind, Paper
from server.kit.documents.papers.official import Official, write_official
from server.kit.documents.queries import find_document
from server.kit.files.queries import list_files
from server.kit.scope import union_names
from server.oversight.notices.schemas import NoticeDetails, Urgency
from server.oversight.notices.texts import EVERYBODY, REPLACING, URGENCY_NAMES, contact_text
from server.unions.tree.models import Union


def write_notice(document: Any, paper: Paper) -> None:
    """Add the document. A draft says that it is one."""
    number = paper.number or "（草稿，未编号）"
    write_official(document, Official(number=number, day=paper.issued_on, **paper.words))


NOTICE_DOCUMENT = DocumentKind(
    name="notice", title="公文", subject_type="assignment", downloaded="notice.download", write=write_notice
)


def details_of(assignment: Assignment) -> NoticeDetails:
    """Its own details. Of what is passed on, the urgency alone: what came stands below it, and says the rest."""
    details = NoticeDetails.model_validate(assignment.details)
    return details if assignment.root_id == assignment.id else NoticeDetails(urgency=details.urgency)


def words_of(session: Session, assignment: Assignment) -> dict[str, Any]:
    """What the document says, as `Official` takes it; of a draft as it stands."""
    details = details_of(assignment)
    files = list_files(session, "assignment", [assignment.id])[assignment.id]
    return {
        "issuer": session.get_one(Union, assignment.sender_id).name,
        "title": assignment.title,
        "urgency": "" if details.urgency is Urgency.NORMAL else URGENCY_NAMES[details.urgency],
        "addressees": details.addressees or EVERYBODY,
        "body": "\n".join(filter(None, (assignment.text, _replacing(session, assignment)))),
        "attachments": [each.name.rsplit(".", 1)[0] for each in files],
        "note": contact_text(details),
        "copies": copies_text(session, assignment),
    }


def _replacing(session: Session, assignment: Assignment) -> str:
    if assignment.replaces_id is None:
        return ""
    replaced = session.get_one(Assignment, assignment.replaces_id)
    document = find_document(session, NOTICE_DOCUMENT, replaced.id)
    return REPLACING.format(replaced.title, document.number if document else replaced.number)


def copies_text(session: Session, assignment: Assignment) -> str:
    """Who has a copy: the unions that get one here, and those that the sender names in words."""
    details = details_of(assignment)
    copied = [UUID(each) for each in assignment.rule.get("copies", ())]
    names = union_names(session, copied)
    return "，".join(filter(None, (*(names[each].name for each in copied), details.copied_to)))
