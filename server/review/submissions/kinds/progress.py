"""The way of a submission as its reporter sees it: steps behind, the one it stands at, those ahead. Pure."""

from datetime import datetime

from server.review.submissions.kinds.registry import kind_of
from server.review.submissions.models import Status
from server.review.submissions.schemas import Step, StepFacts
from server.review.submissions.texts import STATUS_TEXTS, due_text, status_text, union_label

REVIEW = "工会审核"
RESULT = "反馈结果"


def progress_steps(facts: StepFacts) -> list[Step]:
    """Three steps: sent, reviewed, answered; each with when, and the current one with what happens next."""
    if facts.status is Status.WITHDRAWN:
        withdrawn = _done(STATUS_TEXTS[Status.WITHDRAWN], facts.updated_at, "你撤回了这条内容。")
        return [_done("已提交", facts.created_at), withdrawn]
    if facts.status is Status.INCOMPLETE:
        note = f"照片已收到 {facts.photos_received}/{facts.photos_expected} 张，联网后会自动续传。"
        return [_current("提交中", facts.created_at, note), _ahead(REVIEW), _ahead(RESULT)]
    sent = _done("已提交", facts.created_at)
    if facts.status is Status.QUEUED:
        return [sent, _current(REVIEW, facts.arrived_at, _promise(facts)), _ahead(RESULT)]
    if facts.status is Status.RETURNED:
        note = facts.question or "审核员请你补充一些情况。"
        return [sent, _current("等你补充", facts.updated_at, note), _ahead(RESULT)]
    return [sent, _done(REVIEW, facts.decided_at, f"由{union_label(facts.union_name)}审核。"), _result(facts)]


def _promise(facts: StepFacts) -> str:
    who = f"由{union_label(facts.union_name)}审核"
    return f"{who}，最晚 {due_text(facts.due_at)} 答复你。" if facts.due_at else f"{who}。"


def _result(facts: StepFacts) -> Step:
    title, words = status_text(facts.kind, facts.status), kind_of(facts.kind).words
    if facts.status is not Status.ACCEPTED:
        return _done(title, facts.decided_at, facts.reply)
    graded = f"，定为{facts.grade_name}{words.name}" if facts.grade_name else ""
    return _done(title + graded, facts.decided_at, facts.reply or f"{words.thanks}，{words.promise}。")


def _done(title: str, at: datetime | None, note: str | None = None) -> Step:
    return Step(title=title, state="done", at=at, note=note)


def _current(title: str, at: datetime | None, note: str | None = None) -> Step:
    return Step(title=title, state="current", at=at, note=note)


def _ahead(title: str) -> Step:
    return Step(title=title, state="ahead", at=None, note=None)
