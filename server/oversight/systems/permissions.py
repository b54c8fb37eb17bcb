"""Who may read, say, check and choose safety systems."""

from server.unions.roles import ADMINS, CONSOLE, REVIEWERS, Role

MAY_READ = CONSOLE
MAY_STATE = REVIEWERS
MAY_CHECK = REVIEWERS - {Role.ENTERPRISE_REVIEWER}
MAY_CHOOSE = ADMINS | {Role.CITY_REVIEWER}
PERMISSIONS: dict[str, frozenset[Role]] = {
    "system.read": MAY_READ,
    "system.state": MAY_STATE,
    "system.check": MAY_CHECK,
    "system.choose": MAY_CHOOSE,
}
