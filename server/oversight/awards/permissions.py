"""Who may do what with awards. In which state and as which party, workflow.py says."""

from server.unions.roles import CONSOLE, WORKERS, Role

ABOVE_ENTERPRISES = frozenset({Role.TOWN_REVIEWER, Role.DISTRICT_REVIEWER, Role.CITY_REVIEWER})

PERMISSIONS: dict[str, frozenset[Role]] = {
    "award.read": CONSOLE - {Role.ENTERPRISE_REVIEWER},
    "award.manage": ABOVE_ENTERPRISES,
    "award.read_own": WORKERS,
    "award.object": WORKERS,
}
