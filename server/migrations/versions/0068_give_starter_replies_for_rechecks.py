"""Give unions that began with ready replies for decisions those for rechecks too, which came later.

Which unions: those that still have one of the first replies for decisions, by its title; others wrote their own, or
read those of the unions above. Which moves: those for which the union has none at all, be it in use or laid aside: what
somebody made or put away on purpose is neither doubled nor brought back.
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from server.core import ids

revision = "0068"
down_revision = "0067"
branch_labels = None
depends_on = None

FIRST = (
    "受理并通知企业",
    "受理并现场核实",
    "不属于安全隐患",
    "照片看不出隐患",
    "问清地点",
    "补拍照片",
    "问清现状",
    "同一处隐患",
)
STARTS = {
    "close": (
        ("现场看过，已整改好", "已到现场复查，隐患已消除。"),
        ("照片看得清，已整改好", "从整改后的照片看，隐患已消除。请保持。"),
    ),
    "send_back": (
        ("照片看不清", "整改后的照片看不清是不是整改好了，请从和整改前同一角度再拍一张。"),
        ("没有整改彻底", "现场还有隐患，请继续整改后再提交。"),
    ),
    "grant_extension": (("同意，做好防护", "同意延期。整改好以前请做好防护，挂警示标志。"),),
    "refuse_extension": (("不同意，尽快整改", "这条隐患有危险，不能再等，请按原期限整改。"),),
    "drop": (("经核实不是隐患", "经核实，这里不构成隐患，不用整改。"),),
    "uphold": (("仍是隐患", "经核实，这里仍有隐患，请按整改建议整改。"),),
}
TEMPLATES = sa.table(
    "reply_templates",
    sa.column("id", sa.Uuid()),
    sa.column("union_id", sa.Uuid()),
    sa.column("move", sa.String()),
    sa.column("category", sa.String()),
    sa.column("title", sa.String()),
    sa.column("text", sa.Text()),
    sa.column("is_active", sa.Boolean()),
    sa.column("updated_at", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    connection, now = op.get_bind(), datetime.now(UTC)
    columns = TEMPLATES.c
    unions = connection.scalars(sa.select(columns.union_id).where(columns.title.in_(FIRST)).distinct()).all()
    known = {tuple(row) for row in connection.execute(sa.select(columns.union_id, columns.move).distinct())}
    rows = [
        {
            "id": ids.new_id(), "union_id": union_id, "move": move, "category": None, "title": title, "text": text,
            "is_active": True, "updated_at": now,
        }
        for union_id in unions
        for move, replies in STARTS.items()
        if (union_id, move) not in known
        for title, text in replies
    ]  # fmt: skip
    if rows:
        connection.execute(TEMPLATES.insert(), rows)
