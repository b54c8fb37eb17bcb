"""Playing the demo's story through the slices' own actions, at the times when it happened."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from server.activities.hazards.actions import prepare_hazard, rows_of_report
from server.activities.hazards.schemas import HazardIn
from server.activities.suggestions.actions import submit_suggestion
from server.activities.suggestions.kind import AdoptIn
from server.activities.suggestions.models import ImplementationMove, PlanStep
from server.activities.suggestions.schemas import BenefitIn, PlanStepIn, SuggestionIn
from server.activities.suggestions.workflow import IMPLEMENTATION, StepForm
from server.assignments.dispatch.actions import draft_assignment, send_assignment
from server.assignments.dispatch.models import ReceiptChannel, Recipient
from server.assignments.dispatch.schemas import DraftIn, RecipientRule, SignIn
from server.assignments.dispatch.sending.writing import write_some
from server.assignments.dispatch.workflow import RECIPIENT, RecipientMove
from server.assignments.forms.actions import create_form
from server.assignments.forms.schemas import FormIn
from server.core import ids
from server.core.clock import in_shanghai
from server.core.new_rows import insert_unless_known
from server.core.storage.base import ObjectStore
from server.kit.documents.texts import default_mark
from server.kit.workflow import perform
from server.oversight.awards.actions import create_budget, create_scheme
from server.oversight.awards.models import AwardBatch, BatchMove
from server.oversight.awards.schemas import BudgetIn, SchemeIn
from server.oversight.awards.workflow import BATCHES
from server.oversight.inspections.queries import templates
from server.oversight.letters.actions import draft_letter
from server.oversight.letters.models import LetterKind, LetterMove
from server.oversight.letters.schemas import LetterIn, ReplyIn, VersionIn
from server.oversight.letters.texts import DRAFTS, default_body
from server.oversight.letters.workflow import LETTER_WORKFLOW
from server.photos.actions import receive_photo
from server.photos.formats import Picture
from server.photos.pictures.keys import original_key
from server.photos.queries import list_declared
from server.photos.schemas import MediaDeclared, PhotoDeclared
from server.review.decisions.actions import make_move
from server.review.decisions.schemas import AcceptIn, DeclineIn, ReturnIn
from server.review.rectification import schemas as rectifying
from server.review.rectification.actions import make_rectification_move
from server.review.rectification.evidence.attachments import declare_submission_of_work
from server.review.rectification.models import Rectification, RectifyMove
from server.review.rectification.queries import find_rectification
from server.review.submissions.models import Move, Submission
from server.review.submissions.schemas import MoveIn
from server.showcase.assessment import assess, keep_registers
from server.showcase.content import BUDGET, NOTICES, SCHEME, STORIES, WRITINGS, Act, Sent, Story, Verb, Writing
from server.showcase.scenes import scene
from server.showcase.supervision import supervise
from server.showcase.training import train
from server.unions.accounts.actions import find_account
from server.unions.actor import Actor, RoleAt
from server.unions.demo.content import WORKERS
from server.unions.people.models import Person, RoleAssignment
from server.unions.people.queries import find_person_by_wechat
from server.unions.roles import Level
from server.unions.sign_in.attempts.demo_door import APP_ID
from server.unions.tree.actions import answer_traits
from server.unions.tree.lookup.traits import traits
from server.unions.tree.models import Union

PHOTO = (1000, 750)  # pixels
INSPECTION = "请对照检查表逐项自查，只看、只问、查记录。不合格的拍照写明，判断不了的选“无法判断”。"


@dataclass(slots=True)
class Stage:
    """Who plays, and where photos go. `told`: the submission of each story, once it is reported."""

    session: Session
    store: ObjectStore
    workers: tuple[Actor, ...]
    city: Actor
    district: Actor
    enterprise: Actor
    told: dict[int, UUID] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Turn:
    """One act of one story, about to be played."""

    stage: Stage
    number: int
    story: Story
    words: Mapping[str, Any]
    at: datetime

    @property
    def submission(self) -> Submission:
        return self.stage.session.get_one(Submission, self.stage.told[self.number], populate_existing=True)

    @property
    def rectification(self) -> Rectification:
        row = find_rectification(self.stage.session, self.stage.told[self.number])
        if row is None:
            raise LookupError(self.number)
        self.stage.session.refresh(row)
        return row


def play(session: Session, store: ObjectStore, *, now: datetime) -> bool:
    """Tell the whole story of the last weeks, unless anything was ever submitted here. Returns whether it was told.

    Events must be subscribed to, and the demo's people loaded.
    """
    if session.scalar(select(exists(select(Submission.id)))):
        return False
    stage = Stage(
        session,
        store,
        tuple(_worker(session, openid) for openid, _ in WORKERS),
        _reviewer(session, "city"),
        _reviewer(session, "shinan"),
        _reviewer(session, "enterprise"),
    )
    acts = [(act, number, story) for number, story in enumerate(STORIES) for act in story.acts]
    for act, number, story in sorted(acts, key=lambda each: -each[0].days_ago):
        _play_act(Turn(stage, number, story, act.words, now - timedelta(days=act.days_ago)), act)
    for writing in WRITINGS:
        _write(stage, writing, now - timedelta(days=writing.days_ago))
    for notice in NOTICES:
        _send_down(stage, notice, now - timedelta(days=notice.days_ago))
    _offer_awards(stage, now)
    _begin_inspection(stage, now)
    supervise(session, stage.district, stage.city, now)
    train(session, store, stage.enterprise, stage.district, now)
    keep_registers(session, stage.enterprise, stage.district, stage.city, now)
    assess(session, stage.city, now)
    return True


def _begin_inspection(stage: Stage, now: datetime) -> None:
    """The enterprise has said what it has; the district sends the winter inspection to its enterprises."""
    session, district = stage.session, stage.district
    has = {code: code in ("piped_gas", "catering", "dormitory") for code in traits()}
    answer_traits(session, stage.enterprise.roles[0].union_id, has, actor=stage.enterprise, now=now)
    template = templates()["winter_heating_gas"]
    body = FormIn(title=template.title, about=template.about)
    form = create_form(session, district.roles[0].union_id, body, template.definition, actor=district, now=now)
    asked = DraftIn(
        title=template.title, text=INSPECTION, form_id=form.id, wants_reply=True,
        due_on=in_shanghai(now).date() + timedelta(days=21), rule=RecipientRule(levels=(Level.ENTERPRISE,)),
    )  # fmt: skip
    draft = draft_assignment(session, "inspection", asked, actor=district, now=now)
    send_assignment(session, draft.id, draft.version, actor=district, now=now)


def _play_act(turn: Turn, act: Act) -> None:
    _PLAYS[act.verb](turn)
    turn.stage.session.flush()


def _worker(session: Session, openid: str) -> Actor:
    person = find_person_by_wechat(session, APP_ID, openid)
    if person is None:
        raise LookupError(openid)
    return Actor(person.id, person.name, ids.new_id(), person.enterprise_id, is_worker=True)


def _reviewer(session: Session, username: str) -> Actor:
    account = find_account(session, username)
    if account is None:
        raise LookupError(username)
    person = session.get_one(Person, account.person_id)
    held = session.execute(
        select(RoleAssignment.role, Union.id, Union.level, Union.name)
        .join(Union, Union.id == RoleAssignment.union_id)
        .where(RoleAssignment.person_id == person.id)
    )
    return Actor(person.id, person.name, ids.new_id(), None, tuple(RoleAt(*row) for row in held))


# --- photos -----------------------------------------------------------------------------------------------------------


def _draw(turn: Turn, seed: int, *, is_mended: bool = False) -> tuple[bytes, MediaDeclared]:
    content = scene(turn.story.scene, seed, PHOTO, is_mended=is_mended)
    return content, MediaDeclared(sha256=hashlib.sha256(content).hexdigest(), size=len(content))


def _send(turn: Turn, owner: Actor, content: bytes, declared: PhotoDeclared) -> None:
    """The photo arrives: the object first, then the row, as in an upload."""
    session, submission_id = turn.stage.session, turn.stage.told[turn.number]
    photo = next(
        each for each in list_declared(session, submission_id, owner.person_id) if each.sha256 == declared.sha256
    )
    object_id = ids.new_id()
    turn.stage.store.put_bytes(original_key(photo.id, object_id), content, "image/jpeg")
    receive_photo(
        session, submission_id, owner.person_id, sha256=declared.sha256, position=photo.position,
        picture=Picture("image/jpeg", *PHOTO), object_id=object_id, now=turn.at,
    )  # fmt: skip


# --- hazards ----------------------------------------------------------------------------------------------------------


def _report(turn: Turn) -> None:
    worker = turn.stage.workers[turn.story.who]
    content, declared = _draw(turn, turn.number)
    body = HazardIn(enterprise_id=worker.enterprise_id, photos=[declared], **turn.words)
    hazard_id = ids.new_id_of_day(turn.at) if body.is_anonymous else _id_of(turn.at)
    prepared = prepare_hazard(turn.stage.session, hazard_id, body, reporter_id=worker.person_id, now=turn.at)
    _photo_ids, first, rows = rows_of_report(prepared, turn.at)
    insert_unless_known(turn.stage.session, first, rows)
    turn.stage.told[turn.number] = hazard_id
    _send(turn, worker, content, declared)


def _id_of(moment: datetime) -> UUID:
    """An id as the worker's phone made it then."""
    return UUID(int=ids.first_id(moment).int | ids.new_id().int & ((1 << 62) - 1))


