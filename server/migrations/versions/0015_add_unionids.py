"""Let one person be known to several WeChat applications by the unionid."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "wechat_unionids",
        sa.Column("unionid", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_wechat_unionids_person_id_people")),
        sa.PrimaryKeyConstraint("unionid", name=op.f("pk_wechat_unionids")),
    )
    op.create_index(op.f("ix_wechat_unionids_person_id"), "wechat_unionids", ["person_id"], unique=False)
    op.execute(
        "INSERT INTO wechat_unionids (unionid, person_id, created_at) "
        "SELECT unionid, person_id, created_at FROM wechat_identities AS earliest "
        "WHERE unionid IS NOT NULL AND NOT EXISTS (SELECT 1 FROM wechat_identities AS other "
        "WHERE other.unionid = earliest.unionid AND (other.created_at < earliest.created_at "
        "OR (other.created_at = earliest.created_at AND other.id < earliest.id)))"
    )
