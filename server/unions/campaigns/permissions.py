"""Who may do what with campaigns."""

from server.unions.roles import CONSOLE, Role

PERMISSIONS: dict[str, frozenset[Role]] = {
    "campaign.choose": CONSOLE,
    "campaign.edit": frozenset({Role.ADMIN, Role.CITY_REVIEWER}),
}
