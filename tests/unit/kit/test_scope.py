"""Whose work a list shows."""

from uuid import UUID

from server.core import ids
from server.kit.scope import Scope, own_scopes
from server.unions.actor import Actor, RoleAt
from server.unions.roles import Level, Role


def test_who_has_two_roles_at_one_union_sees_its_work_once() -> None:
    """Two scopes of one union would show every row twice."""
    union = UUID(int=1)
    roles = tuple(RoleAt(role, union, Level.CITY, "") for role in (Role.CITY_REVIEWER, Role.ADMIN))
    actor = Actor(ids.new_id(), "", ids.new_id(), None, roles)
    assert own_scopes(actor, "organizer_id") == [Scope("organizer_id", union)]
