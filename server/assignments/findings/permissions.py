"""Who may read what answers found, and who notes what somebody competent said of it."""

from server.unions.roles import CONSOLE, REVIEWERS, Role

MAY_READ = CONSOLE
MAY_JUDGE = REVIEWERS - {Role.ENTERPRISE_REVIEWER}
PERMISSIONS: dict[str, frozenset[Role]] = {"finding.read": MAY_READ, "finding.judge": MAY_JUDGE}
