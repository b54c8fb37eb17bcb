"""Who may see what is overdue; within their scope."""

from server.unions.roles import CONSOLE, REVIEWERS, WORKERS, Role

MAY_READ = CONSOLE
PERMISSIONS: dict[str, frozenset[Role]] = {
    "escalation.read": MAY_READ,
    "escalation.urge": REVIEWERS,
    "escalation.ask_own": WORKERS,
}
