"""The reviewers' queue."""

from server.core.slice import AuditWords, MenuEntry, PersonalRows, Section, Slice
from server.kit.teamwork.models import Comment
from server.review.queue.listing import QUEUE
from server.review.queue.panels import PERSON_PANEL, UNION_PANEL
from server.review.queue.sharing import SHARED_ITEM, TODO
from server.review.submissions.queries import sent_by

SLICE = Slice(
    union_panels=(UNION_PANEL,),
    person_panels=(PERSON_PANEL,),
    lists=(QUEUE,),
    shared_items=(SHARED_ITEM,),
    todos=(TODO,),
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
        ),
    ),
    audit=AuditWords(
        actions={
            "submission.view_private": "查看上报人信息",
            "submission.phone_viewed": "查看上报人的完整号码",
        },
    ),
)
