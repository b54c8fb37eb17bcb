"""Removing files that nobody came back for."""

from server.core import clock
from server.core.jobs.registry import JobContext, periodic
from server.core.kept_files.files import HOLDS, KEPT_UNDER


@periodic("kept_files.remove_expired", "清理退回表单的文件", seconds=1800)
def remove_expired(ctx: JobContext) -> None:
    """An hour after they came."""
    oldest = clock.now() - HOLDS
    for found in ctx.object_store.objects(KEPT_UNDER):
        if found.modified_at < oldest:
            ctx.object_store.delete(found.key)
