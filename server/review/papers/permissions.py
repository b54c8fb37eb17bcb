"""Who may print papers. Of which hazards, and who may issue one first, their own rules say."""

from server.unions.roles import CONSOLE, Role

PERMISSIONS: dict[str, frozenset[Role]] = {"paper.print": CONSOLE}