def _decide(move: Move, form: type[MoveIn]) -> Callable[[Turn], None]:
    def decide(turn: Turn) -> None:
        submission = turn.submission
        filled = form(version=submission.version, **turn.words)
        make_move(turn.stage.session, submission.id, move, filled, actor=turn.stage.district, now=turn.at)

    return decide


def _rectify(move: RectifyMove, form: type[rectifying.MoveIn], *, by_union: bool = False) -> Callable[[Turn], None]:
    def rectify(turn: Turn) -> None:
        row = turn.rectification
        actor = turn.stage.district if by_union else turn.stage.enterprise
        filled = form(version=row.version, **turn.words)
        make_rectification_move(turn.stage.session, row.id, move, filled, actor=actor, now=turn.at)

    return rectify


def _put_right(turn: Turn) -> None:
    row, actor = turn.rectification, turn.stage.enterprise
    content, declared = _draw(turn, turn.number + 100, is_mended=True)
    body = rectifying.SubmitIn(version=row.version, photos=[declared], **turn.words)
    declare_submission_of_work(turn.stage.session, row.id, ids.new_id(), body, actor=actor, now=turn.at)
    _send(turn, actor, content, declared)


# --- suggestions ------------------------------------------------------------------------------------------------------


def _suggest(turn: Turn) -> None:
    suggestion_id = turn.stage.told[turn.number] = _id_of(turn.at)
    body = SuggestionIn(**turn.words)
    submit_suggestion(turn.stage.session, suggestion_id, body, actor=turn.stage.workers[turn.story.who], now=turn.at)


