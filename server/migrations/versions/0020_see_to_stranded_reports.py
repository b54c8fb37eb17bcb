"""Let a report come back whose target has ended, and see to those that were stranded so."""

import sqlalchemy as sa
from alembic import op

from server.core import clock, ids
from server.migrations.checks import replace_check

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

MOVES = (
    "create", "submit", "claim", "release", "return", "answer", "accept", "accept_in_part", "decline", "mark_duplicate",
    "pass_up", "pass_down", "reopen", "withdraw", "note", "disclose", "requeue", "relink",
)  # fmt: skip
_SUBMISSIONS = sa.table(
    "submissions", sa.column("id", sa.Uuid()), sa.column("status"), sa.column("duplicate_of_id", sa.Uuid())
)
_JOBS = sa.table(
    "jobs",
    sa.column("id", sa.Uuid()),
    sa.column("name"),
    sa.column("args", sa.JSON()),
    sa.column("state"),
    sa.column("run_at", sa.DateTime(timezone=True)),
    sa.column("attempts"),
    sa.column("created_at", sa.DateTime(timezone=True)),
    sa.column("updated_at", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    one_of = f"move IN ({', '.join(repr(move) for move in MOVES)})"
    for table in ("submission_steps", "reply_templates", "triage_batches"):
        replace_check(table, f"ck_{table}_move", one_of)
    _see_to_the_stranded()


def _see_to_the_stranded() -> None:
    """One job per target that ended with reports merged into it; the worker does the rest, and tells people."""
    target, merged = _SUBMISSIONS.alias(), _SUBMISSIONS.alias()
    ended = (
        sa.select(target.c.id)
        .distinct()
        .join(merged, merged.c.duplicate_of_id == target.c.id)
        .where(target.c.status.in_(("withdrawn", "declined")))
    )
    now = clock.now()
    moment = now.replace(tzinfo=None) if op.get_context().dialect.name == "sqlite" else now
    for target_id in op.get_bind().execute(ended).scalars().all():
        row = {
            "id": ids.new_id(),
            "name": "duplicates.succeed",
            "args": {"target_id": str(target_id)},
            "state": "ready",
            "run_at": moment,
            "attempts": 0,
            "created_at": moment,
            "updated_at": moment,
        }
        op.get_bind().execute(_JOBS.insert(), row)
