"""Who signs for an assignment signs by a post and somewhere; some get it as a copy, and nothing is asked of them."""

import sqlalchemy as sa
from alembic import op

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None

_ROLE = sa.Enum(
    "worker",
    "enterprise_reviewer",
    "town_reviewer",
    "district_reviewer",
    "city_reviewer",
    "admin",
    name="received_role",
    native_enum=False,
    create_constraint=True,
    length=32,
)
_CHANNEL = sa.Enum("console", "phone", name="received_via", native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    with op.batch_alter_table("assignment_recipients") as table:
        table.add_column(sa.Column("is_copy", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("received_role", _ROLE, nullable=True))
        table.add_column(sa.Column("received_via", _CHANNEL, nullable=True))
        table.drop_constraint(op.f("ck_assignment_recipients_receipt_is_whole"), type_="check")
    with op.batch_alter_table("assignment_recipients") as table:
        table.alter_column("is_copy", server_default=None)
        table.create_check_constraint(
            op.f("ck_assignment_recipients_receipt_is_whole"),
            "(received_at IS NULL) = (received_by_id IS NULL) AND (received_at IS NULL) = (received_role IS NULL)"
            " AND (received_at IS NULL) = (received_via IS NULL)",
        )
        table.create_check_constraint(
            op.f("ck_assignment_recipients_nothing_asked_of_copies"),
            "NOT is_copy OR (due_at IS NULL AND submitted_at IS NULL)",
        )
