"""Who may read and record drills, who keeps the register of plans, and who says how often drills are due."""

from server.unions.roles import ADMINS, CONSOLE, REVIEWERS, Role

MAY_READ = CONSOLE
MAY_RECORD = REVIEWERS
MAY_KEEP = REVIEWERS
PERMISSIONS: dict[str, frozenset[Role]] = {
    "drill.read": MAY_READ,
    "drill.record": MAY_RECORD,
    "drill.keep_plans": MAY_KEEP,
    "drill.set_rules": ADMINS,
}
