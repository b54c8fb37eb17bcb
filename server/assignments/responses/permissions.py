"""Who answers what a union was asked, and who checks answers. Nobody asks an enterprise to check another."""

from server.unions.roles import REVIEWERS, WORKERS, Role

MAY_ANSWER = REVIEWERS
MAY_CHECK = REVIEWERS - {Role.ENTERPRISE_REVIEWER}
PERMISSIONS: dict[str, frozenset[Role]] = {
    "task.read": REVIEWERS,
    "task.answer": MAY_ANSWER,
    "task.check": MAY_CHECK,
    "task.answer_on_phone": WORKERS,  # of them those whose phone may sign in to a reviewer's account (as_reviewer)
    "task.attach": REVIEWERS | WORKERS,  # files, by both doors
}
