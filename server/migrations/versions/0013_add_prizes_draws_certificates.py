"""Add prizes, draws and certificates."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_REFUSAL = "BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END"
SQLITE = (
    "CREATE TRIGGER {t}_update BEFORE UPDATE ON {t} " + _REFUSAL,
    "CREATE TRIGGER {t}_delete BEFORE DELETE ON {t} " + _REFUSAL,
    # INSERT OR REPLACE would remove the old row without a DELETE. S608: the names are ours.
    "CREATE TRIGGER {t}_replace BEFORE INSERT ON {t} WHEN EXISTS (SELECT 1 FROM {t} WHERE id = NEW.id) " + _REFUSAL,  # noqa: S608
)
POSTGRESQL = (
    """
    CREATE FUNCTION {t}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'the log is append-only';
    END $$
    """,
    """
    CREATE TRIGGER {t}_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {t}
    FOR EACH STATEMENT EXECUTE FUNCTION {t}_refuse()
    """,
)


def upgrade() -> None:
    op.create_table(
        "certificates",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("contest_id", sa.Uuid(), nullable=False),
        sa.Column("contest_name", sa.String(length=100), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.Column("enterprise_name", sa.String(length=100), nullable=False),
        sa.Column("issuer_name", sa.String(length=100), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_certificates_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificates")),
        sa.UniqueConstraint("code", name=op.f("uq_certificates_code")),
        sa.UniqueConstraint("contest_id", "person_id", name=op.f("uq_certificates_contest_id_person_id")),
    )
    op.create_table(
        "prize_pools",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("union_id", sa.Uuid(), nullable=False),
        sa.Column("contest_id", sa.Uuid(), nullable=False),
        sa.Column("contest_name", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("one_each", sa.Boolean(), nullable=False),
        sa.Column("runners_up", sa.Integer(), nullable=False),
        sa.Column("notice_days", sa.Integer(), nullable=False),
        sa.Column("claim_days", sa.Integer(), nullable=False),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ranked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("claim_days BETWEEN 1 AND 60", name=op.f("ck_prize_pools_claim_days_in_range")),
        sa.CheckConstraint(
            "locked_at IS NOT NULL OR (ranked_at IS NULL AND drawn_at IS NULL)",
            name=op.f("ck_prize_pools_locked_before_awarded"),
        ),
        sa.CheckConstraint("notice_days BETWEEN 1 AND 30", name=op.f("ck_prize_pools_notice_days_in_range")),
        sa.CheckConstraint("runners_up BETWEEN 0 AND 1000", name=op.f("ck_prize_pools_runners_up_in_range")),
        sa.ForeignKeyConstraint(["created_by_id"], ["people.id"], name=op.f("fk_prize_pools_created_by_id_people")),
        sa.ForeignKeyConstraint(["union_id"], ["unions.id"], name=op.f("fk_prize_pools_union_id_unions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prize_pools")),
    )
    op.create_index(op.f("ix_prize_pools_contest_id"), "prize_pools", ["contest_id"], unique=False)
    op.create_index(op.f("ix_prize_pools_union_id"), "prize_pools", ["union_id"], unique=False)
    op.create_table(
        "draws",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pool_id", sa.Uuid(), nullable=False),
        sa.Column("union_id", sa.Uuid(), nullable=False),
        sa.Column("contest_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "committed",
                "frozen",
                "valued",
                "drawn",
                "cancelled",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "terms",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=Text()), "postgresql"
            ),
            nullable=False,
        ),
        sa.Column("terms_hash", sa.String(length=64), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("seed_hash", sa.String(length=64), nullable=False),
        sa.Column("salt_key", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("fallback_source", sa.String(length=200), nullable=False),
        sa.Column("fallback_on", sa.Date(), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("committed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("entrants", sa.Integer(), nullable=True),
        sa.Column("entrants_hash", sa.String(length=64), nullable=True),
        sa.Column("value", sa.String(length=200), nullable=True),
        sa.Column("is_fallback", sa.Boolean(), nullable=False),
        sa.Column("entered_by_id", sa.Uuid(), nullable=True),
        sa.Column("confirmed_by_id", sa.Uuid(), nullable=True),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(status = 'drawn') = (drawn_at IS NOT NULL) AND (drawn_at IS NULL) = (confirmed_by_id IS NULL)",
            name=op.f("ck_draws_drawn_when_confirmed"),
        ),
        sa.CheckConstraint(
            "(status IN ('frozen', 'valued', 'drawn')) = (frozen_at IS NOT NULL)",
            name=op.f("ck_draws_frozen_when_frozen"),
        ),
        sa.CheckConstraint(
            "(status IN ('valued', 'drawn')) = (value IS NOT NULL) AND (value IS NULL) = (entered_by_id IS NULL)",
            name=op.f("ck_draws_valued_when_valued"),
        ),
        sa.CheckConstraint(
            "(frozen_at IS NULL) = (entrants IS NULL) AND (frozen_at IS NULL) = (entrants_hash IS NULL)",
            name=op.f("ck_draws_frozen_with_its_list"),
        ),
        sa.CheckConstraint("committed_at < closes_at", name=op.f("ck_draws_promised_before_the_close")),
        sa.CheckConstraint(
            "confirmed_by_id IS NULL OR confirmed_by_id <> entered_by_id", name=op.f("ck_draws_two_people")
        ),
        sa.CheckConstraint("due_on < fallback_on", name=op.f("ck_draws_fallback_comes_later")),
        sa.CheckConstraint("frozen_at IS NULL OR frozen_at >= closes_at", name=op.f("ck_draws_frozen_after_the_close")),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["people.id"], name=op.f("fk_draws_confirmed_by_id_people")),
        sa.ForeignKeyConstraint(["entered_by_id"], ["people.id"], name=op.f("fk_draws_entered_by_id_people")),
        sa.ForeignKeyConstraint(["pool_id"], ["prize_pools.id"], name=op.f("fk_draws_pool_id_prize_pools")),
        sa.ForeignKeyConstraint(["union_id"], ["unions.id"], name=op.f("fk_draws_union_id_unions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draws")),
    )
    op.create_index(op.f("ix_draws_contest_id"), "draws", ["contest_id"], unique=False)
    op.create_index(
        "uq_draws_live",
        "draws",
        ["pool_id"],
        unique=True,
        sqlite_where=sa.text("status <> 'cancelled'"),
        postgresql_where=sa.text("status <> 'cancelled'"),
    )
    op.create_table(
        "prizes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pool_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column(
            "way",
            sa.Enum("ranking", "draw", name="way", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("remaining", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity BETWEEN 1 AND 10000", name=op.f("ck_prizes_quantity_in_range")),
        sa.CheckConstraint("remaining BETWEEN 0 AND quantity", name=op.f("ck_prizes_stock_in_range")),
        sa.ForeignKeyConstraint(["pool_id"], ["prize_pools.id"], name=op.f("fk_prizes_pool_id_prize_pools")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prizes")),
        sa.UniqueConstraint("pool_id", "position", name=op.f("uq_prizes_pool_id_position")),
    )
    op.create_table(
        "draw_entries",
        sa.Column("draw_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["draw_id"], ["draws.id"], name=op.f("fk_draw_entries_draw_id_draws")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_draw_entries_person_id_people")),
        sa.PrimaryKeyConstraint("draw_id", "position", name=op.f("pk_draw_entries")),
        sa.UniqueConstraint("draw_id", "hash", name=op.f("uq_draw_entries_draw_id_hash")),
        sa.UniqueConstraint("draw_id", "person_id", name=op.f("uq_draw_entries_draw_id_person_id")),
    )
    op.create_table(
        "draw_places",
        sa.Column("draw_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("prize", sa.String(length=60), nullable=True),
        sa.ForeignKeyConstraint(["draw_id"], ["draws.id"], name=op.f("fk_draw_places_draw_id_draws")),
        sa.PrimaryKeyConstraint("draw_id", "place", name=op.f("pk_draw_places")),
        sa.UniqueConstraint("draw_id", "position", name=op.f("uq_draw_places_draw_id_position")),
    )
    op.create_table(
        "draw_steps",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("draw_id", sa.Uuid(), nullable=False),
        sa.Column(
            "move",
            sa.Enum(
                "commit",
                "cancel",
                "freeze",
                "enter_value",
                "reject_value",
                "confirm_value",
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
                "committed",
                "frozen",
                "valued",
                "drawn",
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
                "committed",
                "frozen",
                "valued",
                "drawn",
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
        sa.ForeignKeyConstraint(["actor_id"], ["people.id"], name=op.f("fk_draw_steps_actor_id_people")),
        sa.ForeignKeyConstraint(["draw_id"], ["draws.id"], name=op.f("fk_draw_steps_draw_id_draws")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draw_steps")),
    )
    op.create_index(op.f("ix_draw_steps_draw_id"), "draw_steps", ["draw_id"], unique=False)
    op.create_table(
        "prize_wins",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pool_id", sa.Uuid(), nullable=False),
        sa.Column(
            "way",
            sa.Enum("ranking", "draw", name="way", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("sole_holder_id", sa.Uuid(), nullable=True),
        sa.Column("prize_id", sa.Uuid(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "reserve",
                "offered",
                "accepted",
                "handed_over",
                "refused",
                "expired",
                "revoked",
                "skipped",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("notice_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claim_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("code", sa.String(length=8), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(status IN ('reserve', 'offered', 'accepted')) = (ended_at IS NULL)",
            name=op.f("ck_prize_wins_ended_when_ended"),
        ),
        sa.CheckConstraint(
            "(status IN ('reserve', 'skipped')) = (prize_id IS NULL)", name=op.f("ck_prize_wins_a_prize_to_win")
        ),
        sa.CheckConstraint(
            "sole_holder_id IS NULL OR (sole_holder_id = person_id AND status IN ('offered', 'accepted', 'handed_over'))",
            name=op.f("ck_prize_wins_sole_holders_hold"),
        ),
        sa.CheckConstraint("status <> 'accepted' OR code IS NOT NULL", name=op.f("ck_prize_wins_accepted_have_a_code")),
        sa.CheckConstraint(
            "(prize_id IS NULL) = (offered_at IS NULL) AND (prize_id IS NULL) = (notice_until IS NULL) AND (prize_id IS NULL) = (claim_until IS NULL)",
            name=op.f("ck_prize_wins_offered_for_a_time"),
        ),
        sa.CheckConstraint("place > 0", name=op.f("ck_prize_wins_places_begin_at_one")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_prize_wins_person_id_people")),
        sa.ForeignKeyConstraint(["pool_id"], ["prize_pools.id"], name=op.f("fk_prize_wins_pool_id_prize_pools")),
        sa.ForeignKeyConstraint(["prize_id"], ["prizes.id"], name=op.f("fk_prize_wins_prize_id_prizes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prize_wins")),
        sa.UniqueConstraint("pool_id", "sole_holder_id", name=op.f("uq_prize_wins_pool_id_sole_holder_id")),
        sa.UniqueConstraint("pool_id", "way", "person_id", name=op.f("uq_prize_wins_pool_id_way_person_id")),
        sa.UniqueConstraint("pool_id", "way", "place", name=op.f("uq_prize_wins_pool_id_way_place")),
    )
    op.create_index(op.f("ix_prize_wins_person_id"), "prize_wins", ["person_id"], unique=False)
    op.create_index(op.f("ix_prize_wins_prize_id"), "prize_wins", ["prize_id"], unique=False)
    op.create_index("ix_prize_wins_waiting", "prize_wins", ["status", "claim_until"], unique=False)
    op.create_table(
        "prize_handovers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("win_id", sa.Uuid(), nullable=False),
        sa.Column(
            "proof",
            sa.Enum("code", "signature", name="proof", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "proof <> 'signature' OR length(note) > 0", name=op.f("ck_prize_handovers_signatures_are_named")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_prize_handovers_by_id_people")),
        sa.ForeignKeyConstraint(["win_id"], ["prize_wins.id"], name=op.f("fk_prize_handovers_win_id_prize_wins")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prize_handovers")),
        sa.UniqueConstraint("win_id", name=op.f("uq_prize_handovers_win_id")),
    )
    op.create_table(
        "prize_steps",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pool_id", sa.Uuid(), nullable=False),
        sa.Column("win_id", sa.Uuid(), nullable=True),
        sa.Column(
            "move",
            sa.Enum(
                "create",
                "add_prize",
                "remove_prize",
                "lock",
                "award",
                "accept",
                "refuse",
                "expire",
                "revoke",
                "skip",
                "promote",
                "hand_over",
                name="move",
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
        sa.ForeignKeyConstraint(["actor_id"], ["people.id"], name=op.f("fk_prize_steps_actor_id_people")),
        sa.ForeignKeyConstraint(["pool_id"], ["prize_pools.id"], name=op.f("fk_prize_steps_pool_id_prize_pools")),
        sa.ForeignKeyConstraint(["win_id"], ["prize_wins.id"], name=op.f("fk_prize_steps_win_id_prize_wins")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prize_steps")),
    )
    op.create_index(op.f("ix_prize_steps_pool_id"), "prize_steps", ["pool_id"], unique=False)

    sqlite = op.get_bind().dialect.name == "sqlite"
    for table in ("prize_steps", "draw_steps"):
        for statement in SQLITE if sqlite else POSTGRESQL:
            op.execute(statement.replace("{t}", table))
