"""Who may see figures. Which unions' is up to the scope of their roles."""

from server.unions.roles import CONSOLE, Role

PERMISSIONS: dict[str, frozenset[Role]] = {"figure.read": CONSOLE}
