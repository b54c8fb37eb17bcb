"""Who may read, write and answer letters. Which ones, rules.py says."""

from server.unions.roles import CONSOLE, REVIEWERS, Role

PERMISSIONS: dict[str, frozenset[Role]] = {
    "letter.read": CONSOLE,
    "letter.write": REVIEWERS - {Role.ENTERPRISE_REVIEWER},
    "letter.reply": REVIEWERS,
}
