"""May this person make this move on a letter? Pure: pages ask what to offer, actions ask again under the row's lock."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from server.core.errors import AppError, Conflict, Forbidden
from server.oversight.letters.models import LetterStatus as Status
from server.unions.actor import Actor, RoleAt
from server.unions.roles import Role


class Act(StrEnum):
    """What can be done to a letter."""

    EDIT = "edit"
    DISCARD = "discard"
    ISSUE = "issue"
    REPLY = "reply"  # the addressee's own reviewer, at the console
    RECORD_REPLY = "record_reply"  # the issuer, from paper
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class Edge:
    """From which state an act leads where (None: the letter is gone), and whether it is the issuer's."""

    before: Status
    after: Status | None
    is_issuers: bool


EDGES: Mapping[Act, Edge] = {
    Act.EDIT: Edge(Status.DRAFT, Status.DRAFT, True),
    Act.DISCARD: Edge(Status.DRAFT, None, True),
    Act.ISSUE: Edge(Status.DRAFT, Status.ISSUED, True),
    Act.REPLY: Edge(Status.ISSUED, Status.REPLIED, False),
    Act.RECORD_REPLY: Edge(Status.ISSUED, Status.REPLIED, True),
    Act.WITHDRAW: Edge(Status.ISSUED, Status.WITHDRAWN, True),
}


def holds_at(actor: Actor, union_id: UUID) -> RoleAt | None:
    """The reviewer's role that the actor holds at that very union."""
    return next((held for held in actor.reviewing if held.union_id == union_id), None)


def issuing(actor: Actor) -> tuple[RoleAt, ...]:
    """The roles in whose union's name the actor may write. An enterprise answers letters: what it wrote would be
    a letter of the company to itself."""
    return tuple(held for held in actor.reviewing if held.role is not Role.ENTERPRISE_REVIEWER)


def issues_for(actor: Actor, union_id: UUID) -> RoleAt | None:
    """The role by which the actor writes in the name of that union."""
    return next((held for held in issuing(actor) if held.union_id == union_id), None)


def find_refusal(act: Act, status: Status, issuer_id: UUID, addressee_id: UUID, actor: Actor) -> AppError | None:
    """Why the act is refused; None if it is not."""
    edge = EDGES[act]
    if status is not edge.before:
        return Conflict("这份文书的状态已经变了，请刷新页面再看。", code="not_allowed_now")
    if edge.is_issuers:
        allowed = issues_for(actor, issuer_id) is not None
        return None if allowed else Forbidden("只有发出这份文书的工会可以这样处理。", code="not_the_issuer")
    held = holds_at(actor, addressee_id)
    if held is None or held.role is not Role.ENTERPRISE_REVIEWER or issuer_id == addressee_id:
        return Forbidden("由收到文书的单位答复。", code="not_the_addressee")
    return None


def allowed_acts(status: Status, issuer_id: UUID, addressee_id: UUID, actor: Actor) -> list[Act]:
    """Everything the actor may do now."""
    return [act for act in Act if find_refusal(act, status, issuer_id, addressee_id, actor) is None]
