"""Who sees and sets up quizzes."""

from server.unions.roles import Role

PERMISSIONS: dict[str, frozenset[Role]] = {
    "quiz.read": frozenset({Role.ADMIN, Role.CITY_REVIEWER, Role.DISTRICT_REVIEWER}),
    "quiz.edit": frozenset({Role.ADMIN, Role.CITY_REVIEWER}),
}
