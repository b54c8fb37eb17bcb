"""Who may read and keep the register of locations."""

from server.unions.roles import CONSOLE, REVIEWERS, WORKERS, Role

MAY_READ = CONSOLE
MAY_EDIT = REVIEWERS
PERMISSIONS: dict[str, frozenset[Role]] = {
    "location.read": MAY_READ,
    "location.edit": MAY_EDIT,
    "location.choose": WORKERS,  # of their own enterprise: queries.py
}
