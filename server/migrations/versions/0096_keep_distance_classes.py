"""Of how far from the venue somebody checked in, the class alone is kept."""

from alembic import op

revision = "0096"
down_revision = "0095"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "UPDATE training_attendances SET distance = CASE WHEN distance - COALESCE(accuracy, 0) <= 300 THEN 300 "
        "WHEN distance - COALESCE(accuracy, 0) <= 3000 THEN 3000 ELSE 30000 END WHERE distance IS NOT NULL"
    )
    op.drop_column("training_attendances", "accuracy")
