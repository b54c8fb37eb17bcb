"""Who may do what with submissions of their own."""

from server.unions.roles import WORKERS, Role

PERMISSIONS: dict[str, frozenset[Role]] = {
    "submission.read_own": WORKERS,
    "submission.withdraw_own": WORKERS,
    "submission.answer_own": WORKERS,
}
