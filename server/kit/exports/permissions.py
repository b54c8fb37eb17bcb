"""Who may fetch sheets that were written for them: whoever has lists. Each list's own permission is checked as well."""

from server.unions.roles import CONSOLE, Role

PERMISSIONS: dict[str, frozenset[Role]] = {"list.export": CONSOLE}
