"""Who may do what with their own sign-in."""

from server.unions.roles import CONSOLE, WORKERS, Role

PERMISSIONS: dict[str, frozenset[Role]] = {
    "session.end": WORKERS,
    "account.own": CONSOLE,
    "account.enrol": CONSOLE,
}
