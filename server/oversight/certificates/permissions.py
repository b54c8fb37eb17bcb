"""Who sees, issues and withdraws certificates of training."""

from server.unions.roles import CONSOLE, REVIEWERS, Role

PERMISSIONS: dict[str, frozenset[Role]] = {
    "training_certificate.read": CONSOLE,
    "training_certificate.issue": REVIEWERS,
}
