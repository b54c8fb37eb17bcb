"""Who reads leaderboards and figures."""

from server.unions.roles import WORKERS, Role

PERMISSIONS: dict[str, frozenset[Role]] = {
    "quiz.compare": WORKERS,
    "quiz.figures": frozenset({Role.ADMIN, Role.CITY_REVIEWER, Role.DISTRICT_REVIEWER}),
}
