"""Who may scan codes; whether there is an account to sign in to is checked with each."""

from server.unions.roles import WORKERS, Role

PERMISSIONS: dict[str, frozenset[Role]] = {"scan.decide": WORKERS}
