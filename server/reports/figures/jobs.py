"""Background work on figures."""

from datetime import timedelta
from uuid import UUID

from server.core import clock
from server.core.jobs.models import Priority
from server.core.jobs.registry import JobContext, job, periodic
from server.reports.figures.actions import keep_snapshot
from server.reports.figures.counting.counting import count_figures
from server.reports.figures.counting.cuts import Cut
from server.reports.figures.queries import list_stale
from server.unions.campaigns.queries import campaign_facts
from server.unions.tree.queries import get_union

WATCHED = timedelta(days=1)  # how long a snapshot is kept fresh after somebody looked at it


@job("figures.count", "统计", priority=Priority.BULK)
def count(ctx: JobContext, union_id: UUID, campaign_id: UUID, cut: str) -> None:
    """Count one subtree and keep the result. Reads without a lock; twice does no harm."""
    wanted, now = Cut.of_key(cut), clock.now()
    with ctx.database.reading() as reader:
        union = get_union(reader, union_id)
        figures = count_figures(reader, union, campaign_facts(reader, campaign_id), wanted, now)
    with ctx.database.transaction() as session:
        keep_snapshot(session, union_id, campaign_id, wanted, figures, now=now)


@periodic("figures.refresh", "更新统计", seconds=600)
def refresh(ctx: JobContext) -> None:
    """Count again what people look at."""
    now = clock.now()
    with ctx.database.reading() as reader:
        stale = [
            (each.union_id, each.campaign_id, each.cut) for each in list_stale(reader, now, viewed_since=now - WATCHED)
        ]
    for union_id, campaign_id, cut in stale:
        count(ctx, union_id, campaign_id, cut)
