"""The kind of submission that this slice takes: hazards, which are graded and put right."""

from server.activities.hazards.queries import read_hazard, read_hazards
from server.review.decisions.schemas import AcceptIn
from server.review.rectification.history.for_reporter import read_rectification_follow_ups
from server.review.submissions.kinds.registry import KindWords, MoveLabel, SubmissionKind
from server.review.submissions.models import Kind, Move

KIND = SubmissionKind(
    kind=Kind.HAZARD,
    number_letter="Y",  # 隐患
    words=KindWords(
        name="隐患",
        reporter="上报人",
        sent="上报",
        accept="受理",
        received="的照片都收到了",
        known="已有人报过同一处",
        same="同一处隐患",
        thanks="谢谢你的发现",
        promise="工会会督促整改",
    ),
    read_content=read_hazard,
    read_contents=read_hazards,
    read_follow_ups=read_rectification_follow_ups,
    forms={Move.ACCEPT: AcceptIn},
    labels={
        Move.ACCEPT: MoveLabel(
            "受理",
            "a",
            "已受理",
            ("grade", "measures", "responsible", "rectify_days", "reply", "note"),
            ("grade",),
            is_primary=True,
            leaves=True,
            can_undo=True,
            title="受理并定级",
        ),
    },
    is_graded=True,
    is_rectified=True,
    is_followable=True,
)
