"""Who may do what with the tree."""

from server.unions.roles import CONSOLE, WORKERS, Role

MANAGERS = frozenset({Role.ADMIN, Role.CITY_REVIEWER, Role.DISTRICT_REVIEWER, Role.TOWN_REVIEWER})

PERMISSIONS: dict[str, frozenset[Role]] = {
    "enterprise.search": WORKERS,
    "area.list": WORKERS,
    "union.read": CONSOLE,
    "union.edit": CONSOLE,  # which unions and which fields: actions.py, by level
    "union.traits": CONSOLE,  # of which enterprises: rules.may_answer_traits
    "union.create": MANAGERS,
    "union.move": frozenset({Role.ADMIN}),
}
