"""Everybody about themselves."""

from server.unions.roles import WORKERS, Role

PERMISSIONS: dict[str, frozenset[Role]] = {
    "own_data.read": WORKERS,
    "own_data.export": WORKERS,
    "own_data.erase": WORKERS,
}
