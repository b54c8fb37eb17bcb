"""Leave no more than the day in what followers of anonymous reports were told before, as is done since decision 33."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from server.core import ids
from server.core.clock import in_shanghai

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_MESSAGES = sa.table(
    "inbox_messages",
    sa.column("id", sa.Uuid()),
    sa.column("person_id", sa.Uuid()),
    sa.column("submission_id", sa.Uuid()),
    sa.column("key", sa.String()),
    sa.column("created_at", sa.DateTime(timezone=True)),
)
_SUBMISSIONS = sa.table(
    "submissions",
    sa.column("id", sa.Uuid()),
    sa.column("reporter_id", sa.Uuid()),
    sa.column("is_anonymous", sa.Boolean()),
)


def upgrade() -> None:
    told = (
        sa.select(_MESSAGES.c.id, _MESSAGES.c.created_at)
        .join(_SUBMISSIONS, _SUBMISSIONS.c.id == _MESSAGES.c.submission_id)
        .where(
            _SUBMISSIONS.c.is_anonymous.is_(True),
            _SUBMISSIONS.c.reporter_id != _MESSAGES.c.person_id,
            _MESSAGES.c.key.startswith("followed:"),
        )
    )
    is_sqlite = op.get_context().dialect.name == "sqlite"
    for message_id, moment in op.get_bind().execute(told).all():
        day = _day_of(moment)
        values = {"id": ids.new_id_of_day(day), "created_at": day.replace(tzinfo=None) if is_sqlite else day}
        op.get_bind().execute(_MESSAGES.update().where(_MESSAGES.c.id == message_id).values(**values))


def _day_of(moment: datetime) -> datetime:
    """The beginning of the day in Shanghai, in UTC. SQLite keeps moments without their zone."""
    known = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return in_shanghai(known).replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
