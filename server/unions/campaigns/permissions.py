"""Who may do what with campaigns."""

from server.unions.roles import Role

PERMISSIONS: dict[str, frozenset[Role]] = {
    "campaign.edit": frozenset({Role.ADMIN, Role.CITY_REVIEWER}),
}
