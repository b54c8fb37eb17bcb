"""Background work of escalation."""

from datetime import datetime
from uuid import UUID

from server.core import clock
from server.core.jobs.registry import JobContext, periodic
from server.review.escalation import actions
from server.review.escalation.models import OverdueKind
from server.review.rectification.workflow import DUE
from server.review.submissions.models import Status

STATES = ((OverdueKind.SUBMISSION, Status.QUEUED), *((OverdueKind.RECTIFICATION, state) for state in DUE))


@periodic("escalation.sweep_overdue", "逾期升级", seconds=300)
def sweep_overdue(ctx: JobContext) -> None:
    """End what is no longer late, notice what has become late, let it climb: in small transactions, safe to repeat."""
    now = clock.now()
    for kind in OverdueKind:
        _follow_items(ctx, kind, now)
    with ctx.database.reading() as session:
        cities = actions.list_cities(session)
    for city_id in cities:
        for kind, state in STATES:
            _note_late(ctx, kind, state, city_id, now)
    count = actions.BATCH
    while count:
        with ctx.database.transaction() as session:
            count = actions.climb(session, ctx.settings.escalation_working_days, now)


def _follow_items(ctx: JobContext, kind: OverdueKind, now: datetime) -> None:
    after: UUID | None = None
    while True:
        with ctx.database.reading() as session:
            some = actions.list_out_of_line(session, kind, after, now)
        if not some:
            return
        with ctx.database.transaction() as session:
            actions.follow_items(session, some, now)
        after = some[-1]


def _note_late(ctx: JobContext, kind: OverdueKind, state: Status | str, city_id: UUID, now: datetime) -> None:
    key: actions.Key | None = None
    while True:
        with ctx.database.reading() as session:
            some = actions.list_late(session, kind, state, city_id, key, now)
        if not some:
            return
        with ctx.database.transaction() as session:
            actions.note_overdue(session, kind, state, [item_id for _, item_id in some], now)
        key = some[-1]
