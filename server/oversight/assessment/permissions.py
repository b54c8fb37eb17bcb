"""Who may assess: unions with others below them. Who was assessed reads their own result and may object."""

from server.assignments.dispatch.permissions import MAY_READ as ABOVE
from server.assignments.dispatch.permissions import MAY_SEND
from server.unions.roles import CONSOLE, Role

MAY_ASSESS = MAY_SEND
MAY_READ = CONSOLE
MAY_SEE_SCHEMES = ABOVE
PERMISSIONS: dict[str, frozenset[Role]] = {
    "assessment.read": MAY_READ,
    "assessment.assess": MAY_ASSESS,
    "assessment.schemes": MAY_SEE_SCHEMES,
}
