"""Who gets a digest."""

from server.unions.roles import REVIEWERS, Role

PERMISSIONS: dict[str, frozenset[Role]] = {"digest.read_own": REVIEWERS}
