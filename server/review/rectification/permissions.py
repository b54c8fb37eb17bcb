"""Who may see and move rectifications. Which ones, and which moves at which level, is for the workflow to say."""

from server.unions.roles import CONSOLE, REVIEWERS, WORKERS, Role

MAY_READ = CONSOLE
PERMISSIONS: dict[str, frozenset[Role]] = {
    "rectification.read": MAY_READ,
    "rectification.act": REVIEWERS,
    "rectification.follow_own": WORKERS,
}
