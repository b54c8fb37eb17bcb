"""Who may follow what others sent, and who may lay two submissions side by side."""

from server.unions.roles import CONSOLE, WORKERS, Role

PERMISSIONS: dict[str, frozenset[Role]] = {
    "submission.follow": WORKERS,
    "submission.compare": CONSOLE,
}
