"""What people read about a submission: words for its status, its steps and what happens next. Pure."""

from datetime import datetime

from server.core.clock import in_shanghai
from server.kit.deadlines.calendar.working_days import is_provisional
from server.kit.numbers.actions import read_number
from server.review.submissions.kinds.registry import all_kinds, kind_of
from server.review.submissions.models import Kind, Move, Status

STATUS_TEXTS: dict[Status, str] = {
    Status.INCOMPLETE: "待传完",
    Status.QUEUED: "待受理",
    Status.RETURNED: "待补充",
    Status.ACCEPTED: "已受理",
    Status.DECLINED: "不予受理",
    Status.DUPLICATE: "重复",
    Status.WITHDRAWN: "已撤回",
}

MOVE_TITLES: dict[Move, str] = {
    Move.CREATE: "已提交",
    Move.SUBMIT: "照片已收齐，等待审核",
    Move.CLAIM: "审核员开始处理",
    Move.RELEASE: "放回待办",
    Move.RETURN: "请你补充",
    Move.ANSWER: "已补充",
    Move.ACCEPT: "已受理",
    Move.ACCEPT_IN_PART: "部分采纳",
    Move.DECLINE: "不予受理",
    Move.MARK_DUPLICATE: "与另一条重复",
    Move.PASS_UP: "转上级工会处理",
    Move.PASS_DOWN: "转下级工会处理",
    Move.REOPEN: "重新审核",
    Move.WITHDRAW: "已撤回",
    Move.NOTE: "内部备注",
    Move.DISCLOSE: "市总工会查看了你的姓名",
    Move.REQUEUE: "回到待办，继续审核",
    Move.RELINK: "改并到另一条",
}

# Housekeeping among reviewers: no business of the reporter's.
HIDDEN_FROM_REPORTER = frozenset({Move.CLAIM, Move.RELEASE, Move.NOTE})


def status_text(kind: Kind, status: Status) -> str:
    """What a status is called: a hazard is 受理, a suggestion 采纳."""
    return kind_of(kind).words.statuses.get(status, STATUS_TEXTS[status])


def not_now_text(kind: Kind, status: Status) -> str:
    """That the status is wrong for a move."""
    return f"这条内容现在是“{status_text(kind, status)}”，不能这样处理。"


def move_title(kind: Kind, move: Move) -> str:
    """What a step is called with submissions of that kind."""
    return kind_of(kind).words.steps.get(move, MOVE_TITLES[move])


def numbers_meant(text: str) -> list[str]:
    """The numbers of submissions that somebody may mean who typed `text`; none if it is no number."""
    return read_number(text, "".join(each.number_letter for each in all_kinds()))


def union_label(name: str) -> str:
    """A union as people are told of it: an enterprise's name alone would read as if the management answered."""
    return name if name.endswith("工会") else f"{name}工会"


def day_text(moment: datetime) -> str:
    """11月26日, as people in Shanghai read the day."""
    local = in_shanghai(moment)
    return f"{local.month}月{local.day}日"


def due_text(due_at: datetime) -> str:
    """1月8日（暂定）: the day of a deadline, and whether it may still move."""
    return f"{day_text(due_at)}（暂定）" if is_provisional(due_at) else day_text(due_at)


def moment_text(moment: datetime) -> str:
    """11月26日 17:05, in Shanghai."""
    local = in_shanghai(moment)
    return f"{local.month}月{local.day}日 {local:%H:%M}"


def excerpt_of(description: str, fallback: str, length: int = 60) -> str:
    """The beginning of a description on one line, `fallback` when there is none."""
    line = " ".join(description.split()) or fallback
    return line if len(line) <= length else line[: length - 1] + "…"
