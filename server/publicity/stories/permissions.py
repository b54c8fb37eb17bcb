"""Who may offer, release and see what was put right."""

from server.unions.roles import CONSOLE, REVIEWERS, WORKERS, Role

MAY_READ = CONSOLE
MAY_RELEASE = REVIEWERS
MAY_RELEASE_TO_EVERYBODY = REVIEWERS - {Role.ENTERPRISE_REVIEWER}
PERMISSIONS: dict[str, frozenset[Role]] = {
    "story.read": MAY_READ,
    "story.release": MAY_RELEASE,
    "story.offer": WORKERS,
    "story.look": WORKERS,
}
