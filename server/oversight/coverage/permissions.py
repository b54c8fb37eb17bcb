"""Who may see coverage, say what it is divided by, and remind."""

from server.unions.roles import CONSOLE, REVIEWERS, Role

MAY_READ = CONSOLE
MAY_ENTER = REVIEWERS
MAY_LEAD = REVIEWERS - {Role.ENTERPRISE_REVIEWER}
PERMISSIONS: dict[str, frozenset[Role]] = {
    "coverage.read": MAY_READ,
    "coverage.enter": MAY_ENTER,
    "coverage.lead": MAY_LEAD,
}
