"""States and moves of a story: the reporter agrees, a reviewer releases it, each may take it back."""

from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from server.core.errors import AppError, Conflict, Forbidden, Invalid, NotFound
from server.core.messages import Message, PersonalMessage
from server.kit.workflow import Move, MoveContext, Party, Step, StepData, Workflow
from server.notifications.inbox.actions import deliver
from server.photos.queries import find_ready
from server.publicity.stories.models import Reach, Story, StoryMove, StoryStatus
from server.publicity.stories.permissions import MAY_READ, MAY_RELEASE, MAY_RELEASE_TO_EVERYBODY
from server.publicity.stories.queries import list_pictures
from server.publicity.stories.texts import REACH_NAMES
from server.review.submissions.models import Submission
from server.unions.actor import Actor, in_scope

Context = MoveContext[Story]
S, M = StoryStatus, StoryMove


def get_story(session: Session, story_id: UUID, actor: Actor | None, *, lock: bool = False) -> Story:
    """A story within the actor's subtrees, or of what they reported. Raises NotFound."""
    statement = select(Story).where(Story.id == story_id).execution_options(populate_existing=lock)
    if actor is not None:
        own = Story.submission_id.in_(select(Submission.id).where(Submission.reporter_id == actor.person_id))
        statement = statement.where(or_(in_scope(actor, Story, MAY_READ), own))
    story = session.scalar(statement.with_for_update() if lock else statement)
    if story is None:
        raise NotFound
    return story


def _lock(session: Session, story_id: UUID, actor: Actor | None) -> Story:
    return get_story(session, story_id, actor, lock=True)


def _read_reporter(session: Session, row: Story) -> UUID | None:
    return session.scalar(select(Submission.reporter_id).where(Submission.id == row.submission_id))


def _refuse_others(context: Context) -> AppError | None:
    is_theirs = context.actor is not None and context.actor.person_id == context.snapshot
    return None if is_theirs else Forbidden("只有上报人自己能决定。")


def _refuse_outsiders(context: Context) -> AppError | None:
    if context.actor is None or not context.actor.holds_over(context.row, MAY_RELEASE):
        return Forbidden("整改案例由管理范围里的工会发布。")
    return Forbidden("这是您自己上报的，请同事发布。") if context.actor.is_own(context.snapshot) else None


REPORTER: Party[Story] = Party("reporter", _refuse_others)
RELEASER: Party[Story] = Party("releaser", _refuse_outsiders)


def _check_release(context: Context) -> AppError | None:
    """What is shown belongs to it, to whom the reporter agreed, and somebody has looked for people in it."""
    form, row = context.form, context.row
    if not form.is_looked_at:
        return Invalid("请先看过照片。", fields={"is_looked_at": "看过以后打勾"})
    if form.reach is Reach.EVERYBODY:
        if row.consented is not Reach.EVERYBODY:
            return Conflict("上报人只同意给本企业的职工看。", code="beyond_consent")
        if context.actor is None or not context.actor.holds_over(row, MAY_RELEASE_TO_EVERYBODY):
            return Forbidden("给全市职工看的，由上级工会发布。")
    elif row.enterprise_id is None:
        return Invalid("这一条不在企业里，只能给全市职工看。", fields={"reach": "选全市职工"})
    before, after = list_pictures(context.session, row.submission_id)
    fields = {}
    for name, chosen, known in (("before", form.before, before), ("after", form.after, after)):
        if chosen not in {each.id for each in known} or not find_ready(context.session, [chosen]):
            fields[name] = "请选一张照片"
    return Invalid("请选整改前、整改后的照片各一张。", fields=fields) if fields else None


def _consent(context: Context) -> StepData:
    context.row.consented = context.form.reach
    _hide(context)
    return StepData(data={"reach": context.form.reach.value})


def _release(context: Context) -> StepData:
    row, form = context.row, context.form
    row.title, row.words, row.reach = form.title, form.words, form.reach
    row.before_photo_id, row.after_photo_id = form.before, form.after
    row.released_at, row.released_by_id = context.now, context.actor_id
    return StepData(data={"reach": form.reach.value})


def _hide(context: Context) -> StepData:
    context.row.released_at = context.row.reach = None
    return StepData()


def _hide_with_reason(context: Context) -> StepData:
    _hide(context)
    return StepData(data={"reason": context.form.reason})


def _tell_release(context: Context, step: Step) -> None:
    row = context.row
    readers = REACH_NAMES[context.form.reach]
    body = f"你报的“{row.title}”，整改前后的照片{readers}都能看到了，没有你的姓名。不想再公开，点开就能收回。"
    message = PersonalMessage(
        person_id=context.snapshot, key=f"story:{row.id}:{row.version}", message=Message("你发现的隐患成了案例", body),
        submission_id=row.submission_id,
    )  # fmt: skip
    deliver(context.session, message, now=step.at)


STORIES: Workflow[Story] = Workflow(
    subject="story",
    statuses=StoryStatus,
    lock=_lock,
    read_snapshot=_read_reporter,
    moves=(
        Move(
            name=M.OFFER, party=REPORTER, before=(), after=S.OFFERED, label="同意公开", audit="同意公开整改案例",
        ),
        Move(
            name=M.OFFER_AGAIN, party=REPORTER, before=(S.OFFERED, S.RELEASED, S.RETRACTED), after=S.OFFERED,
            label="同意公开", audit="同意公开整改案例", effect=_consent,
        ),
        Move(
            name=M.RETRACT, party=REPORTER, before=(S.OFFERED, S.RELEASED), after=S.RETRACTED, label="收回",
            audit="收回整改案例", effect=_hide,
        ),
        Move(
            name=M.RELEASE, party=RELEASER, before=(S.OFFERED, S.DECLINED, S.TAKEN_DOWN), after=S.RELEASED,
            label="发布", audit="发布整改案例", done="已发布，职工在手机上看得到。", check=_check_release,
            effect=_release, tell=_tell_release,
        ),
        Move(
            name=M.DECLINE, party=RELEASER, before=(S.OFFERED,), after=S.DECLINED, label="不发布",
            audit="不发布整改案例", done="已记下，不发布。",
        ),
        Move(
            name=M.TAKE_DOWN, party=RELEASER, before=(S.RELEASED,), after=S.TAKEN_DOWN, label="撤下",
            audit="撤下整改案例", done="已撤下，职工看不到了。", effect=_hide_with_reason,
        ),
    ),
)  # fmt: skip
