"""Who consents, and who edits the templates."""

from server.unions.roles import ADMINS, WORKERS, Role

PERMISSIONS: dict[str, frozenset[Role]] = {
    "subscription.consent": WORKERS,
    "message_template.edit": ADMINS | {Role.CITY_REVIEWER},
}
