"""What enterprises put right."""

from server.core.slice import AuditWords, MenuEntry, PersonalRows, RecountedDeadline, ReplyUse, Section, Slice, owned_by
from server.kit.documents.models import Document
from server.kit.search import Searchable
from server.kit.teamwork.models import Comment
from server.review.rectification.events import EVENTS
from server.review.rectification.indicators import INDICATORS
from server.review.rectification.listing import RECTIFICATIONS, TODOS, RectificationFilter, View
from server.review.rectification.messages import MESSAGES
from server.review.rectification.models import Evidence, Rectification, RectificationRating, RectificationStep
from server.review.rectification.panels import UNION_PANEL, line_of
from server.review.rectification.papers.kinds import PAPERS
from server.review.rectification.queries import find_by_paper, of_their_rectifications, of_what_they_moved
from server.review.rectification.sharing import SHARED_ITEM, TODO
from server.review.rectification.texts import REPLY_STARTS, STATUS_TEXTS, WAY_TEXTS
from server.review.rectification.workflow import DUE, RECTIFICATION_WORKFLOW
from server.review.submissions.queries import sent_by

SLICE = Slice(
    indicators=INDICATORS,
    union_panels=(UNION_PANEL,),
    lists=(RECTIFICATIONS,),
    searches=(
        Searchable(
            listing=RECTIFICATIONS,
            title="整改",
            position=15,
            permission="rectification.read",
            filters=lambda words: RectificationFilter(status=View.ALL, q=words),
            line=line_of,
            numbered=find_by_paper,
        ),
    ),
    shared_items=(SHARED_ITEM,),
    todos=(*TODOS, TODO),
    documents=tuple(each.kind for each in PAPERS.values()),
    exports={
        "rectification_console.paper_docx": "整改通知单、复查意见单（Word）",
        "rectification_console.paper_pdf": "整改通知单、复查意见单（PDF）",
    },
    menu=(
        MenuEntry(
            Section.TO_DO,
            30,
            "整改",
            "tool",
            "/console/rectifications",
            handbook="整改",
            hint="隐患受理以后都在这里，直到复查销号。“待复查”和“申请延期”等您答复。",
        ),
    ),
    audit=AuditWords(
        actions={
            **RECTIFICATION_WORKFLOW.audit_words(),
            "rectification.issue_notice": "开具整改通知单",
            "rectification.download_notice": "下载整改通知单",
            "rectification.issue_recheck_sheet": "开具复查意见单",
            "rectification.download_recheck_sheet": "下载复查意见单",
        },
        statuses={"rectification": STATUS_TEXTS},
        subjects={"rectification": "整改"},
        details={
            "days": "工作日",
            "evidence_id": "证据",
            "way": "方式",
            "by_reporter": "由报告人确认",
            "reopen_until": "可反映到",
            "rest_days": "余下的工作日",
        },
        values={"rectification.way": WAY_TEXTS},
    ),
    deadlines=(
        RecountedDeadline(
            column=Rectification.due_at,
            title="整改期限",
            is_running=Rectification.status.in_(DUE),
            subject_type="rectification",
            subject_id=Rectification.id,
            also=(Rectification.first_due_at,),
        ),
    ),
    personal=(
        PersonalRows(model=Rectification, rows=sent_by(Rectification.submission_id), struck=("excerpt", "place")),
        PersonalRows(
            model=RectificationStep,
            rows=of_their_rectifications(RectificationStep.rectification_id),
            struck=("text", "note"),
        ),
        PersonalRows(
            model=Evidence, rows=owned_by(Evidence.person_id), title="对整改的反馈", hidden=frozenset({"content_hash"})
        ),
        PersonalRows(model=Evidence, rows=of_their_rectifications(Evidence.rectification_id), struck=("text",)),
        PersonalRows(
            model=RectificationRating,
            rows=of_their_rectifications(RectificationRating.rectification_id),
            title="对整改结果的评价",
            struck=("words",),
        ),
        PersonalRows(model=Comment, rows=of_their_rectifications(Comment.subject_id), struck=("text",)),
        PersonalRows(model=Document, rows=of_their_rectifications(Document.owner_id), struck=("words",)),
        PersonalRows(model=Document, rows=of_what_they_moved(Document.owner_id), struck=("words",)),
    ),
    reply_uses={
        move: ReplyUse(RECTIFICATION_WORKFLOW.find(move).label, starts) for move, starts in REPLY_STARTS.items()
    },
    workflows=(RECTIFICATION_WORKFLOW,),
    events=(*EVENTS.values(),),
    messages=MESSAGES,
)
