"""Who works with colleagues: reviewers, each within the union where they hold the role."""

from server.unions.roles import REVIEWERS, Role

PERMISSIONS: dict[str, frozenset[Role]] = {"teamwork.use": REVIEWERS}
