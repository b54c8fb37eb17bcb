"""Add the question bank."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "quiz_questions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "single", "multiple", "true_false", name="kind", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("topic", sa.String(length=30), nullable=False),
        sa.Column("difficulty", sa.Integer(), nullable=False),
        sa.Column("statute", sa.String(length=80), nullable=False),
        sa.Column("stem", sa.String(length=500), nullable=False),
        sa.Column("newest", sa.Integer(), nullable=False),
        sa.Column("approved", sa.Integer(), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "approved IS NULL OR approved BETWEEN 1 AND newest", name=op.f("ck_quiz_questions_approved_exists")
        ),
        sa.CheckConstraint("difficulty BETWEEN 1 AND 3", name=op.f("ck_quiz_questions_difficulty_is_known")),
        sa.CheckConstraint("newest >= 1", name=op.f("ck_quiz_questions_versions_begin_at_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_questions")),
        sa.UniqueConstraint("code", name=op.f("uq_quiz_questions_code")),
    )
    op.create_index("ix_quiz_questions_topic", "quiz_questions", ["topic", "difficulty", "id"], unique=False)
    op.create_table(
        "quiz_question_versions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "single", "multiple", "true_false", name="kind", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("stem", sa.String(length=500), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("answer", sa.String(length=8), nullable=False),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.Column("topic", sa.String(length=30), nullable=False),
        sa.Column("difficulty", sa.Integer(), nullable=False),
        sa.Column("statute", sa.String(length=80), nullable=False),
        sa.Column("article", sa.String(length=20), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by_id", sa.Uuid(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("difficulty BETWEEN 1 AND 3", name=op.f("ck_quiz_question_versions_difficulty_is_known")),
        sa.CheckConstraint("length(answer) >= 1", name=op.f("ck_quiz_question_versions_has_an_answer")),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["people.id"], name=op.f("fk_quiz_question_versions_approved_by_id_people")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name=op.f("fk_quiz_question_versions_author_id_people")),
        sa.ForeignKeyConstraint(
            ["question_id"], ["quiz_questions.id"], name=op.f("fk_quiz_question_versions_question_id_quiz_questions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_question_versions")),
        sa.UniqueConstraint("question_id", "number", name=op.f("uq_quiz_question_versions_question_id_number")),
    )
    op.create_table(
        "quiz_question_imports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("committed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_quiz_question_imports_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_question_imports")),
    )
    op.create_index(op.f("ix_quiz_question_imports_created_at"), "quiz_question_imports", ["created_at"], unique=False)
    op.create_index(op.f("ix_quiz_question_imports_person_id"), "quiz_question_imports", ["person_id"], unique=False)
