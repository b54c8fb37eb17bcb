"""Who has an inbox."""

from server.unions.roles import WORKERS, Role

PERMISSIONS: dict[str, frozenset[Role]] = {"inbox.read_own": WORKERS}
