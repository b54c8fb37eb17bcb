"""The public value of a draw of enterprises takes two people; a run of assessment whose result is known is called off
by two. What was drawn by one person before keeps nobody as the first of them."""

import sqlalchemy as sa
from alembic import op

revision = "0127"
down_revision = "0126"
branch_labels = None
depends_on = None

_AT = sa.DateTime(timezone=True)
_DRAW = "supervision_draws"
_STATUSES = "'preparing', 'frozen', 'valued', 'drawn', 'published', 'cancelled'"
_CHANGED = {
    "status": f"status IN ({_STATUSES})",
    "frozen_first": "status NOT IN ('frozen', 'valued', 'drawn', 'published') OR frozen_at IS NOT NULL",
    "drawn_as_a_whole": "(drawn_at IS NULL) = (drawn_by_id IS NULL) AND (drawn_at IS NULL OR value IS NOT NULL)",
}
_NEW = {
    "entered_by_somebody": "(entered_by_id IS NULL OR value IS NOT NULL)"
    " AND (status <> 'valued' OR entered_by_id IS NOT NULL)",
    "two_people": "drawn_by_id IS NULL OR entered_by_id IS NULL OR drawn_by_id <> entered_by_id",
}


def upgrade() -> None:
    with op.batch_alter_table(_DRAW) as table:
        table.add_column(sa.Column("entered_by_id", sa.Uuid(), nullable=True))
        table.create_foreign_key(op.f(f"fk_{_DRAW}_entered_by_id_people"), "people", ["entered_by_id"], ["id"])
        for name in _CHANGED:
            table.drop_constraint(op.f(f"ck_{_DRAW}_{name}"), type_="check")
        for name, rule in {**_CHANGED, **_NEW}.items():
            table.create_check_constraint(op.f(f"ck_{_DRAW}_{name}"), rule)
    with op.batch_alter_table("assessments") as table:
        table.add_column(sa.Column("cancel_asked_reason", sa.Text(), nullable=True))
        table.add_column(sa.Column("cancel_asked_at", _AT, nullable=True))
        table.add_column(sa.Column("cancel_asked_by_id", sa.Uuid(), nullable=True))
        table.create_foreign_key(
            op.f("fk_assessments_cancel_asked_by_id_people"), "people", ["cancel_asked_by_id"], ["id"]
        )
        table.create_check_constraint(
            op.f("ck_assessments_cancel_asked_as_a_whole"),
            "(cancel_asked_by_id IS NULL) = (cancel_asked_at IS NULL)"
            " AND (cancel_asked_by_id IS NULL) = (cancel_asked_reason IS NULL)",
        )
