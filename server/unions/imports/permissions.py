"""Who may import. What may stand in the rows is checked row by row."""

from server.unions.roles import Role

PERMISSIONS: dict[str, frozenset[Role]] = {
    "import.run": frozenset({Role.ADMIN, Role.CITY_REVIEWER, Role.DISTRICT_REVIEWER, Role.TOWN_REVIEWER}),
}