def _plan(turn: Turn) -> None:
    due_on = in_shanghai(turn.at + timedelta(days=turn.words["due_in"])).date()
    body = PlanStepIn(what=turn.words["what"], owner=turn.words["owner"], due_on=due_on)
    _carry_out(turn, ImplementationMove.ADD_STEP, body, turn.stage.enterprise)


def _confirm(turn: Turn) -> None:
    """What was planned is done, its worth confirmed by the enterprise, and colleagues may see it."""
    enterprise, planned = turn.stage.enterprise, PlanStep.submission_id == turn.submission.id
    for step_id in turn.stage.session.scalars(select(PlanStep.id).where(planned)).all():
        _carry_out(turn, ImplementationMove.COMPLETE_STEP, StepForm(step_id), enterprise)
    _carry_out(turn, ImplementationMove.CONFIRM_BENEFIT, BenefitIn(**turn.words), enterprise)
    _carry_out(turn, ImplementationMove.PUBLISH, None, turn.stage.district)


def _carry_out(turn: Turn, move: ImplementationMove, form: Any, actor: Actor) -> None:
    perform(IMPLEMENTATION, turn.stage.session, turn.submission.id, move, actor=actor, now=turn.at, form=form)


# --- letters ----------------------------------------------------------------------------------------------------------


