"""Add what comes in through WeChat's pushes, and drafts begun in the chat."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "wechat_pushes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "door",
            sa.Enum(
                "official_account", "mini_program", name="door", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.Column("openid", sa.String(length=64), nullable=True),
        sa.Column(
            "content",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql"
            ),
            nullable=True,
        ),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(done_at IS NULL) = (content IS NOT NULL)", name=op.f("ck_wechat_pushes_content_until_done")
        ),
        sa.CheckConstraint("(done_at IS NULL) = (openid IS NOT NULL)", name=op.f("ck_wechat_pushes_openid_until_done")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wechat_pushes")),
        sa.UniqueConstraint("door", "key", name=op.f("uq_wechat_pushes_door_key")),
        sa.UniqueConstraint("door", "seal", name=op.f("uq_wechat_pushes_door_seal")),
    )
    op.create_index(op.f("ix_wechat_pushes_received_at"), "wechat_pushes", ["received_at"], unique=False)
    op.create_index(
        "ix_wechat_pushes_waiting",
        "wechat_pushes",
        ["openid", "id"],
        unique=False,
        sqlite_where=sa.text("done_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.create_table(
        "channel_followers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("app_id", sa.String(length=40), nullable=False),
        sa.Column("openid", sa.String(length=64), nullable=False),
        sa.Column("unionid", sa.String(length=64), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("answers_left", sa.Integer(), nullable=False),
        sa.Column("answers_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_union_id", sa.Uuid(), nullable=True),
        sa.Column("asked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(asked_union_id IS NULL) = (asked_until IS NULL)", name=op.f("ck_channel_followers_question_is_whole")
        ),
        sa.CheckConstraint(
            "answers_left BETWEEN 0 AND 5", name=op.f("ck_channel_followers_answers_within_wechats_limit")
        ),
        sa.ForeignKeyConstraint(
            ["asked_union_id"], ["unions.id"], name=op.f("fk_channel_followers_asked_union_id_unions")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_channel_followers_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel_followers")),
        sa.UniqueConstraint("app_id", "openid", name=op.f("uq_channel_followers_app_id_openid")),
    )
    op.create_index(op.f("ix_channel_followers_person_id"), "channel_followers", ["person_id"], unique=False)
    op.create_table(
        "channel_answers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("follower_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sending_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["follower_id"],
            ["channel_followers.id"],
            name=op.f("fk_channel_answers_follower_id_channel_followers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel_answers")),
    )
    op.create_index(op.f("ix_channel_answers_follower_id"), "channel_answers", ["follower_id"], unique=False)
    op.create_table(
        "channel_drafts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("follower_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("told_revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name=op.f("ck_channel_drafts_point_is_whole")),
        sa.CheckConstraint("told_revision <= revision", name=op.f("ck_channel_drafts_told_what_is")),
        sa.ForeignKeyConstraint(
            ["follower_id"],
            ["channel_followers.id"],
            name=op.f("fk_channel_drafts_follower_id_channel_followers"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_channel_drafts_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel_drafts")),
    )
    op.create_index(op.f("ix_channel_drafts_updated_at"), "channel_drafts", ["updated_at"], unique=False)
    op.create_index(op.f("ix_channel_drafts_follower_id"), "channel_drafts", ["follower_id"], unique=False)
    op.create_index(op.f("ix_channel_drafts_person_id"), "channel_drafts", ["person_id"], unique=False)
    op.create_table(
        "channel_draft_photos",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("media_id", sa.String(length=256), nullable=False),
        sa.Column(
            "state",
            sa.Enum("awaited", "kept", "refused", name="state", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("media_type", sa.String(length=40), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.CheckConstraint(
            "(state = 'kept') = (media_type IS NOT NULL)", name=op.f("ck_channel_draft_photos_kept_has_a_type")
        ),
        sa.CheckConstraint(
            "(state = 'kept') = (sha256 IS NOT NULL AND size IS NOT NULL)",
            name=op.f("ck_channel_draft_photos_kept_is_whole"),
        ),
        sa.CheckConstraint(
            "(state = 'refused') = (reason IS NOT NULL)", name=op.f("ck_channel_draft_photos_refused_with_reason")
        ),
        sa.ForeignKeyConstraint(
            ["draft_id"],
            ["channel_drafts.id"],
            name=op.f("fk_channel_draft_photos_draft_id_channel_drafts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel_draft_photos")),
        sa.UniqueConstraint("draft_id", "position", name=op.f("uq_channel_draft_photos_draft_id_position")),
    )
