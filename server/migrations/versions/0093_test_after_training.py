"""Tests on the phone after a training."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0093"
down_revision = "0092"
branch_labels = None
depends_on = None

_AT = sa.DateTime(timezone=True)
_JSON = sa.JSON(none_as_null=True).with_variant(
    postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql"
)
_RUNNING = sa.text("status = 'running'")


def upgrade() -> None:
    op.create_table(
        "training_exams",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("quotas", _JSON, nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("pass_mark", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("open_hours", sa.Integer(), nullable=False),
        sa.Column("is_required", sa.Boolean(), nullable=False),
        sa.Column("set_up_by_id", sa.Uuid(), nullable=False),
        sa.Column("set_up_at", _AT, nullable=False),
        sa.CheckConstraint("seconds BETWEEN 60 AND 7200", name=op.f("ck_training_exams_time_in_range")),
        sa.CheckConstraint("pass_mark BETWEEN 1 AND 100", name=op.f("ck_training_exams_pass_mark_in_range")),
        sa.CheckConstraint("tries BETWEEN 1 AND 9", name=op.f("ck_training_exams_tries_in_range")),
        sa.CheckConstraint("open_hours BETWEEN 1 AND 720", name=op.f("ck_training_exams_open_hours_in_range")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["training_sessions.id"], name=op.f("fk_training_exams_session_id_training_sessions")
        ),
        sa.ForeignKeyConstraint(["set_up_by_id"], ["people.id"], name=op.f("fk_training_exams_set_up_by_id_people")),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_training_exams")),
    )
    op.create_table(
        "training_exam_attempts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("attendance_id", sa.Uuid(), nullable=False),
        sa.Column("try_number", sa.Integer(), nullable=False),
        sa.Column("pass_mark", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum("running", "graded", name="status", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("started_at", _AT, nullable=False),
        sa.Column("deadline_at", _AT, nullable=False),
        sa.Column("option_counts", sa.String(length=50), nullable=False),
        sa.Column("is_multiple", sa.String(length=50), nullable=False),
        sa.Column("answers", _JSON, nullable=False),
        sa.Column("questions", _JSON, nullable=False),
        sa.Column("graded_at", _AT, nullable=True),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("right", sa.Integer(), nullable=True),
        sa.Column("has_passed", sa.Boolean(), nullable=True),
        sa.CheckConstraint(
            "(status = 'graded') = (graded_at IS NOT NULL)", name=op.f("ck_training_exam_attempts_graded_when_graded")
        ),
        sa.CheckConstraint(
            "(status = 'graded') = (score IS NOT NULL)", name=op.f("ck_training_exam_attempts_score_when_graded")
        ),
        sa.CheckConstraint("score BETWEEN 0 AND 100", name=op.f("ck_training_exam_attempts_score_in_range")),
        sa.CheckConstraint("try_number >= 1", name=op.f("ck_training_exam_attempts_tries_begin_at_one")),
        sa.ForeignKeyConstraint(
            ["attendance_id"],
            ["training_attendances.id"],
            name=op.f("fk_training_exam_attempts_attendance_id_training_attendances"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_training_exam_attempts_person_id_people")),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["training_exams.session_id"],
            name=op.f("fk_training_exam_attempts_session_id_training_exams"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_exam_attempts")),
        sa.UniqueConstraint(
            "attendance_id", "try_number", name=op.f("uq_training_exam_attempts_attendance_id_try_number")
        ),
    )
    op.create_index(
        "uq_training_exam_attempts_running",
        "training_exam_attempts",
        ["attendance_id"],
        unique=True,
        sqlite_where=_RUNNING,
        postgresql_where=_RUNNING,
    )
    op.create_index(
        "ix_training_exam_attempts_deadline",
        "training_exam_attempts",
        ["deadline_at"],
        sqlite_where=_RUNNING,
        postgresql_where=_RUNNING,
    )
    op.create_index("ix_training_exam_attempts_session", "training_exam_attempts", ["session_id", "attendance_id"])
    op.create_index("ix_training_exam_attempts_person", "training_exam_attempts", ["person_id"])
