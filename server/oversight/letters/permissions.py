"""Who may read, write and answer letters. Which ones, workflow.py says."""

from server.unions.roles import CONSOLE, REVIEWERS, Role

MAY_READ = CONSOLE
PERMISSIONS: dict[str, frozenset[Role]] = {
    "letter.read": MAY_READ,
    "letter.write": REVIEWERS - {Role.ENTERPRISE_REVIEWER},
    "letter.reply": REVIEWERS,
}
