"""Who says what people's data is used for."""

from server.unions.roles import Role

PERMISSIONS: dict[str, frozenset[Role]] = {"policy.edit": frozenset({Role.ADMIN, Role.CITY_REVIEWER})}
