"""The policy's next version that comes with the program, and what a version owes to the settings of its day.

The new version collects more, so everybody is asked anew. A union that has published its own finds the new lines in a
draft behind its words: what it tells its people is for itself to say.
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from server.core import ids

revision = "0124"
down_revision = "0123"
branch_labels = None
depends_on = None

SHIPPED_BEFORE, NAME = "2026-12", "2026-12.2"
ADDED = {
    "collected": (
        "语音：按住说话的时候，微信或者浏览器把声音转成文字，我们只收文字。发给公众号的语音留下来，和照片一样保管，给审核的工会听。\n"
        "你在哪儿干活：你自己选的企业，可以选几家，也可以不选。用来把你报的交给对的工会。\n"
        "扫的点位码：用来知道是哪台设备、哪个地方。\n"
        "机器建议：工会开通了才有。机器提议的类别、说法、等级和答复只供人参考，怎么定由人决定。\n"
        "程序出错的记录：哪一页、什么错、哪个版本。里面没有你是谁，也没有你写的内容。"
    ),
    "third_parties": "手机浏览器：在浏览器里点“说话”，由浏览器和它的语音服务把声音转成文字。不点就没有。",
}
WECHAT = "微信（深圳市腾讯计算机系统有限公司）：文字和照片交给它做内容安全检查，看有没有违法内容"
NOBODY_ELSE = "除了法律要求，不给其他任何人，也不用来推销。"
CHANGES = "说明了语音、你选的几家企业、点位码、机器建议和程序出错的记录。"

TEXTS = ("name", "processor", "contact", "collected", "seen_by", "third_parties", "retention", "rights", "changes")
VERSIONS = sa.table(
    "policy_versions",
    sa.column("id", sa.Uuid()),
    *(sa.column(name, sa.Text()) for name in (*TEXTS, "by_settings")),
    sa.column("widens", sa.Boolean()),
    sa.column("version", sa.Integer()),
    *(sa.column(name, sa.DateTime(timezone=True)) for name in ("edited_at", "published_at")),
)


def _with_what_is_new(row: "sa.Row[tuple[object, ...]]") -> dict[str, object]:
    """The texts of a version with the new lines behind its own; who is given nothing stays the last to be said."""
    texts = {name: getattr(row, name) for name in ("processor", "contact", "seen_by", "retention", "rights")}
    outside = row.third_parties.replace(WECHAT, f"{WECHAT}；你在微信里说的话由它转成文字")
    outside = outside.removesuffix(NOBODY_ELSE).rstrip("\n")
    return texts | {
        "collected": f"{row.collected}\n{ADDED['collected']}",
        "third_parties": f"{outside}\n{ADDED['third_parties']}\n除了这里写的和法律要求的，不给其他任何人，也不用来推销。",
        "changes": CHANGES,
        "widens": True,
    }


def upgrade() -> None:
    with op.batch_alter_table("policy_versions") as policies:
        policies.add_column(sa.Column("by_settings", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("policy_versions") as policies:
        policies.alter_column("by_settings", server_default=None)
    connection = op.get_bind()
    published = sa.select(VERSIONS).where(VERSIONS.c.published_at.is_not(None))
    latest = connection.execute(published.order_by(VERSIONS.c.published_at.desc()).limit(1)).one()
    somebody = connection.execute(sa.text("SELECT 1 FROM privacy_consents LIMIT 1")).first()
    moment = datetime.now(UTC) if somebody is not None else datetime(2026, 11, 30, tzinfo=UTC)
    row = {**_with_what_is_new(latest), "id": ids.new_id(), "by_settings": "", "version": 1, "edited_at": moment}
    if latest.name == SHIPPED_BEFORE:
        connection.execute(VERSIONS.insert().values(**row, name=NAME, published_at=moment))
    elif connection.execute(sa.select(VERSIONS.c.id).where(VERSIONS.c.name == "draft")).first() is None:
        connection.execute(VERSIONS.insert().values(**row, name="draft", published_at=None))
