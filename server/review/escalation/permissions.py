"""Who may see what is overdue; within their scope."""

from server.unions.roles import CONSOLE, Role

PERMISSIONS: dict[str, frozenset[Role]] = {"escalation.read": CONSOLE}
