"""Who may let go what WeChat's check held."""

from server.unions.roles import REVIEWERS, Role

PERMISSIONS: dict[str, frozenset[Role]] = {"safety.release": REVIEWERS - {Role.ENTERPRISE_REVIEWER}}
