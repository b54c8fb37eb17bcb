"""Who may read plans of supervision, and who makes them. Enterprises do not: they would know who comes."""

from server.unions.roles import CONSOLE, REVIEWERS, WORKERS, Role

MAY_READ = CONSOLE - {Role.ENTERPRISE_REVIEWER}
MAY_LEAD = REVIEWERS - {Role.ENTERPRISE_REVIEWER}
PERMISSIONS: dict[str, frozenset[Role]] = {
    "supervision.read": MAY_READ,
    "supervision.lead": MAY_LEAD,
    "supervision.read_on_phone": WORKERS,  # of them those whose phone may sign in to a reviewer's account
}
