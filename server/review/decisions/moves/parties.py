"""On whose behalf reviewers move a submission. Nobody handles what they sent in themselves."""

from uuid import UUID

from server.core.errors import AppError, Forbidden, NotFound
from server.kit.workflow import SYSTEM, Guard, MoveContext, Party
from server.review.submissions.models import Status, Submission
from server.review.submissions.texts import union_label
from server.unions.actor import Actor, RoleAt
from server.unions.roles import Level
from server.unions.tree.rules import RANK

Context = MoveContext[Submission]


def may_know_of(actor: Actor | None, row: Submission) -> bool:
    """Whether it lies in the subtree of a union for which the actor reviews, and has arrived."""
    return actor is not None and row.status is not Status.INCOMPLETE and bool(actor.reviewing_over(row))


def acting_role(context: Context) -> RoleAt | None:
    """The role by which the actor answers for the submission: at the union it is routed to, or the nearest above.

    Passed up, it is out of the hands of those below.
    """
    routed, roles = context.snapshot.routed, context.actor.reviewing if context.actor is not None else ()
    answering = [role for role in roles if routed.get(role.level) == role.union_id]
    return max(answering, key=lambda role: RANK[role.level], default=None)


def _refuse_stranger(context: Context) -> AppError | None:
    if context.actor is None or not may_know_of(context.actor, context.row):
        return NotFound()
    if context.actor.is_own(context.row.reporter_id):
        return Forbidden("这是您自己提交的，请让别的审核员处理。", code="own_submission")
    return None


def _party(name: str, refuse: Guard[Submission]) -> Party[Submission]:
    """A party of the reviewers in whose subtree it lies, those whom `refuse` does not name."""

    def refuse_all(context: Context) -> AppError | None:
        return _refuse_stranger(context) or refuse(context)

    def union_id(context: Context) -> UUID | None:
        role = acting_role(context)
        if role is None and context.actor is not None:
            role = context.actor.reviewing_over(context.row)[0]
        return role.union_id if role is not None else None

    return Party(name, refuse_all, union_id)


def _refuse_nobody(_context: Context) -> AppError | None:
    return None


def _refuse_onlooker(context: Context) -> AppError | None:
    if acting_role(context) is not None:
        return None
    where = union_label(context.snapshot.routed_name)
    return Forbidden(f"这条内容已转给{where}，由他们处理。", code="passed_on")


def _refuse_level(level: Level) -> Guard[Submission]:
    def refuse(context: Context) -> AppError | None:
        role = acting_role(context)
        is_there = role is not None and role.level is level
        return _refuse_onlooker(context) or (Forbidden(code="not_at_this_level") if is_there else None)

    return refuse


def _refuse_below_city(context: Context) -> AppError | None:
    over = context.actor.reviewing_over(context.row) if context.actor is not None else ()
    if any(role.level is Level.CITY for role in over):
        return None
    return Forbidden("只有市总工会可以查看匿名职工的姓名。", code="not_at_this_level")


REVIEWER = _party("reviewer", _refuse_nobody)
"""Any reviewer of a union whose subtree holds it."""
ANSWERING = _party("answering", _refuse_onlooker)
"""Those who answer for it now."""
BELOW_CITY = _party("below_city", _refuse_level(Level.CITY))
ABOVE_ENTERPRISE = _party("above_enterprise", _refuse_level(Level.ENTERPRISE))
CITY = _party("city", _refuse_below_city)


def _routed_union(context: Context) -> UUID | None:
    return context.row.routed_union_id


FINDER = Party("finder", SYSTEM.refuse, _routed_union)
"""The union whose own visit found it, and which decided on it by sending its opinion: nobody decides a second time."""
