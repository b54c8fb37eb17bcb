"""Who may look at the queue. Which submissions is a matter of scope."""

from server.unions.roles import CONSOLE, Role

MAY = CONSOLE
PERMISSIONS: dict[str, frozenset[Role]] = {"submission.review": MAY}
