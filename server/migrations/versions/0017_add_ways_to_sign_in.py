"""Add sign-in by WeChat's web page, by short message and by scanning; add posters."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sms_codes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("phone_key", sa.String(length=64), nullable=False),
        sa.Column("origin", sa.String(length=80), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("attempts_left", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sms_codes")),
    )
    op.create_index("ix_sms_codes_origin_sent_at", "sms_codes", ["origin", "sent_at"], unique=False)
    op.create_index("ix_sms_codes_phone_key_sent_at", "sms_codes", ["phone_key", "sent_at"], unique=False)
    op.create_index("ix_sms_codes_sent_at", "sms_codes", ["sent_at"], unique=False)
    op.create_table(
        "posters",
        sa.Column("union_id", sa.Uuid(), nullable=False),
        sa.Column("invite_code", sa.String(length=16), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("by_wechat", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(["union_id"], ["unions.id"], name=op.f("fk_posters_union_id_unions")),
        sa.PrimaryKeyConstraint("union_id", name=op.f("pk_posters")),
    )
    op.create_table(
        "linked_phones",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["people.id"], name=op.f("fk_linked_phones_account_id_people")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_linked_phones_person_id_people")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_linked_phones")),
    )
    op.create_index(op.f("ix_linked_phones_account_id"), "linked_phones", ["account_id"], unique=False)
    op.create_table(
        "oauth_visits",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("state_hash", sa.String(length=64), nullable=False),
        sa.Column("browser_hash", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_oauth_visits_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_oauth_visits")),
        sa.UniqueConstraint("browser_hash", name=op.f("uq_oauth_visits_browser_hash")),
        sa.UniqueConstraint("state_hash", name=op.f("uq_oauth_visits_state_hash")),
    )
    op.create_index(op.f("ix_oauth_visits_expires_at"), "oauth_visits", ["expires_at"], unique=False)
    op.create_table(
        "phone_identities",
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_phone_identities_person_id_people")),
        sa.PrimaryKeyConstraint("phone", name=op.f("pk_phone_identities")),
    )
    op.create_index(op.f("ix_phone_identities_person_id"), "phone_identities", ["person_id"], unique=False)
    op.create_table(
        "scans",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("browser_hash", sa.String(length=64), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum("sign_in", "link", name="purpose", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "seen",
                "confirmed",
                "refused",
                "used",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("user_agent", sa.String(length=200), nullable=False),
        sa.Column("wanted", sa.String(length=2000), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["people.id"], name=op.f("fk_scans_account_id_people")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_scans_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scans")),
        sa.UniqueConstraint("browser_hash", name=op.f("uq_scans_browser_hash")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_scans_code_hash")),
    )
    op.create_index(op.f("ix_scans_expires_at"), "scans", ["expires_at"], unique=False)