def _write(stage: Stage, writing: Writing, at: datetime) -> None:
    """The district's letter, numbered and sent; two days later the enterprise answers, if it does."""
    session, district, enterprise = stage.session, stage.district.roles[0], stage.enterprise.roles[0]
    kind = LetterKind(writing.kind)
    form = LetterIn(
        kind=kind, addressee_id=enterprise.union_id, addressee_name=enterprise.union_name,
        mark=default_mark("", district.union_name), subject=DRAFTS[kind].subject,
        body=default_body(kind, [writing.problem]),
    )  # fmt: skip
    about = find_rectification(session, stage.told[writing.story])
    items = [about.id] if about else []
    draft = draft_letter(session, district.union_id, form, items, actor=stage.district, now=at)
    to_send = VersionIn(version=draft.version)
    letter = perform(LETTER_WORKFLOW, session, draft.id, LetterMove.ISSUE, form=to_send, actor=stage.district, now=at)
    if writing.reply:
        answer = ReplyIn(version=letter.version, reply=writing.reply, replied_by=stage.enterprise.name or "安全员")
        answered_at = at + timedelta(days=2)
        perform(
            LETTER_WORKFLOW, session, letter.id, LetterMove.REPLY, form=answer, actor=stage.enterprise, now=answered_at
        )


# --- notices ----------------------------------------------------------------------------------------------------------


def _send_down(stage: Stage, notice: Sent, at: datetime) -> None:
    """A notice, sent to everybody at once; an hour later the enterprise signs, if it does."""
    session, sender = stage.session, stage.city if notice.by == "city" else stage.district
    said = DraftIn(
        title=notice.title, text=notice.text, details=dict(notice.details), may_pass_on=True,
        rule=RecipientRule(levels=(Level(notice.level),)),
    )  # fmt: skip
    draft = draft_assignment(session, "notice", said, actor=sender, now=at)
    sent = send_assignment(session, draft.id, draft.version, actor=sender, now=at)
    while write_some(session, sent.id, now=at):
        pass
    if not notice.is_signed:
        return
    mine = select(Recipient.id).where(
        Recipient.assignment_id == sent.id, Recipient.union_id == stage.enterprise.roles[0].union_id
    )
    perform(
        RECIPIENT, session, session.scalars(mine).one(), RecipientMove.SIGN, actor=stage.enterprise,
        now=at + timedelta(hours=1), form=SignIn(via=ReceiptChannel.PHONE),
    )  # fmt: skip


# --- awards -----------------------------------------------------------------------------------------------------------


def _offer_awards(stage: Stage, now: datetime) -> None:
    name, amount = BUDGET
    union_id = stage.city.roles[0].union_id
    form = BudgetIn(union_id=union_id, name=name, amount_cents=amount)
    budget = create_budget(stage.session, form, actor=stage.city, now=now)
    today = in_shanghai(now).date()
    began, ends = today - timedelta(days=60), date(today.year, 12, 31)
    scheme = SchemeIn(budget_id=budget.id, starts_on=began, ends_on=ends, **SCHEME)
    offered = create_scheme(stage.session, scheme, actor=stage.city, now=now)
    first = select(AwardBatch.id).where(AwardBatch.scheme_id == offered.id).order_by(AwardBatch.number).limit(1)
    batch_id = stage.session.scalars(first).one()
    perform(BATCHES, stage.session, batch_id, BatchMove.COMPUTE, actor=stage.city, now=now)


_PLAYS: Mapping[Verb, Callable[[Turn], None]] = {
    Verb.REPORT: _report,
    Verb.ACCEPT: _decide(Move.ACCEPT, AcceptIn),
    Verb.DECLINE: _decide(Move.DECLINE, DeclineIn),
    Verb.ASK: _decide(Move.RETURN, ReturnIn),
    Verb.TAKE_ON: _rectify(RectifyMove.ACCEPT, rectifying.MoveIn),
    Verb.ASK_EXTENSION: _rectify(RectifyMove.ASK_EXTENSION, rectifying.ExtensionIn),
    Verb.PUT_RIGHT: _put_right,
    Verb.CLOSE: _rectify(RectifyMove.CLOSE, rectifying.CloseIn, by_union=True),
    Verb.SUGGEST: _suggest,
    Verb.ADOPT: _decide(Move.ACCEPT, AdoptIn),
    Verb.PLAN: _plan,
    Verb.CONFIRM: _confirm,
}
