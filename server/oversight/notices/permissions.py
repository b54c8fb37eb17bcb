"""Who may read notices: those of their subtrees, and what came to their own unions."""

from server.unions.roles import CONSOLE, Role

MAY_READ = CONSOLE
PERMISSIONS: dict[str, frozenset[Role]] = {"notice.read": MAY_READ}
