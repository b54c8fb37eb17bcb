"""Who may read visits, who plans, records and sends them. Which ones, queries.py says."""

from server.unions.roles import CONSOLE, REVIEWERS, WORKERS, Role

MAY_READ = CONSOLE
MAY_LEAD = REVIEWERS - {Role.ENTERPRISE_REVIEWER}
MAY_SETTLE = REVIEWERS  # those of the enterprise too
PERMISSIONS: dict[str, frozenset[Role]] = {
    "visit.read": MAY_READ,
    "visit.lead": MAY_LEAD,
    "visit.settle": MAY_SETTLE,
    "visit.record_on_phone": WORKERS,  # of them those whose phone may sign in to a reviewer's account (as_reviewer)
    "visit.attach": MAY_LEAD | WORKERS,  # photos and signatures, by both doors
}
