"""What inspections find, and what unions check again by a draw."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0070"
down_revision = "0069"
branch_labels = None
depends_on = None

_AT = sa.DateTime(timezone=True)
_JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
RESULTS = ("passed", "failed", "not_applicable", "cannot_judge")


def _result(column: str, *, nullable: bool) -> "sa.Column[str]":
    kind = sa.Enum(*RESULTS, name=column, native_enum=False, create_constraint=True, length=32)
    return sa.Column(column, kind, nullable=nullable)


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def upgrade() -> None:
    op.create_table(
        "inspection_findings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("recipient_id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.String(length=40), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        _result("result", nullable=False),
        sa.Column("suspected_major", sa.String(length=200), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=True),
        sa.Column("found_by_id", sa.Uuid(), nullable=False),
        sa.Column("found_at", _AT, nullable=False),
        _result("verdict", nullable=True),
        sa.Column("judge", sa.String(length=100), nullable=True),
        sa.Column("judged_words", sa.String(length=500), nullable=True),
        sa.Column("judged_by_id", sa.Uuid(), nullable=True),
        sa.Column("judged_at", _AT, nullable=True),
        sa.CheckConstraint(
            "result IN ('failed', 'cannot_judge')", name=op.f("ck_inspection_findings_failed_or_not_judged")
        ),
        sa.CheckConstraint(
            "verdict IS NULL OR verdict IN ('passed', 'failed')", name=op.f("ck_inspection_findings_verdict_decides")
        ),
        sa.CheckConstraint(
            "(verdict IS NULL) = (judged_at IS NULL) AND (verdict IS NULL) = (judge IS NULL)",
            name=op.f("ck_inspection_findings_verdict_is_whole"),
        ),
        _key("inspection_findings", "recipient_id", "assignment_recipients"),
        _key("inspection_findings", "submission_id", "submissions"),
        _key("inspection_findings", "found_by_id", "people"),
        _key("inspection_findings", "judged_by_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_findings")),
        sa.UniqueConstraint("recipient_id", "item", name=op.f("uq_inspection_findings_recipient_id_item")),
        sa.UniqueConstraint("submission_id", name=op.f("uq_inspection_findings_submission_id")),
    )
    op.create_index("ix_inspection_findings_found_by", "inspection_findings", ["found_by_id"])
    op.create_table(
        "spot_draws",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("union_id", sa.Uuid(), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("terms", _JSON, nullable=False),
        sa.Column("entrants", _JSON, nullable=False),
        sa.Column("promised_by_id", sa.Uuid(), nullable=False),
        sa.Column("promised_at", _AT, nullable=False),
        sa.Column("drawn_by_id", sa.Uuid(), nullable=True),
        sa.Column("drawn_at", _AT, nullable=True),
        sa.CheckConstraint("(drawn_at IS NULL) = (drawn_by_id IS NULL)", name=op.f("ck_spot_draws_draw_is_whole")),
        _key("spot_draws", "assignment_id", "assignments"),
        _key("spot_draws", "union_id", "unions"),
        _key("spot_draws", "promised_by_id", "people"),
        _key("spot_draws", "drawn_by_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spot_draws")),
    )
    op.create_index("ix_spot_draws_assignment", "spot_draws", ["assignment_id", "id"])
    op.create_table(
        "spot_checks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("draw_id", sa.Uuid(), nullable=False),
        sa.Column("recipient_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("answers", _JSON, nullable=False),
        sa.Column("skipped", _JSON, nullable=False),
        sa.Column("checked_by_id", sa.Uuid(), nullable=True),
        sa.Column("checked_at", _AT, nullable=True),
        sa.CheckConstraint("place >= 1", name=op.f("ck_spot_checks_place_from_one")),
        sa.CheckConstraint(
            "(checked_at IS NULL) = (checked_by_id IS NULL)", name=op.f("ck_spot_checks_check_is_whole")
        ),
        _key("spot_checks", "draw_id", "spot_draws"),
        _key("spot_checks", "recipient_id", "assignment_recipients"),
        _key("spot_checks", "checked_by_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spot_checks")),
        sa.UniqueConstraint("draw_id", "recipient_id", name=op.f("uq_spot_checks_draw_id_recipient_id")),
        sa.UniqueConstraint("draw_id", "place", name=op.f("uq_spot_checks_draw_id_place")),
    )
    op.create_index("ix_spot_checks_recipient", "spot_checks", ["recipient_id"])
