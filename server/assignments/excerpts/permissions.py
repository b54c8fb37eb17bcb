"""Who picks excerpts: those who send things down; whoever may read these, reads what is picked."""

from server.assignments.dispatch.permissions import MAY_SEND
from server.unions.roles import Role

PERMISSIONS: dict[str, frozenset[Role]] = {"excerpt.pick": MAY_SEND}
