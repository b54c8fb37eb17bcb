"""Who looks again at what was handed in: unions above those who were asked."""

from server.unions.roles import REVIEWERS, Role

MAY_LEAD = REVIEWERS - {Role.ENTERPRISE_REVIEWER}
PERMISSIONS: dict[str, frozenset[Role]] = {"spot_check.lead": MAY_LEAD}
