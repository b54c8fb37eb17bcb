"""Let joint reporters share once a reviewer has confirmed them, and let a tap alone make nobody one."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

_FOLLOWS = sa.table(
    "submission_follows", sa.column("person_id"), sa.column("merged_id"), sa.column("is_joint", sa.Boolean())
)
_SUBMISSIONS = sa.table("submissions", sa.column("id"), sa.column("reporter_id"))


def upgrade() -> None:
    """Whoever joined in by a tap, there or at what was merged, keeps following; own reports wait for the nod."""
    op.add_column("submission_follows", sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True))
    own_report = sa.exists().where(
        _SUBMISSIONS.c.id == _FOLLOWS.c.merged_id, _SUBMISSIONS.c.reporter_id == _FOLLOWS.c.person_id
    )
    op.execute(_FOLLOWS.update().where(_FOLLOWS.c.is_joint.is_(True), ~own_report).values(is_joint=False))
