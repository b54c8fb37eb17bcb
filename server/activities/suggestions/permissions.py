"""Who may write suggestions, support them, and carry them on. Of which enterprise is checked row by row."""

from server.unions.roles import CONSOLE, REVIEWERS, WORKERS, Role

MAY_READ = CONSOLE
PERMISSIONS: dict[str, frozenset[Role]] = {
    "suggestion.write": WORKERS,
    "suggestion.support": WORKERS,
    "suggestion.read": MAY_READ,
    "suggestion.carry_out": REVIEWERS,
    "suggestion.publish": REVIEWERS - {Role.ENTERPRISE_REVIEWER},
}
