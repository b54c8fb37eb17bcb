"""Who may read and record drills, and who says how often they are due."""

from server.unions.roles import ADMINS, CONSOLE, REVIEWERS, Role

MAY_READ = CONSOLE
MAY_RECORD = REVIEWERS
PERMISSIONS: dict[str, frozenset[Role]] = {
    "drill.read": MAY_READ,
    "drill.record": MAY_RECORD,
    "drill.set_rules": ADMINS,
}
