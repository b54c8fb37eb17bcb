"""Who reads leaderboards and figures."""

from server.unions.roles import CONSOLE, WORKERS, Role

PERMISSIONS: dict[str, frozenset[Role]] = {
    "quiz.compare": WORKERS,
    "quiz.figures": CONSOLE,
    "quiz.scores": CONSOLE,
}
WHOLE_CITY = frozenset({Role.ADMIN, Role.CITY_REVIEWER, Role.DISTRICT_REVIEWER})
"""Who sees the figures of everybody; others those of their own subtree alone."""
