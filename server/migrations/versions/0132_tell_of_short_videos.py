"""The policy's next version that comes with the program: short videos show faces, and voices are heard in them.

It collects more, so everybody is asked anew. Who has published a policy of their own finds the new line in a draft.
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from server.core import ids

revision = "0132"
down_revision = "0131"
branch_labels = None
depends_on = None

SHIPPED_BEFORE, NAME = "2026-12.2", "2026-12.3"
ADDED = (
    "短视频：最长 15 秒，里面的人脸和说话声打不了码、也去不掉。和照片一样保管，看得到照片的人能看。"
    "里面记的时间、位置和手机型号只给审核的工会核对，别人看的那一份去掉了。"
)
CHANGES = "说明了短视频：谁能看，里面的人脸和说话声去不掉。"

TEXTS = ("processor", "contact", "collected", "seen_by", "third_parties", "retention", "rights", "by_settings")
VERSIONS = sa.table(
    "policy_versions",
    sa.column("id", sa.Uuid()),
    *(sa.column(name, sa.Text()) for name in ("name", "changes", *TEXTS)),
    sa.column("widens", sa.Boolean()),
    sa.column("version", sa.Integer()),
    *(sa.column(name, sa.DateTime(timezone=True)) for name in ("edited_at", "published_at")),
)


def upgrade() -> None:
    connection = op.get_bind()
    published = sa.select(VERSIONS).where(VERSIONS.c.published_at.is_not(None))
    latest = connection.execute(published.order_by(VERSIONS.c.published_at.desc()).limit(1)).one()
    somebody = connection.execute(sa.text("SELECT 1 FROM privacy_consents LIMIT 1")).first()
    moment = datetime.now(UTC) if somebody is not None else datetime(2026, 11, 30, 0, 1, tzinfo=UTC)
    texts = {name: getattr(latest, name) for name in TEXTS}
    row = {
        **texts, "collected": f"{latest.collected}\n{ADDED}", "changes": CHANGES, "widens": True,
        "id": ids.new_id(), "version": 1, "edited_at": moment,
    }  # fmt: skip
    drafts = VERSIONS.c.name == "draft"
    longer = {"collected": VERSIONS.c.collected + f"\n{ADDED}", "version": VERSIONS.c.version + 1}
    has_draft = connection.execute(sa.update(VERSIONS).where(drafts).values(longer)).rowcount > 0
    if latest.name == SHIPPED_BEFORE:
        connection.execute(VERSIONS.insert().values(**row, name=NAME, published_at=moment))
    elif not has_draft:
        connection.execute(VERSIONS.insert().values(**row, name="draft", published_at=None))
