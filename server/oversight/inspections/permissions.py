"""Who may read inspections, and who leads them."""

from server.unions.roles import CONSOLE, REVIEWERS, WORKERS, Role

MAY_READ = CONSOLE
MAY_LEAD = REVIEWERS - {Role.ENTERPRISE_REVIEWER}
PERMISSIONS: dict[str, frozenset[Role]] = {
    "inspection.read": MAY_READ,
    "inspection.lead": MAY_LEAD,
    "inspection.traits_on_phone": WORKERS,  # phones linked to a reviewer's account
}
