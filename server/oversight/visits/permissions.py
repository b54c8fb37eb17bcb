"""Who may read visits, who plans, records and sends them. Which ones, queries.py says."""

from server.unions.roles import CONSOLE, REVIEWERS, Role

MAY_READ = CONSOLE
MAY_LEAD = REVIEWERS - {Role.ENTERPRISE_REVIEWER}
PERMISSIONS: dict[str, frozenset[Role]] = {}
