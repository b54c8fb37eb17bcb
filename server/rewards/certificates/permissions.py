"""Who may see certificates through the signed-in door; with the code anybody may."""

from server.unions.roles import WORKERS, Role

PERMISSIONS: dict[str, frozenset[Role]] = {"certificate.read_own": WORKERS}
