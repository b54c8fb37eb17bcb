"""How many steps a suggestion's plan has stands with the suggestion: lists and their counts asked every plan. Adopted ones
of one campaign, and of days long ago, are read off indexes; words of letters are looked for in a narrow one."""

import sqlalchemy as sa
from alembic import op

revision = "0097"
down_revision = "0096"
branch_labels = None
depends_on = None

ADOPTED = sa.text("kind = 'suggestion' AND status = 'accepted'")
STAGES = {
    "unplanned": sa.text("steps = 0 AND confirmed_at IS NULL"),
    "running": sa.text("open_steps > 0 AND confirmed_at IS NULL"),
    "done": sa.text("open_steps = 0 AND steps > 0 AND confirmed_at IS NULL"),
}


def upgrade() -> None:
    with op.batch_alter_table("suggestions") as table:
        for name in ("steps", "open_steps"):
            table.add_column(sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    rows = sa.table("suggestions", sa.column("submission_id"), sa.column("steps"), sa.column("open_steps"))
    plan = sa.table("suggestion_plan_steps", sa.column("submission_id"), sa.column("done_on"))
    of_it = sa.select(sa.func.count()).where(plan.c.submission_id == rows.c.submission_id)
    is_open = of_it.where(plan.c.done_on.is_(None))
    op.execute(rows.update().values(steps=of_it.scalar_subquery(), open_steps=is_open.scalar_subquery()))
    with op.batch_alter_table("suggestions") as table:
        for name in ("steps", "open_steps"):
            table.alter_column(name, server_default=None)
        table.create_check_constraint(op.f("ck_suggestions_open_steps_within_plan"), "open_steps BETWEEN 0 AND steps")
    for stage, where in STAGES.items():
        op.create_index(
            f"ix_suggestions_{stage}", "suggestions", ["submission_id"], sqlite_where=where, postgresql_where=where
        )
    op.create_index("ix_letters_words", "letters", ["subject", "addressee_name", "id"])
    for level in ("city", "district"):
        for name, column in (("campaign", "campaign_id"), ("decided", "decided_at")):
            op.create_index(
                f"ix_submissions_{level}_{name}_adopted", "submissions", [f"{level}_id", column, "id"],
                sqlite_where=ADOPTED, postgresql_where=ADOPTED,
            )  # fmt: skip
