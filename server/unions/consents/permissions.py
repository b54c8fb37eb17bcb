"""Who decides about their own consent."""

from server.unions.roles import WORKERS, Role

PERMISSIONS: dict[str, frozenset[Role]] = {"consent.decide": WORKERS}
