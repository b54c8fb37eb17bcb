"""The kind of submission that this slice takes: suggestions, which are adopted, wholly or in part."""

from server.activities.suggestions.implementation.progress import read_follow_ups_of
from server.activities.suggestions.queries import read_suggestion, read_suggestions
from server.review.submissions.kinds.registry import KindWords, MoveLabel, SubmissionKind
from server.review.submissions.models import Kind, Move, Status
from server.review.submissions.schemas import Required, VersionedIn


class AdoptIn(VersionedIn):
    """Of a suggestion, as a whole."""


class AdoptInPartIn(VersionedIn):
    """`reply` tells which part, and why not the rest."""

    reply: Required


KIND = SubmissionKind(
    kind=Kind.SUGGESTION,
    number_letter="J",  # 建议
    words=KindWords(
        name="建议",
        reporter="提出人",
        sent="提出",
        accept="采纳",
        received="已收到",
        known="已有人提过同样的建议",
        same="同一件事",
        thanks="谢谢你的建议",
        promise="工会会督促落实",
        statuses={Status.ACCEPTED: "已采纳", Status.DECLINED: "未采纳"},
        steps={Move.ACCEPT: "已采纳", Move.DECLINE: "未采纳", Move.SUBMIT: "等待审核"},
        is_titled=True,
        is_marked=True,
    ),
    read_content=read_suggestion,
    read_contents=read_suggestions,
    read_follow_ups=read_follow_ups_of,
    forms={Move.ACCEPT: AdoptIn, Move.ACCEPT_IN_PART: AdoptInPartIn},
    labels={
        Move.ACCEPT: MoveLabel("采纳", "a", "已采纳", ("reply", "note"), is_primary=True, leaves=True, can_undo=True),
        Move.DECLINE: MoveLabel(
            "不予采纳", "d", "已不予采纳", ("reply", "note"), ("reply",), leaves=True, can_undo=True
        ),
    },
)
