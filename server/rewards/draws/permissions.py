"""Who may do what with draws. In which state and as which party, workflow.py says."""

from server.unions.roles import WORKERS, Role

PERMISSIONS: dict[str, frozenset[Role]] = {
    "draw.read": frozenset({Role.CITY_REVIEWER, Role.ADMIN}),
    "draw.manage": frozenset({Role.CITY_REVIEWER}),
    "draw.enter": WORKERS,
}
