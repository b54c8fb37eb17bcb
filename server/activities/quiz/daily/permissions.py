"""Who may answer the question of the day."""

from server.unions.roles import WORKERS, Role

PERMISSIONS: dict[str, frozenset[Role]] = {"quiz.answer_daily": WORKERS}
