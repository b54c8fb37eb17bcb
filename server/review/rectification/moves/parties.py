"""On whose behalf a rectification is moved. Nobody decides on what they sent in, asked for or put right themselves."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core.errors import AppError, Forbidden, NotFound
from server.kit.workflow import Guard, MoveContext, Party
from server.review.rectification.models import Rectification, RectificationStep
from server.review.rectification.models import RectifyMove as Move
from server.review.submissions.models import Submission
from server.review.submissions.texts import union_label
from server.unions.actor import RoleAt
from server.unions.roles import Level, Role
from server.unions.tree.models import Union
from server.unions.tree.rules import RANK

Context = MoveContext[Rectification]

GRAVE = 2
"""Hazards of grades up to this are closed above the enterprise only."""
RECTIFYING = frozenset({Move.ACCEPT, Move.SUBMIT})
ASKING = frozenset({Move.DISPUTE, Move.ASK_EXTENSION})


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What the guards ask beside the row.

    `rectifiers` accepted it or said that it is done, at any time; `asked_by_id` asked for the extension that waits for
    an answer, or made the objection.
    """

    addressee_level: Level
    addressee_name: str
    reporter_id: UUID
    rectifiers: frozenset[UUID] = frozenset()
    asked_by_id: UUID | None = None


def read_snapshot(session: Session, row: Rectification) -> Snapshot:
    """Two short reads."""
    addressee = session.execute(
        select(Union.level, Union.name, Submission.reporter_id)
        .select_from(Submission)
        .join(Union, Union.id == row.addressee_id)
        .where(Submission.id == row.submission_id)
    ).one()
    steps = session.execute(
        select(RectificationStep.move, RectificationStep.actor_id)
        .where(RectificationStep.rectification_id == row.id, RectificationStep.move.in_(RECTIFYING | ASKING))
        .order_by(RectificationStep.id)
    ).all()
    asked_by = [step.actor_id for step in steps if step.move in ASKING]
    return Snapshot(
        addressee_level=addressee.level,
        addressee_name=addressee.name,
        reporter_id=addressee.reporter_id,
        rectifiers=frozenset(step.actor_id for step in steps if step.move in RECTIFYING and step.actor_id),
        asked_by_id=asked_by[-1] if asked_by else None,
    )


Fits = Callable[[RoleAt, Context], bool]


def _acting_role(context: Context, fits: Fits) -> RoleAt | None:
    """The role by which the actor can make the move, the nearest to the addressee; None without."""
    roles = context.actor.reviewing_over(context.row) if context.actor is not None else ()
    return max((role for role in roles if fits(role, context)), key=lambda role: RANK[role.level], default=None)


def _union_party(
    name: str, fits: Fits, refuse_role: Guard[Rectification], refuse_own: Guard[Rectification]
) -> Party[Rectification]:
    """A party of reviewers: those whose role `fits`, unless it is their own that they would decide on."""

    def refuse(context: Context) -> AppError | None:
        if context.actor is None or not context.actor.reviewing_over(context.row):
            return NotFound()
        return refuse_own(context) or (refuse_role(context) if _acting_role(context, fits) is None else None)

    def union_id(context: Context) -> UUID | None:
        role = _acting_role(context, fits)
        return role.union_id if role is not None else None

    return Party(name, refuse, union_id)


def _is_at_addressee(role: RoleAt, context: Context) -> bool:
    return role.union_id == context.row.addressee_id


def _is_above_addressee(role: RoleAt, context: Context) -> bool:
    """Nobody stands above the city: there another person decides."""
    level = context.snapshot.addressee_level
    is_above = RANK[role.level] < RANK[level] or role.level is level is Level.CITY
    return is_above and role.role is not Role.ENTERPRISE_REVIEWER


def _may_recheck(role: RoleAt, context: Context) -> bool:
    is_at_or_above = RANK[role.level] <= RANK[context.snapshot.addressee_level]
    return is_at_or_above and not (context.row.grade <= GRAVE and role.level is Level.ENTERPRISE)


def _is_any(_role: RoleAt, _context: Context) -> bool:
    return True


def _refuse_nobody(_context: Context) -> AppError | None:
    return None


def _refuse_own_report(context: Context) -> AppError | None:
    if context.actor is not None and context.actor.is_own(context.snapshot.reporter_id):
        return Forbidden("这是您自己提交的，请让别的审核员处理。", code="own_submission")
    return None


def _refuse_own_request(context: Context) -> AppError | None:
    refusal = _refuse_own_report(context)
    if refusal is None and context.actor is not None and context.actor.is_own(context.snapshot.asked_by_id):
        return Forbidden("这是您自己提出的，请让别的审核员答复。", code="own_request")
    return refusal


def has_rectified(context: Context) -> bool:
    """Whether the actor put it right, whichever of their rows they did it as."""
    return context.actor is not None and bool(context.actor.own_ids & context.snapshot.rectifiers)


def _refuse_own_work(context: Context) -> AppError | None:
    refusal = _refuse_own_report(context)
    if refusal is None and has_rectified(context):
        return Forbidden("这条是您负责整改的，请让别人复查。", code="own_rectification")
    return refusal


def _not_addressee(context: Context) -> AppError:
    who = union_label(context.snapshot.addressee_name)
    return Forbidden(f"这条由{who}整改，由他们来答复。", code="not_addressee")


def _not_above(_context: Context) -> AppError:
    return Forbidden("要由上级工会来决定。", code="not_at_this_level")


def _not_checker(context: Context) -> AppError:
    if context.snapshot.addressee_level is Level.ENTERPRISE and context.row.grade <= GRAVE:
        return Forbidden("重大和较大隐患由上级工会复查。", code="not_at_this_level")
    return _not_above(context)


def _refuse_non_reporter(context: Context) -> AppError | None:
    is_reporter = context.actor is not None and context.actor.person_id == context.snapshot.reporter_id
    return None if is_reporter else NotFound()


ADDRESSEE = _union_party("addressee", _is_at_addressee, _not_addressee, _refuse_nobody)
"""Who is to put it right: the reviewers of that very union."""
ABOVE = _union_party("above", _is_above_addressee, _not_above, _refuse_own_request)
ISSUER = _union_party("issuer", _is_above_addressee, _not_above, _refuse_own_report)
"""Who may write to the addressee in the name of a union."""
CHECKER = _union_party("checker", _may_recheck, _not_checker, _refuse_own_work)
"""Whoever may recheck: the addressee's union or one above, but another person."""
UNION = _union_party("union", _is_any, _not_above, _refuse_nobody)
"""Any union whose scope holds it."""
REPORTER: Party[Rectification] = Party("reporter", _refuse_non_reporter)
