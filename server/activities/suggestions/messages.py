"""What people are told of suggestions: their authors how they get on, co-authors that they are named."""

from uuid import UUID

from server.activities.suggestions.models import CoAuthor, PlanStep
from server.core.messages import Message, PersonalMessage, WechatNotice
from server.kit.occasions import Occasion
from server.review.submissions.models import Submission


def step_done(submission: Submission, step: PlanStep) -> PersonalMessage:
    """To the author: a step of the plan is done."""
    message = Message("你的建议有进展", f"你的建议正在落实，完成了一步：{step.what}")
    notice = WechatNotice("suggestion.step_done", Occasion.SUGGESTION, "落实中")
    return _message(submission.id, submission.reporter_id, f"step_done:{step.id}", message, notice, what=step.what)


def benefit_confirmed(submission: Submission) -> PersonalMessage:
    """To the author: what it brought is known."""
    message = Message("你的建议见效了", "单位确认了你的建议带来的效果，点开可以看到。")
    notice = WechatNotice("suggestion.benefit_confirmed", Occasion.SUGGESTION, "已见效")
    return _message(submission.id, submission.reporter_id, f"benefit_confirmed:{submission.id}", message, notice)


def published(submission: Submission) -> PersonalMessage:
    """To the author: colleagues can read it."""
    message = Message("你的建议已公开", "你的建议已公开展示，工友们可以看到并支持它。")
    notice = WechatNotice("suggestion.published", Occasion.SUGGESTION, "已公开")
    return _message(submission.id, submission.reporter_id, f"published:{submission.id}", message, notice)


def co_author_named(co_author: CoAuthor) -> PersonalMessage:
    """To whoever is named: they are asked whether they thought it up too."""
    message = Message("请确认共同建议人", "有工友把你列为一条建议的共同建议人，点开看看，确认或拒绝。")
    notice = WechatNotice("suggestion.co_author_named", Occasion.SUGGESTION, "待确认")
    key = f"co_author_named:{co_author.id}"
    return _message(co_author.submission_id, co_author.person_id, key, message, notice)


def _message(
    submission_id: UUID, person_id: UUID | None, key: str, message: Message, notice: WechatNotice, what: str = ""
) -> PersonalMessage:
    return PersonalMessage(
        person_id=person_id,
        key=key,
        message=message,
        submission_id=submission_id,
        target=f"suggestion:{submission_id}",
        what=what,
        by_wechat=notice,
    )
