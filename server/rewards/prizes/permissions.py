"""Who may do what with prizes. Which state and whose pool, actions.py says."""

from server.unions.roles import WORKERS, Role

PERMISSIONS: dict[str, frozenset[Role]] = {
    "prize.read": frozenset({Role.CITY_REVIEWER, Role.ADMIN}),
    "prize.manage": frozenset({Role.CITY_REVIEWER}),
    "prize.claim": WORKERS,
}
