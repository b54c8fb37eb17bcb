"""Who may use the doors of files at all. Whose files, the kinds' own permissions say."""

from server.unions.roles import CONSOLE, WORKERS, Role

PERMISSIONS: dict[str, frozenset[Role]] = {
    "file.send": WORKERS,  # from the phone
    "file.use": CONSOLE,
}
