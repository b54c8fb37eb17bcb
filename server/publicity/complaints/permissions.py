"""Who may complain about what others published, and who decides. Of which union is checked row by row."""

from server.unions.roles import CONSOLE, REVIEWERS, WORKERS, Role

MAY_READ = CONSOLE
MAY_DECIDE = REVIEWERS
PERMISSIONS: dict[str, frozenset[Role]] = {
    "complaint.make": WORKERS,
    "complaint.read": MAY_READ,
    "complaint.decide": MAY_DECIDE,
}
