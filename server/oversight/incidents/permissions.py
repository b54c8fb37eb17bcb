"""Who may read and note down what happened."""

from server.unions.roles import CONSOLE, REVIEWERS, Role

MAY_READ = CONSOLE
MAY_NOTE = REVIEWERS - {Role.ENTERPRISE_REVIEWER}
PERMISSIONS: dict[str, frozenset[Role]] = {"incident.read": MAY_READ, "incident.note": MAY_NOTE}
