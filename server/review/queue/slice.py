"""The reviewers' queue."""

from sqlalchemy.orm import Session

from server.core.slice import AuditWords, MenuEntry, PersonalRows, Section, Slice
from server.kit.search import Searchable
from server.kit.teamwork.models import Comment
from server.review.queue.item.queries import find_by_number
from server.review.queue.listing import BELOW, QUEUE, item_href
from server.review.queue.panels import PERSON_PANEL, UNION_PANEL, line_of
from server.review.queue.schemas import ALL, QueueFilter
from server.review.queue.sharing import SHARED_ITEM, TODO
from server.review.submissions.queries import sent_by
from server.unions.actor import Actor


def _numbered(session: Session, actor: Actor, text: str) -> str | None:
    found = find_by_number(session, text, actor)
    return item_href(found, "") if found is not None else None


SLICE = Slice(
    union_panels=(UNION_PANEL,),
    person_panels=(PERSON_PANEL,),
    lists=(QUEUE,),
    searches=(
        Searchable(
            listing=QUEUE,
            title="隐患和建议",
            position=10,
            permission="submission.review",
            filters=lambda words: QueueFilter(status=ALL, q=words),
            line=line_of,
            numbered=_numbered,
        ),
    ),
    shared_items=(SHARED_ITEM,),
    todos=(TODO, *BELOW),
    personal=(PersonalRows(model=Comment, rows=sent_by(Comment.subject_id), struck=("text",)),),
    menu=(
        MenuEntry(
            Section.TO_DO,
            20,
            "待办队列",
            "inbox",
            "/console/queue",
            handbook="每天做什么",
            hint="最急的在最上面。按 Enter 打开，按数字键定级受理，Q 退回补充，D 不予受理；一分钟内按 Z 撤销。",
            also=("/console/submissions", "/console/map", "/console/proposals"),
        ),
    ),
    audit=AuditWords(
        actions={
            "submission.view_private": "查看上报人信息",
            "submission.phone_viewed": "查看上报人的完整号码",
            "submission.originals_wanted": "请职工发原图",
        },
        details={"masked": "匿名"},
    ),
)
