"""Who reads the audit log. It covers the whole city, so only those whose scope is the city."""

from server.unions.roles import Role

PERMISSIONS = {"audit.read": frozenset({Role.ADMIN, Role.CITY_REVIEWER})}
