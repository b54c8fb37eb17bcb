"""Who may grant what, and manage whom. Pure: works on the actor's snapshot and the posts of the other person."""

from collections.abc import Sequence

from server.core.errors import Forbidden, Invalid
from server.unions.actor import Actor
from server.unions.people.browsing import Post
from server.unions.people.rules import GRANTABLE
from server.unions.roles import ROLE_LEVEL, ROLE_NAMES, Role
from server.unions.tree.models import Union
from server.unions.tree.rules import OWN_COLUMN


def may_grant(actor: Actor, role: Role, union: Union) -> bool:
    """Whether the actor may grant and revoke `role` at `union`: below a role that may grant it."""
    return any(
        role in GRANTABLE[held.role] and getattr(union, OWN_COLUMN[held.level]) == held.union_id for held in actor.roles
    )


def grantable_roles(actor: Actor) -> list[Role]:
    """The roles the actor may grant somewhere, the highest last."""
    roles = {role for held in actor.roles for role in GRANTABLE[held.role]}
    return [role for role in Role if role in roles]


def check_grant(actor: Actor, role: Role, union: Union) -> None:
    """Raise Invalid for a role that is not held at such a union, Forbidden for one the actor may not grant there."""
    if role is Role.WORKER or ROLE_LEVEL[role] is not union.level:
        raise Invalid(
            f"“{ROLE_NAMES[role]}”不能设在这一级工会。", code="role_at_wrong_level", fields={"union_id": "级别不符"}
        )
    if not may_grant(actor, role, union):
        raise Forbidden(f"您不能在这里授予或撤销“{ROLE_NAMES[role]}”。")


def may_manage(actor: Actor, posts: Sequence[Post]) -> bool:
    """Whether the actor may edit or shut out whoever holds `posts`: every one is within their gift."""
    return all(may_grant(actor, post.role, post.union) for post in posts)
