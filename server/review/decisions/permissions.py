"""Who may decide. Which submissions, and which moves at which level, is for rules.py to say."""

from server.unions.roles import CONSOLE, REVIEWERS, Role

PERMISSIONS: dict[str, frozenset[Role]] = {
    "submission.decide": REVIEWERS,
    "reply_template.read": CONSOLE,
    "reply_template.edit": CONSOLE - {Role.ENTERPRISE_REVIEWER},
}
