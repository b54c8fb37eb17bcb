"""Let hazards that were accepted before there were rectifications get theirs."""

import sqlalchemy as sa
from alembic import op

from server.core import clock, ids

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

_SUBMISSIONS = sa.table("submissions", sa.column("id"), sa.column("kind"), sa.column("status"))
_RECTIFICATIONS = sa.table("rectifications", sa.column("submission_id"))
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
    """One job for all of them: it opens them as the decision would have done."""
    has_one = sa.exists().where(_RECTIFICATIONS.c.submission_id == _SUBMISSIONS.c.id)
    accepted = sa.select(_SUBMISSIONS.c.id).where(
        _SUBMISSIONS.c.kind == "hazard", _SUBMISSIONS.c.status == "accepted", ~has_one
    )
    if op.get_bind().execute(accepted.limit(1)).first() is None:
        return
    moment = clock.now()
    row = {"id": ids.new_id(), "name": "rectification.open_missing", "args": {}, "state": "ready", "run_at": moment,
           "attempts": 0, "created_at": moment, "updated_at": moment}  # fmt: skip
    op.get_bind().execute(_JOBS.insert(), row)
