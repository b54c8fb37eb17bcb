"""Versions of the privacy policy; the text that came with the program so far is the first."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from server.core import ids

revision = "0117"
down_revision = "0116"
branch_labels = None
depends_on = None

FIRST = {
    "name": "2026-12",
    "processor": "",
    "contact": "",
    "collected": (
        "你上报的内容：照片、说明、地点、企业。用来推动整改。\n"
        "照片里的拍摄时间、位置和手机型号：只给审核的工会核对真假。公开或给工友看的都是去掉这些信息的图。\n"
        "定位：只在你点“定位”时读一次，可以不用，手写地点也行。\n"
        "姓名、手机号：选填，用来联系你和发奖。别人看到的只有姓，如“赵*”。\n"
        "微信给的编号：用来认出是你、给你发通知。不读取昵称、头像和好友。\n"
        "答题和积分：用来评奖和抽奖。排行榜要你自己点了“参加”才有你，随时可以退出。\n"
        "你同意的时间和版本：用来证明你同意过。"
    ),
    "seen_by": (
        "负责审核的各级工会和你的企业工会。每次查看姓名、电话都有记录。\n"
        "选择匿名上报的，企业和审核员都看不到你是谁；只有市总工会在确有需要时能打开，而且会告诉你。"
    ),
    "third_parties": (
        "微信（深圳市腾讯计算机系统有限公司）：文字和照片交给它做内容安全检查，看有没有违法内容。\n"
        "除了法律要求，不给其他任何人，也不用来推销。"
    ),
    "retention": (
        "账号在就一直存。你注销以后 7 天删除个人信息；隐患和整改记录会留下，但不再和你有关。\n"
        "奖励、奖品的发放记录按财务规定保存，里面没有你的姓名和电话。\n"
        "为了安全，系统操作日志（只有编号和网络地址）会继续保存。"
    ),
    "rights": (
        "在“我的 → 我的信息和隐私”里可以查看、更正、下载自己的信息，也可以注销账号。\n"
        "随时可以不再同意，在同一个地方点一下就行：已经上报的照常办理，不能再上报新的，因为上报离不开这些信息。\n"
        "不满 14 岁请不要使用。"
    ),
    "changes": "",
    "widens": True,
    "version": 1,
}


def upgrade() -> None:
    versions = op.create_table(
        "policy_versions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(20), nullable=False),
        sa.Column("processor", sa.String(100), nullable=False),
        sa.Column("contact", sa.String(200), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("collected", "seen_by", "third_parties")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("retention", "rights", "changes")),
        sa.Column("widens", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("edited_by_id", sa.Uuid(), nullable=True),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(name = 'draft') = (published_at IS NULL)", name=op.f("ck_policy_versions_named_when_published")
        ),
        sa.ForeignKeyConstraint(["edited_by_id"], ["people.id"], name=op.f("fk_policy_versions_edited_by_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_versions")),
        sa.UniqueConstraint("name", name=op.f("uq_policy_versions_name")),
    )
    moment = datetime(2026, 11, 1, tzinfo=UTC)
    op.bulk_insert(versions, [{**FIRST, "id": ids.new_id(), "edited_at": moment, "published_at": moment}])
