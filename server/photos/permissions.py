"""Who may do what with photos."""

from server.unions.roles import WORKERS, Role

PERMISSIONS: dict[str, frozenset[Role]] = {
    "photo.upload": WORKERS,  # to submissions of one's own
}
