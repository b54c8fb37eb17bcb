"""Who keeps the question bank. Nobody approves their own words."""

from server.unions.roles import Role

PERMISSIONS: dict[str, frozenset[Role]] = {
    "question.read": frozenset({Role.ADMIN, Role.CITY_REVIEWER, Role.DISTRICT_REVIEWER}),
    "question.edit": frozenset({Role.ADMIN, Role.CITY_REVIEWER}),
    "question.approve": frozenset({Role.ADMIN, Role.CITY_REVIEWER}),
}
