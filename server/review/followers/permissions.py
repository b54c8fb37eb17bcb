"""Who may follow what others sent."""

from server.unions.roles import WORKERS, Role

PERMISSIONS: dict[str, frozenset[Role]] = {
    "submission.follow": WORKERS,
}
