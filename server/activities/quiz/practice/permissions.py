"""Who may practise."""

from server.unions.roles import WORKERS, Role

PERMISSIONS: dict[str, frozenset[Role]] = {"quiz.practise": WORKERS}
