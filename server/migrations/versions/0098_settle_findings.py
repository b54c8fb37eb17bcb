"""Findings of visits: what is settled of them, handing them over, drafts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0098"
down_revision = "0097"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
_AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("visit_findings") as table:
        table.add_column(sa.Column("measures", sa.String(500), nullable=False, server_default=""))
        table.add_column(sa.Column("funds", sa.String(200), nullable=False, server_default=""))
        table.add_column(sa.Column("emergency_plan", sa.String(500), nullable=False, server_default=""))
        table.add_column(sa.Column("settled_by_id", sa.Uuid(), nullable=True))
        table.add_column(sa.Column("settled_at", _AT, nullable=True))
        table.create_foreign_key(op.f("fk_visit_findings_settled_by_id_people"), "people", ["settled_by_id"], ["id"])
        table.create_check_constraint(
            op.f("ck_visit_findings_settled_by_somebody"), "(settled_at IS NULL) = (settled_by_id IS NULL)"
        )
    with op.batch_alter_table("visit_findings") as table:
        for name in ("measures", "funds", "emergency_plan"):
            table.alter_column(name, server_default=None)
    op.create_table(
        "visit_handovers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("finding_id", sa.Uuid(), nullable=False),
        sa.Column(
            "cause",
            sa.Enum("major", "refused", name="cause", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("department", sa.String(100), nullable=False),
        sa.Column("words", sa.String(500), nullable=False),
        sa.Column("number", sa.String(60), nullable=False),
        sa.Column("handed_by_id", sa.Uuid(), nullable=False),
        sa.Column("handed_at", _AT, nullable=False),
        sa.Column("answer", sa.String(500), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(answer IS NULL) = (answered_on IS NULL) AND (answer IS NULL) = (answered_by_id IS NULL)",
            name=op.f("ck_visit_handovers_answer_is_whole"),
        ),
        sa.ForeignKeyConstraint(
            ["finding_id"], ["visit_findings.id"], name=op.f("fk_visit_handovers_finding_id_visit_findings")
        ),
        sa.ForeignKeyConstraint(["handed_by_id"], ["people.id"], name=op.f("fk_visit_handovers_handed_by_id_people")),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["people.id"], name=op.f("fk_visit_handovers_answered_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_handovers")),
        sa.UniqueConstraint("finding_id", name=op.f("uq_visit_handovers_finding_id")),
    )
    op.create_table(
        "visit_drafts",
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", JSON, nullable=False),
        sa.Column("edited_by_id", sa.Uuid(), nullable=False),
        sa.Column("edited_at", _AT, nullable=False),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["visits.id"], name=op.f("fk_visit_drafts_visit_id_visits"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["edited_by_id"], ["people.id"], name=op.f("fk_visit_drafts_edited_by_id_people")),
        sa.PrimaryKeyConstraint("visit_id", name=op.f("pk_visit_drafts")),
    )
    op.create_index("ix_supervision_teams_lead", "supervision_teams", ["lead_union_id", "plan_id"])
    _keep_changes()


def _keep_changes() -> None:
    op.create_table(
        "supervision_changes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(50), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("changed_by_id", sa.Uuid(), nullable=True),
        sa.Column("at", _AT, nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["supervision_plans.id"], name=op.f("fk_supervision_changes_plan_id_supervision_plans")
        ),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["people.id"], name=op.f("fk_supervision_changes_changed_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_changes")),
    )
    op.create_index("ix_supervision_changes_plan", "supervision_changes", ["plan_id", "id"])
