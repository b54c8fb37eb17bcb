"""Who may read what closing reports say, compiled: those who may see what was sent down."""

from server.assignments.dispatch.permissions import MAY_READ
from server.unions.roles import Role

PERMISSIONS: dict[str, frozenset[Role]] = {"summary.read": MAY_READ}
