"""Who may lay two submissions side by side."""

from server.unions.roles import CONSOLE, Role

PERMISSIONS: dict[str, frozenset[Role]] = {
    "submission.compare": CONSOLE,
}
