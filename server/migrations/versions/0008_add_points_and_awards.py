"""Add points and awards."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

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

AWARDS_SQLITE = (
    """CREATE TRIGGER award_steps_update BEFORE UPDATE ON award_steps BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END""",
    """CREATE TRIGGER award_steps_delete BEFORE DELETE ON award_steps BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END""",
    """CREATE TRIGGER award_steps_replace BEFORE INSERT ON award_steps WHEN EXISTS (SELECT 1 FROM award_steps WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END""",
)

AWARDS_POSTGRESQL = (
    """
    CREATE FUNCTION award_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'the log is append-only';
    END $$
    """,
    """
    CREATE TRIGGER award_steps_change BEFORE UPDATE OR DELETE OR TRUNCATE ON award_steps
    FOR EACH STATEMENT EXECUTE FUNCTION award_refuse()
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

    op.create_table(
        "award_budgets",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("union_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount_cents > 0", name=op.f("ck_award_budgets_amount_is_positive")),
        sa.ForeignKeyConstraint(["created_by_id"], ["people.id"], name=op.f("fk_award_budgets_created_by_id_people")),
        sa.ForeignKeyConstraint(["union_id"], ["unions.id"], name=op.f("fk_award_budgets_union_id_unions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_budgets")),
    )
    op.create_index(op.f("ix_award_budgets_union_id"), "award_budgets", ["union_id"], unique=False)
    op.create_table(
        "award_schemes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("union_id", sa.Uuid(), nullable=False),
        sa.Column("budget_id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("worker", "unit", "organiser", name="kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "grades",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=Text()), "postgresql"
            ),
            nullable=False,
        ),
        sa.Column("quota", sa.Integer(), nullable=False),
        sa.Column("batches", sa.Integer(), nullable=False),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("joint_share", sa.Boolean(), nullable=False),
        sa.Column("exclude_duty", sa.Boolean(), nullable=False),
        sa.Column("nomination_quota", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("objection_days", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount_cents > 0", name=op.f("ck_award_schemes_amount_is_positive")),
        sa.CheckConstraint(
            "batches BETWEEN 1 AND 12 AND batches <= quota", name=op.f("ck_award_schemes_batches_in_range")
        ),
        sa.CheckConstraint("objection_days BETWEEN 1 AND 30", name=op.f("ck_award_schemes_objection_days_in_range")),
        sa.CheckConstraint("quota BETWEEN 1 AND 1000", name=op.f("ck_award_schemes_quota_in_range")),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_award_schemes_period_runs_forward")),
        sa.ForeignKeyConstraint(
            ["budget_id"], ["award_budgets.id"], name=op.f("fk_award_schemes_budget_id_award_budgets")
        ),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_award_schemes_campaign_id_campaigns")),
        sa.ForeignKeyConstraint(["created_by_id"], ["people.id"], name=op.f("fk_award_schemes_created_by_id_people")),
        sa.ForeignKeyConstraint(["union_id"], ["unions.id"], name=op.f("fk_award_schemes_union_id_unions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_schemes")),
    )
    op.create_index(op.f("ix_award_schemes_budget_id"), "award_schemes", ["budget_id"], unique=False)
    op.create_index(op.f("ix_award_schemes_union_id"), "award_schemes", ["union_id"], unique=False)
    op.create_table(
        "award_batches",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("scheme_id", sa.Uuid(), nullable=False),
        sa.Column("union_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("quota", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "computed",
                "scoring",
                "published",
                "final",
                "paid",
                "cancelled",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "facts",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=Text()), "postgresql"
            ),
            nullable=True,
        ),
        sa.Column("facts_hash", sa.String(length=64), nullable=True),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("objections_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("final_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(status = 'paid') = (paid_at IS NOT NULL)", name=op.f("ck_award_batches_paid_when_paid")),
        sa.CheckConstraint(
            "(status IN ('final', 'paid')) = (final_at IS NOT NULL)", name=op.f("ck_award_batches_final_when_final")
        ),
        sa.CheckConstraint(
            "(status IN ('published', 'final', 'paid')) = (published_at IS NOT NULL)",
            name=op.f("ck_award_batches_published_when_published"),
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'cancelled') OR computed_at IS NOT NULL",
            name=op.f("ck_award_batches_computed_before_the_rest"),
        ),
        sa.CheckConstraint(
            "(facts_hash IS NULL) = (computed_at IS NULL)", name=op.f("ck_award_batches_hash_of_what_was_computed")
        ),
        sa.CheckConstraint(
            "(published_at IS NULL) = (objections_until IS NULL)", name=op.f("ck_award_batches_published_for_a_time")
        ),
        sa.ForeignKeyConstraint(
            ["scheme_id"], ["award_schemes.id"], name=op.f("fk_award_batches_scheme_id_award_schemes")
        ),
        sa.ForeignKeyConstraint(["union_id"], ["unions.id"], name=op.f("fk_award_batches_union_id_unions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_batches")),
        sa.UniqueConstraint("scheme_id", "number", name=op.f("uq_award_batches_scheme_id_number")),
    )
    op.create_index(op.f("ix_award_batches_union_id"), "award_batches", ["union_id"], unique=False)
    op.create_table(
        "award_claims",
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["award_batches.id"], name=op.f("fk_award_claims_batch_id_award_batches")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_award_claims_submission_id_submissions")
        ),
        sa.PrimaryKeyConstraint("submission_id", name=op.f("pk_award_claims")),
    )
    op.create_index(op.f("ix_award_claims_batch_id"), "award_claims", ["batch_id"], unique=False)
    op.create_table(
        "award_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "listed",
                "reserve",
                "excluded",
                "removed",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("submission_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("union_id", sa.Uuid(), nullable=True),
        sa.Column("grade", sa.Integer(), nullable=True),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("merit", sa.Text(), nullable=False),
        sa.Column("nominated_by_id", sa.Uuid(), nullable=True),
        sa.Column("nominating_union_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "status <> 'listed' OR amount_cents > 0", name=op.f("ck_award_entries_listed_get_something")
        ),
        sa.CheckConstraint("amount_cents >= 0", name=op.f("ck_award_entries_amount_not_negative")),
        sa.CheckConstraint(
            "person_id IS NOT NULL OR union_id IS NOT NULL", name=op.f("ck_award_entries_somebody_is_meant")
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["award_batches.id"], name=op.f("fk_award_entries_batch_id_award_batches")
        ),
        sa.ForeignKeyConstraint(
            ["nominated_by_id"], ["people.id"], name=op.f("fk_award_entries_nominated_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["nominating_union_id"], ["unions.id"], name=op.f("fk_award_entries_nominating_union_id_unions")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_award_entries_person_id_people")),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_award_entries_submission_id_submissions")
        ),
        sa.ForeignKeyConstraint(["union_id"], ["unions.id"], name=op.f("fk_award_entries_union_id_unions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_entries")),
        sa.UniqueConstraint(
            "batch_id", "submission_id", "person_id", name=op.f("uq_award_entries_batch_id_submission_id_person_id")
        ),
    )
    op.create_index(op.f("ix_award_entries_batch_id"), "award_entries", ["batch_id"], unique=False)
    op.create_index(op.f("ix_award_entries_person_id"), "award_entries", ["person_id"], unique=False)
    op.create_index(op.f("ix_award_entries_submission_id"), "award_entries", ["submission_id"], unique=False)
    op.create_table(
        "award_jurors",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["award_batches.id"], name=op.f("fk_award_jurors_batch_id_award_batches")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_award_jurors_person_id_people")),
        sa.PrimaryKeyConstraint("batch_id", "person_id", name=op.f("pk_award_jurors")),
    )
    op.create_table(
        "award_steps",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column(
            "move",
            sa.Enum(
                "create",
                "nominate",
                "compute",
                "strike",
                "open_scoring",
                "add_juror",
                "score",
                "publish",
                "object",
                "answer",
                "remove",
                "move_up",
                "finalise",
                "pay",
                "receive",
                "cancel",
                name="move",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "from_status",
            sa.Enum(
                "draft",
                "computed",
                "scoring",
                "published",
                "final",
                "paid",
                "cancelled",
                name="from_status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "to_status",
            sa.Enum(
                "draft",
                "computed",
                "scoring",
                "published",
                "final",
                "paid",
                "cancelled",
                name="to_status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "data",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=Text()), "postgresql"
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["actor_id"], ["people.id"], name=op.f("fk_award_steps_actor_id_people")),
        sa.ForeignKeyConstraint(["batch_id"], ["award_batches.id"], name=op.f("fk_award_steps_batch_id_award_batches")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_steps")),
    )
    op.create_index(op.f("ix_award_steps_batch_id"), "award_steps", ["batch_id"], unique=False)
    op.create_table(
        "award_objections",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum("open", "upheld", "rejected", name="status", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(status = 'open') = (answered_at IS NULL)", name=op.f("ck_award_objections_answered_when_answered")
        ),
        sa.CheckConstraint(
            "(answer IS NULL) = (answered_at IS NULL)", name=op.f("ck_award_objections_answered_in_words")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["people.id"], name=op.f("fk_award_objections_answered_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["award_batches.id"], name=op.f("fk_award_objections_batch_id_award_batches")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["award_entries.id"], name=op.f("fk_award_objections_entry_id_award_entries")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_award_objections_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_objections")),
    )
    op.create_index(op.f("ix_award_objections_batch_id"), "award_objections", ["batch_id"], unique=False)
    op.create_index(op.f("ix_award_objections_person_id"), "award_objections", ["person_id"], unique=False)
    op.create_table(
        "award_payments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("budget_id", sa.Uuid(), nullable=False),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("method", sa.String(length=30), nullable=False),
        sa.Column("voucher", sa.String(length=60), nullable=False),
        sa.Column("paid_by_id", sa.Uuid(), nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("amount_cents > 0", name=op.f("ck_award_payments_amount_is_positive")),
        sa.ForeignKeyConstraint(
            ["budget_id"], ["award_budgets.id"], name=op.f("fk_award_payments_budget_id_award_budgets")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["award_entries.id"], name=op.f("fk_award_payments_entry_id_award_entries")
        ),
        sa.ForeignKeyConstraint(["paid_by_id"], ["people.id"], name=op.f("fk_award_payments_paid_by_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_payments")),
        sa.UniqueConstraint("budget_id", "voucher", name=op.f("uq_award_payments_budget_id_voucher")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_award_payments_entry_id")),
    )
    op.create_index(op.f("ix_award_payments_budget_id"), "award_payments", ["budget_id"], unique=False)
    op.create_table(
        "award_scores",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("score BETWEEN 0 AND 100", name=op.f("ck_award_scores_score_in_range")),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["award_entries.id"], name=op.f("fk_award_scores_entry_id_award_entries")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_award_scores_person_id_people")),
        sa.PrimaryKeyConstraint("entry_id", "person_id", name=op.f("pk_award_scores")),
    )
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in (POINTS_SQLITE if sqlite else POINTS_POSTGRESQL) + (
        AWARDS_SQLITE if sqlite else AWARDS_POSTGRESQL
    ):
        op.execute(statement)
