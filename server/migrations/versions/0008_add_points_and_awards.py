"""Add points and awards."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

POINTS_SQLITE = (
    """CREATE TRIGGER points_transfers_update BEFORE UPDATE ON points_transfers BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END""",
    """CREATE TRIGGER points_transfers_delete BEFORE DELETE ON points_transfers BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END""",
    """CREATE TRIGGER points_transfers_replace BEFORE INSERT ON points_transfers WHEN EXISTS (SELECT 1 FROM points_transfers WHERE id = NEW.id OR (source = NEW.source AND round = NEW.round) OR reverses_id = NEW.reverses_id) BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END""",
)

POINTS_POSTGRESQL = (
    """
    CREATE FUNCTION points_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'the ledger is append-only';
    END $$
    """,
    """
    CREATE TRIGGER points_transfers_change BEFORE UPDATE OR DELETE OR TRUNCATE ON points_transfers
    FOR EACH STATEMENT EXECUTE FUNCTION points_refuse()
    """,
)


def upgrade() -> None:
    op.create_table(
        "points_accounts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("issue", "person", name="kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("campaign_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'issue') = (campaign_id IS NOT NULL)", name=op.f("ck_points_accounts_campaign_has_an_account")
        ),
        sa.CheckConstraint(
            "(kind = 'person') = (person_id IS NOT NULL)", name=op.f("ck_points_accounts_person_has_an_account")
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_points_accounts_campaign_id_campaigns")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_points_accounts_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_points_accounts")),
        sa.UniqueConstraint("campaign_id", name=op.f("uq_points_accounts_campaign_id")),
        sa.UniqueConstraint("person_id", name=op.f("uq_points_accounts_person_id")),
    )
    op.create_table(
        "points_rules",
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=30), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.CheckConstraint("points BETWEEN 0 AND 10000", name=op.f("ck_points_rules_points_in_range")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_points_rules_campaign_id_campaigns")),
        sa.PrimaryKeyConstraint("campaign_id", "code", name=op.f("pk_points_rules")),
    )
    op.create_table(
        "points_transfers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("from_account_id", sa.Uuid(), nullable=False),
        sa.Column("to_account_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=True),
        sa.Column("reverses_id", sa.Uuid(), nullable=True),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_points_transfers_amount_is_positive")),
        sa.CheckConstraint("from_account_id <> to_account_id", name=op.f("ck_points_transfers_between_two_accounts")),
        sa.CheckConstraint("round > 0", name=op.f("ck_points_transfers_rounds_begin_at_one")),
        sa.ForeignKeyConstraint(["actor_id"], ["people.id"], name=op.f("fk_points_transfers_actor_id_people")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_points_transfers_campaign_id_campaigns")
        ),
        sa.ForeignKeyConstraint(
            ["from_account_id"],
            ["points_accounts.id"],
            name=op.f("fk_points_transfers_from_account_id_points_accounts"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_points_transfers_person_id_people")),
        sa.ForeignKeyConstraint(
            ["reverses_id"], ["points_transfers.id"], name=op.f("fk_points_transfers_reverses_id_points_transfers")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_points_transfers_submission_id_submissions")
        ),
        sa.ForeignKeyConstraint(
            ["to_account_id"], ["points_accounts.id"], name=op.f("fk_points_transfers_to_account_id_points_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_points_transfers")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_points_transfers_reverses_id")),
        sa.UniqueConstraint("source", "round", name=op.f("uq_points_transfers_source_round")),
    )
    op.create_index("ix_points_transfers_from", "points_transfers", ["from_account_id", "id"], unique=False)
    op.create_index(op.f("ix_points_transfers_submission_id"), "points_transfers", ["submission_id"], unique=False)
    op.create_index("ix_points_transfers_to", "points_transfers", ["to_account_id", "id"], unique=False)
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in POINTS_SQLITE if sqlite else POINTS_POSTGRESQL:
        op.execute(statement)
