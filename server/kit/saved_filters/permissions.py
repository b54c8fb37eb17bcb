"""Who may keep filters: whoever has lists."""

from server.unions.roles import CONSOLE, Role

PERMISSIONS: dict[str, frozenset[Role]] = {"list.keep_filter": CONSOLE}
