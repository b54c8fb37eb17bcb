"""隐患整改通知单: a rectification on paper, for the enterprise to sign. It proposes and asks for an answer: by the law
that it names, a union gives no orders."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.core.audit.actions import record
from server.core.clock import day_in_words, day_of, in_shanghai
from server.core.errors import AppError, Conflict, NotFound
from server.kit.documents.actions import issue_document, next_number
from server.kit.documents.models import Document
from server.kit.documents.papers.kinds import DocumentKind, Paper, freeze
from server.kit.documents.papers.layout import SMALL, head, line, pictures, sign, table
from server.kit.documents.queries import find_document
from server.kit.documents.texts import default_mark, number_text
from server.photos.models import PhotoState
from server.photos.queries import list_photos
from server.review.rectification.moves.parties import ISSUER
from server.review.rectification.workflow import DUE, RECTIFICATION_WORKFLOW, Context, lock_rectification
from server.review.submissions.actions import REPORT_PURPOSES
from server.review.submissions.kinds.registry import read_content
from server.review.submissions.models import Submission
from server.unions.actor import Actor
from server.unions.campaigns.queries import campaign_facts
from server.unions.tree.models import Union

TITLE, WORD = "隐患整改通知单", "隐改"
SERIES = "rectification.notice"


def refuse_notice(context: Context) -> AppError | None:
    """Why the actor cannot issue one now: for the page and for the door."""
    refusal = ISSUER.refuse(context)
    if refusal is None and context.row.status not in DUE:
        return Conflict("现在不在整改期内，不能开具整改通知单。", code="not_now")
    return refusal


def issue_notice(session: Session, rectification_id: UUID, *, actor: Actor, now: datetime) -> Document:
    """Issue one in the name of the actor's union; while nothing has changed, the one that is there stands.

    Raises NotFound outside of the scope, Forbidden for who does not stand above the addressee, Conflict when it is not
    due.
    """
    row = lock_rectification(session, rectification_id, actor)
    context = RECTIFICATION_WORKFLOW.context(session, row, actor=actor, now=now)
    refusal = refuse_notice(context)
    issuer = session.get(Union, ISSUER.union_id(context)) if ISSUER.union_id and refusal is None else None
    if issuer is None:
        raise refusal or NotFound()
    words = _words_of(session, context, issuer)
    latest = find_document(session, NOTICE_DOCUMENT, row.id)
    if latest is not None and latest.words == freeze(words):
        return latest
    year = in_shanghai(now).year
    number = next_number(session, SERIES, issuer_id=issuer.id, year=year)
    written = number_text(default_mark(issuer.short_name, issuer.name), WORD, year, number)
    document = issue_document(
        session, NOTICE_DOCUMENT, owner_id=row.id, issuer_id=issuer.id, number=written, words=words, actor=actor,
        now=now,
    )  # fmt: skip
    session.flush()
    record(
        session, "rectification.issue_notice", subject_type="rectification", subject_id=row.id,
        actor_id=actor.person_id, at=now, detail={"number": written, "content_hash": document.content_hash},
    )  # fmt: skip
    return document


def _words_of(session: Session, context: Context, issuer: Union) -> dict[str, Any]:
    """What it says. Nothing here tells who reported it."""
    row = context.row
    submission = session.get_one(Submission, row.submission_id)
    campaign = campaign_facts(session, row.campaign_id)
    photos = list_photos(session, [submission.id])[submission.id]
    shown = [each for each in photos if each.purpose in REPORT_PURPOSES and each.state is PhotoState.READY]
    return {
        "issuer_name": issuer.name,
        "addressee_name": context.snapshot.addressee_name,
        "hazard_number": submission.number or "",
        "place": row.place,
        "category": campaign.category_name(row.category),
        "grade": campaign.grades.get(row.grade, ""),
        "description": read_content(session, submission.kind, submission.id).description or row.excerpt,
        "measures": row.measures,
        "responsible": row.responsible,
        "due_on": day_of(row.due_at).isoformat(),
        "photos": [{"id": str(each.id), "sha256": each.sha256} for each in shown],
    }


def write_notice(document: Any, paper: Paper) -> None:
    """Add the notice, its photos, and the place to sign for it and to answer."""
    words = paper.words
    due = day_in_words(date.fromisoformat(words["due_on"]))
    head(document, words["issuer_name"], bold=True)
    head(document, TITLE)
    line(document, paper.number or "", center=True)
    line(document, f"{words['addressee_name']}：")
    line(
        document,
        "我会接到职工反映并核实，你单位存在下列安全隐患。根据《中华人民共和国安全生产法》第六十条（工会发现事故隐患时，"
        f"有权提出解决的建议，生产经营单位应当及时研究答复），建议你单位在{due}前完成整改，并答复我会。",
        indent=True,
    )
    rows = (
        ("隐患编号", "hazard_number"), ("地点", "place"), ("类别", "category"), ("等级", "grade"),
        ("隐患情况", "description"), ("整改建议", "measures"), ("整改责任人", "responsible"),
    )  # fmt: skip
    table(document, [*((name, words[key] or "—", 0.9) for name, key in rows), ("整改期限", f"{due}前", 0.9)])
    sign(document, words["issuer_name"], paper.issued_on)
    shown = [paper.pictures[each["id"]] for each in words["photos"] if each["id"] in paper.pictures]
    if shown:
        line(document, "现场照片", bold=True).paragraph_format.keep_with_next = True
        pictures(document, [(content, f"照片 {number}") for number, content in enumerate(shown, 1)])
    line(document, "")
    places = (("送达方式", 0.9), ("签收人、日期", 1.4), ("整改情况答复", 3.5), ("单位（盖章）、日期", 1.8))
    table(document, [(place, "", height) for place, height in places])
    line(document, "注：有不同意见的，请在期限前向发出单位说明理由；也可以在管理端答复。", SMALL)


NOTICE_DOCUMENT = DocumentKind(
    name="rectification_notice", title=TITLE, subject_type="rectification",
    downloaded="rectification.download_notice", write=write_notice,
)  # fmt: skip
