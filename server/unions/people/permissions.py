"""Who may do what with people. Within the subtree where the role is held; rules.py says who may grant which role."""

from server.unions.roles import CONSOLE, WORKERS, Role

MANAGERS = frozenset({Role.ADMIN, Role.CITY_REVIEWER, Role.DISTRICT_REVIEWER, Role.TOWN_REVIEWER})

PERMISSIONS: dict[str, frozenset[Role]] = {
    "me.read": WORKERS,
    "me.edit": WORKERS,
    "person.read": CONSOLE,
    "person.read_private": CONSOLE - {Role.ENTERPRISE_REVIEWER},
    "person.edit": MANAGERS,
    "person.grant": MANAGERS,
}
