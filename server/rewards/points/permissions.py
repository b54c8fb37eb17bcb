"""Who may see and correct points."""

from server.unions.roles import CONSOLE, WORKERS, Role

MAY_READ = CONSOLE
PERMISSIONS: dict[str, frozenset[Role]] = {
    "points.read_own": WORKERS,
    "points.read": MAY_READ,
    "points.correct": frozenset({Role.CITY_REVIEWER}),
    "points.set_rules": frozenset({Role.ADMIN, Role.CITY_REVIEWER}),
}
