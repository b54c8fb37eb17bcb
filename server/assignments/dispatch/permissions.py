"""Who may send things down, and who may look at what was sent: enterprises answer, they send nothing."""

from server.unions.roles import CONSOLE, REVIEWERS, Role

MAY_SEND = REVIEWERS - {Role.ENTERPRISE_REVIEWER}
MAY_READ = CONSOLE - {Role.ENTERPRISE_REVIEWER}
PERMISSIONS: dict[str, frozenset[Role]] = {
    "assignment.read": MAY_READ,
    "assignment.send": MAY_SEND,
    "assignment.attachment": CONSOLE,  # enterprises, too: the files of what they were asked
}
