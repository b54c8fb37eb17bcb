"""The question of the day: what somebody answered last, and on how many days in a row."""

import sqlalchemy as sa
from alembic import op

revision = "0116"
down_revision = "0115"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "quiz_daily_learners",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("version_id", sa.Uuid(), nullable=True),
        sa.Column("chosen", sa.String(8), nullable=True),
        sa.Column("keeps_streak", sa.Boolean(), nullable=False),
        sa.Column("days_in_a_row", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_quiz_daily_learners")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_quiz_daily_learners_person_id_people")),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["quiz_question_versions.id"],
            name=op.f("fk_quiz_daily_learners_version_id_quiz_question_versions"),
        ),
        sa.CheckConstraint(
            "(answered_on IS NULL) = (version_id IS NULL) AND (answered_on IS NULL) = (chosen IS NULL)",
            name=op.f("ck_quiz_daily_learners_answer_when_answered"),
        ),
        sa.CheckConstraint("keeps_streak OR days_in_a_row = 0", name=op.f("ck_quiz_daily_learners_no_streak_when_off")),
    )
