"""Who may read, hold and review training, and who keeps the records of people."""

from server.unions.roles import CONSOLE, REVIEWERS, WORKERS, Role

MAY_READ = CONSOLE
MAY_LEAD = REVIEWERS  # an enterprise, too: training is its duty by law, and it holds most of it
MAY_REVIEW = REVIEWERS - {Role.ENTERPRISE_REVIEWER}
PERMISSIONS: dict[str, frozenset[Role]] = {
    "training.read": MAY_READ,
    "training.lead": MAY_LEAD,
    "training.keep_records": REVIEWERS,  # of the people of their subtrees; every look is on record
    "training.attend": WORKERS,
}
