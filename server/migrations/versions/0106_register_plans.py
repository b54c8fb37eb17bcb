"""A register of emergency plans; drills name the plan that they tried, and what is due is due of a plan.

With the rules of the law on every single special plan, beside those on any one of them.
"""

from datetime import UTC, date, datetime
from uuid import UUID

import sqlalchemy as sa
from alembic import op

revision = "0106"
down_revision = "0105"
branch_labels = None
depends_on = None

_AT = sa.DateTime(timezone=True)
LEVELS = ("city", "district", "town", "enterprise")
DUTIES = "duty IN ('general', 'special', 'on_site', 'fire')"
BASIS = "山东省安全生产条例第六十三条"
RULES = (("high_risk", 24), ("others", 36))  # months in which every special plan is tried


def upgrade() -> None:
    _add_register()
    with op.batch_alter_table("drills") as table:
        table.add_column(sa.Column("plan_id", sa.Uuid(), nullable=True))
        table.create_foreign_key(op.f("fk_drills_plan_id_emergency_plans"), "emergency_plans", ["plan_id"], ["id"])
    op.create_index("ix_drills_plan", "drills", ["plan_id"])
    with op.batch_alter_table("drill_rules") as table:
        table.drop_constraint(op.f("ck_drill_rules_duty"), type_="check")
    with op.batch_alter_table("drill_rules") as table:
        table.create_check_constraint(op.f("ck_drill_rules_duty"), DUTIES)
    with op.batch_alter_table("drill_dues") as table:
        table.drop_constraint(op.f("uq_drill_dues_union_id_duty"), type_="unique")
        table.drop_constraint(op.f("ck_drill_dues_duty"), type_="check")
        table.add_column(sa.Column("plan_id", sa.Uuid(), nullable=True))
    with op.batch_alter_table("drill_dues") as table:
        table.create_check_constraint(op.f("ck_drill_dues_duty"), DUTIES)
        table.create_unique_constraint(op.f("uq_drill_dues_plan_id"), ["plan_id"])
        table.create_foreign_key(op.f("fk_drill_dues_plan_id_emergency_plans"), "emergency_plans", ["plan_id"], ["id"])
    of_enterprise = sa.text("plan_id IS NULL")
    op.create_index(
        "uq_drill_dues_of_enterprise", "drill_dues", ["union_id", "duty"], unique=True,
        sqlite_where=of_enterprise, postgresql_where=of_enterprise,
    )  # fmt: skip
    op.create_index("ix_drill_dues_union", "drill_dues", ["union_id"])
    _add_rules()


def _add_register() -> None:
    op.create_table(
        "emergency_plans",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "comprehensive", "special", "on_site", "fire", name="kind", native_enum=False, create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("accident", sa.String(100), nullable=False),
        sa.Column("edition", sa.String(50), nullable=False),
        sa.Column("drawn_up_on", sa.Date(), nullable=False),
        sa.Column("filed_with", sa.String(100), nullable=False),
        *(
            sa.Column(name, sa.Date(), nullable=True)
            for name in ("filed_on", "revised_on", "next_review_on", "tried_on", "revise_since")
        ),
        sa.Column("review_due_at", _AT, nullable=True),
        sa.Column("noted_by_id", sa.Uuid(), nullable=False),
        sa.Column("noted_at", _AT, nullable=False),
        sa.Column("updated_at", _AT, nullable=False),
        sa.Column("ended_at", _AT, nullable=True),
        sa.Column("ended_reason", sa.String(200), nullable=False),
        *(sa.Column(f"{level}_id", sa.Uuid(), nullable=level != "city") for level in LEVELS),
        sa.CheckConstraint("enterprise_id IS NOT NULL", name=op.f("ck_emergency_plans_of_an_enterprise")),
        sa.CheckConstraint("(filed_with = '') = (filed_on IS NULL)", name=op.f("ck_emergency_plans_filing_is_whole")),
        sa.CheckConstraint(
            "(next_review_on IS NULL) = (review_due_at IS NULL)", name=op.f("ck_emergency_plans_review_due_is_whole")
        ),
        sa.CheckConstraint(
            "revised_on IS NULL OR revised_on >= drawn_up_on", name=op.f("ck_emergency_plans_revised_after_drawn_up")
        ),
        sa.CheckConstraint(
            "revise_since IS NULL OR revised_on IS NULL OR revised_on < revise_since",
            name=op.f("ck_emergency_plans_revised_is_settled"),
        ),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_reason = '')", name=op.f("ck_emergency_plans_ended_with_a_reason")
        ),
        sa.ForeignKeyConstraint(["noted_by_id"], ["people.id"], name=op.f("fk_emergency_plans_noted_by_id_people")),
        *(
            sa.ForeignKeyConstraint([f"{level}_id"], ["unions.id"], name=op.f(f"fk_emergency_plans_{level}_id_unions"))
            for level in LEVELS
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emergency_plans")),
    )  # fmt: skip
    stands, asked = sa.text("ended_at IS NULL"), sa.text("revise_since IS NOT NULL")
    op.create_index(
        "uq_emergency_plans_standing", "emergency_plans", ["enterprise_id", "kind", "name"], unique=True,
        sqlite_where=stands, postgresql_where=stands,
    )  # fmt: skip
    for level in LEVELS:
        op.create_index(f"ix_emergency_plans_{level}", "emergency_plans", [f"{level}_id", "id"])
        op.create_index(
            f"ix_emergency_plans_{level}_revise", "emergency_plans", [f"{level}_id", "id"],
            sqlite_where=asked, postgresql_where=asked,
        )  # fmt: skip


def _add_rules() -> None:
    rules = sa.table(
        "drill_rules", sa.column("id", sa.Uuid()), sa.column("concerns"), sa.column("duty"), sa.column("months"),
        sa.column("basis"), sa.column("is_verified", sa.Boolean()), sa.column("valid_from", sa.Date()),
        sa.column("changed_at", _AT),
    )  # fmt: skip
    op.bulk_insert(
        rules,
        [
            {
                "id": UUID(int=(0x0193_7000_0000 << 80) | (0x7 << 76) | (0b10 << 62) | number), "concerns": concerns,
                "duty": "special", "months": months, "basis": BASIS, "is_verified": True,
                "valid_from": date(2022, 3, 1), "changed_at": datetime(2026, 11, 30, tzinfo=UTC),
            }
            for number, (concerns, months) in enumerate(RULES, 101)
        ],
    )  # fmt: skip
