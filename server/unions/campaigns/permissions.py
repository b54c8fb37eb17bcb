"""Who may do what with campaigns."""

from server.unions.roles import CONSOLE, WORKERS, Role

PERMISSIONS: dict[str, frozenset[Role]] = {
    "campaign.read": WORKERS | CONSOLE,
    "campaign.edit": frozenset({Role.ADMIN, Role.CITY_REVIEWER}),
}
