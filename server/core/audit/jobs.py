"""Background work of the audit log."""

from server.core import clock
from server.core.audit.sealing import seal_batch
from server.core.jobs.registry import JobContext, periodic

SEAL_SECONDS = 60.0
BATCHES = 250  # per turn; a backlog is worked off over several turns


@periodic("audit.seal_entries", "封存审计日志", seconds=SEAL_SECONDS)
def seal_entries(ctx: JobContext) -> None:
    """Seal what has been written since the last turn, batch by batch."""
    for _ in range(BATCHES):
        with ctx.database.transaction() as session:
            if not seal_batch(session, clock.now()):
                return
