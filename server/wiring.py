"""What the service is made of: its slices, and how their rooms are found and joined.

A slice is listed once here; its rooms (`api`, `console`, `jobs`, `kind`, `models`, `permissions`, `slice`,
`subscriptions`) are picked up by name.
"""

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from server.core import slice as declarations
from server.core.web.access import merge_policies
from server.review.submissions.kinds.registry import install_kinds

SLICES = (
    "server.core.jobs",
    "server.core.audit",
    "server.core.kept_files",
    "server.unions.tree",
    "server.unions.people",
    "server.unions.campaigns",
    "server.unions.accounts",
    "server.unions.throttle",
    "server.unions.policies",
    "server.unions.consents",
    "server.unions.sign_in",
    "server.unions.phones",
    "server.unions.receipts",
    "server.unions.oauth",
    "server.unions.scans",
    "server.unions.posters",
    "server.unions.imports",
    "server.kit.following",
    "server.kit.numbers",
    "server.kit.documents",
    "server.photos",
    "server.kit.files",
    "server.kit.saved_filters",
    "server.kit.teamwork",
    "server.kit.exports",
    "server.kit.union_picker",
    "server.kit.deadlines",
    "server.review.submissions",
    "server.review.search",
    "server.review.decisions",
    "server.review.rectification",
    "server.review.safety",
    "server.review.followers",
    "server.review.duplicates",
    "server.review.escalation",
    "server.review.queue",
    "server.review.papers",
    "server.review.proposals",
    "server.notifications.inbox",
    "server.notifications.subscribe",
    "server.notifications.digests",
    "server.assignments.forms",
    "server.assignments.dispatch",
    "server.assignments.responses",
    "server.assignments.findings",
    "server.assignments.spot_checks",
    "server.assignments.rollup",
    "server.assignments.excerpts",
    "server.rewards.points",
    "server.rewards.prizes",
    "server.rewards.draws",
    "server.rewards.certificates",
    "server.publicity.stories",
    "server.publicity.complaints",
    "server.activities.locations",
    "server.activities.hazards",
    "server.activities.suggestions",
    "server.activities.quiz.bank",
    "server.activities.quiz.levels",
    "server.activities.quiz.attempts",
    "server.activities.quiz.practice",
    "server.activities.quiz.daily",
    "server.activities.quiz.standings",
    "server.oversight.letters",
    "server.oversight.awards",
    "server.oversight.inspections",
    "server.oversight.notices",
    "server.oversight.summaries",
    "server.oversight.incidents",
    "server.oversight.training",
    "server.oversight.exams",
    "server.oversight.drills",
    "server.oversight.visits",
    "server.oversight.supervision",
    "server.oversight.coverage",
    "server.oversight.systems",
    "server.oversight.assessment",
    "server.oversight.certificates",
    "server.reports.rollups",
    "server.reports.figures",
    "server.reports.screen",
    "server.reports.bulletins",
    "server.channels.official_account",
    "server.privacy",
    "server.console",
    "server.console.help",
    "server.console.jobs",
    "server.console.client_faults",
    "server.console.audit",
    "server.console.people",
    "server.console.unions",
    "server.console.overviews",
    "server.console.search",
)


@cache
def rooms(name: str) -> tuple[ModuleType, ...]:
    """The room called `name` of every slice that has one, in the order of the wings."""
    return tuple(import_module(f"{slice_}.{name}") for slice_ in SLICES if find_spec(f"{slice_}.{name}"))


def load_policy() -> dict[str, frozenset[str]]:
    """Every permission and the roles that hold it, from the slices' permissions.py."""
    return merge_policies(*(room.PERMISSIONS for room in rooms("permissions")))


def wire() -> None:
    """Make known what each slice declares of itself and its jobs; let the higher wings hear what the lower record."""
    declarations.install(room.SLICE for room in rooms("slice"))
    install_kinds(room.KIND for room in rooms("kind"))
    for room in rooms("subscriptions"):
        room.subscribe_events()
    rooms("jobs")  # importing registers the handlers: workers run them, everybody else learns what goes first
