"""Who may read inspections, and who begins them."""

from server.unions.roles import CONSOLE, REVIEWERS, Role

MAY_LEAD = REVIEWERS - {Role.ENTERPRISE_REVIEWER}
PERMISSIONS: dict[str, frozenset[Role]] = {"inspection.read": CONSOLE, "inspection.lead": MAY_LEAD}
