"""What unions send down and get back: frozen forms, assignments, their recipients, answers.

The table of who sees to an item among colleagues gives up its name to assignments.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None

_AT = sa.DateTime(timezone=True)
_JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    _rename_assignees()
    _create_assignments()
    _create_recipients()
    _create_responses()


def _rename_assignees() -> None:
    op.create_table(
        "assignees",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.String(length=30), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("union_id", sa.Uuid(), nullable=False),
        sa.Column("assignee_id", sa.Uuid(), nullable=False),
        sa.Column("assigned_by_id", sa.Uuid(), nullable=False),
        sa.Column("assigned_at", _AT, nullable=False),
        sa.ForeignKeyConstraint(["union_id"], ["unions.id"], name=op.f("fk_assignees_union_id_unions")),
        sa.ForeignKeyConstraint(["assignee_id"], ["people.id"], name=op.f("fk_assignees_assignee_id_people")),
        sa.ForeignKeyConstraint(["assigned_by_id"], ["people.id"], name=op.f("fk_assignees_assigned_by_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignees")),
        sa.UniqueConstraint("subject", "subject_id", "union_id", name=op.f("uq_assignees_subject_subject_id_union_id")),
    )
    op.execute(
        "INSERT INTO assignees (id, subject, subject_id, union_id, assignee_id, assigned_by_id, assigned_at)"
        " SELECT id, subject, subject_id, union_id, assignee_id, assigned_by_id, assigned_at FROM assignments"
    )
    op.drop_table("assignments")
    op.create_index("ix_assignees_person", "assignees", ["assignee_id", "subject", "subject_id"])


def _create_assignments() -> None:
    op.create_table(
        "form_versions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("form_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("definition", _JSON, nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("frozen_by_id", sa.Uuid(), nullable=True),
        sa.Column("frozen_at", _AT, nullable=False),
        sa.CheckConstraint("length(content_hash) = 64", name=op.f("ck_form_versions_hash_length")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_form_versions_numbered_from_one")),
        sa.ForeignKeyConstraint(["form_id"], ["forms.id"], name=op.f("fk_form_versions_form_id_forms")),
        sa.ForeignKeyConstraint(["frozen_by_id"], ["people.id"], name=op.f("fk_form_versions_frozen_by_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_versions")),
        sa.UniqueConstraint("form_id", "content_hash", name=op.f("uq_form_versions_form_id_content_hash")),
        sa.UniqueConstraint("form_id", "number", name=op.f("uq_form_versions_form_id_number")),
    )
    op.create_table(
        "assignments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "sending",
                "sent",
                "withdrawn",
                "replaced",
                "closed",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sender_id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=True),
        sa.Column("root_id", sa.Uuid(), nullable=False),
        sa.Column("replaces_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("form_id", sa.Uuid(), nullable=True),
        sa.Column("form_version_id", sa.Uuid(), nullable=True),
        sa.Column("wants_receipt", sa.Boolean(), nullable=False),
        sa.Column("wants_reply", sa.Boolean(), nullable=False),
        sa.Column(
            "checker",
            sa.Enum("sender", "nobody", name="checker", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("may_pass_on", sa.Boolean(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("due_at", _AT, nullable=True),
        sa.Column("remind_days", sa.Integer(), nullable=False),
        sa.Column("rule", _JSON, nullable=False),
        sa.Column("details", _JSON, nullable=False),
        sa.Column("recipient_count", sa.Integer(), nullable=False),
        sa.Column("expected_count", sa.Integer(), nullable=True),
        sa.Column("drafted_by_id", sa.Uuid(), nullable=False),
        sa.Column("sent_by_id", sa.Uuid(), nullable=True),
        sa.Column("ended_by_id", sa.Uuid(), nullable=True),
        sa.Column("drafted_at", _AT, nullable=False),
        sa.Column("edited_at", _AT, nullable=False),
        sa.Column("sent_at", _AT, nullable=True),
        sa.Column("ended_at", _AT, nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("district_id", sa.Uuid(), nullable=True),
        sa.Column("town_id", sa.Uuid(), nullable=True),
        sa.Column("enterprise_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("(status = 'draft') = (sent_at IS NULL)", name=op.f("ck_assignments_sent_when_sent")),
        sa.CheckConstraint(
            "(status IN ('withdrawn', 'replaced', 'closed')) = (ended_at IS NOT NULL)",
            name=op.f("ck_assignments_end_is_whole"),
        ),
        sa.CheckConstraint("(due_on IS NULL) = (due_at IS NULL)", name=op.f("ck_assignments_due_is_whole")),
        sa.CheckConstraint("(sent_at IS NULL) = (number IS NULL)", name=op.f("ck_assignments_numbered_when_sent")),
        sa.CheckConstraint("(sent_at IS NULL) = (sent_by_id IS NULL)", name=op.f("ck_assignments_sender_when_sent")),
        sa.CheckConstraint("recipient_count >= 0", name=op.f("ck_assignments_recipient_count_not_negative")),
        sa.CheckConstraint("remind_days BETWEEN 0 AND 60", name=op.f("ck_assignments_remind_days_in_range")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_assignments_campaign_id_campaigns")),
        sa.ForeignKeyConstraint(["city_id"], ["unions.id"], name=op.f("fk_assignments_city_id_unions")),
        sa.ForeignKeyConstraint(["district_id"], ["unions.id"], name=op.f("fk_assignments_district_id_unions")),
        sa.ForeignKeyConstraint(["drafted_by_id"], ["people.id"], name=op.f("fk_assignments_drafted_by_id_people")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["people.id"], name=op.f("fk_assignments_ended_by_id_people")),
        sa.ForeignKeyConstraint(["enterprise_id"], ["unions.id"], name=op.f("fk_assignments_enterprise_id_unions")),
        sa.ForeignKeyConstraint(["form_id"], ["forms.id"], name=op.f("fk_assignments_form_id_forms")),
        sa.ForeignKeyConstraint(
            ["form_version_id"], ["form_versions.id"], name=op.f("fk_assignments_form_version_id_form_versions")
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["assignments.id"], name=op.f("fk_assignments_replaces_id_assignments")
        ),
        sa.ForeignKeyConstraint(["root_id"], ["assignments.id"], name=op.f("fk_assignments_root_id_assignments")),
        sa.ForeignKeyConstraint(["sender_id"], ["unions.id"], name=op.f("fk_assignments_sender_id_unions")),
        sa.ForeignKeyConstraint(["sent_by_id"], ["people.id"], name=op.f("fk_assignments_sent_by_id_people")),
        sa.ForeignKeyConstraint(["town_id"], ["unions.id"], name=op.f("fk_assignments_town_id_unions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignments")),
        sa.UniqueConstraint("number", name=op.f("uq_assignments_number")),
    )
    op.create_index("ix_assignments_city", "assignments", ["city_id", "id"])
    op.create_index("ix_assignments_district", "assignments", ["district_id", "id"])
    op.create_index("ix_assignments_enterprise", "assignments", ["enterprise_id", "id"])
    op.create_index("ix_assignments_replaces", "assignments", ["replaces_id"])
    op.create_index("ix_assignments_root", "assignments", ["root_id", "id"])
    op.create_index("ix_assignments_sender", "assignments", ["sender_id", "status", "id"])
    op.create_index("ix_assignments_town", "assignments", ["town_id", "id"])


def _create_recipients() -> None:
    op.create_table(
        "assignment_recipients",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("root_id", sa.Uuid(), nullable=False),
        sa.Column("union_id", sa.Uuid(), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "city",
                "district",
                "town",
                "enterprise",
                "team",
                name="level",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "sent",
                "received",
                "begun",
                "submitted",
                "returned",
                "accepted",
                "withdrawn",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("named_id", sa.Uuid(), nullable=True),
        sa.Column("due_at", _AT, nullable=True),
        sa.Column("industry", sa.String(length=40), nullable=True),
        sa.Column(
            "ownership",
            sa.Enum(
                "state",
                "collective",
                "private",
                "foreign",
                "mixed",
                name="ownership",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "size",
            sa.Enum(
                "large", "medium", "small", "micro", name="size", native_enum=False, create_constraint=True, length=32
            ),
            nullable=True,
        ),
        sa.Column("is_high_risk", sa.Boolean(), nullable=False),
        sa.Column("is_chemical", sa.Boolean(), nullable=False),
        sa.Column("sent_at", _AT, nullable=False),
        sa.Column("added_reason", sa.String(length=500), nullable=True),
        sa.Column("received_at", _AT, nullable=True),
        sa.Column("received_by_id", sa.Uuid(), nullable=True),
        sa.Column("begun_at", _AT, nullable=True),
        sa.Column("first_submitted_at", _AT, nullable=True),
        sa.Column("submitted_at", _AT, nullable=True),
        sa.Column("submitted_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", _AT, nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("return_count", sa.Integer(), nullable=False),
        sa.Column("withdrawn_reason", sa.String(length=500), nullable=True),
        sa.Column("passed_on_id", sa.Uuid(), nullable=True),
        sa.Column("urged_on", sa.Date(), nullable=True),
        sa.Column("reminded_on", sa.Date(), nullable=True),
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("district_id", sa.Uuid(), nullable=True),
        sa.Column("town_id", sa.Uuid(), nullable=True),
        sa.Column("enterprise_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(status = 'withdrawn') = (withdrawn_reason IS NOT NULL)",
            name=op.f("ck_assignment_recipients_reason_when_withdrawn"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('submitted', 'accepted', 'returned') OR submitted_at IS NOT NULL",
            name=op.f("ck_assignment_recipients_submitted_when_in"),
        ),
        sa.CheckConstraint(
            "(received_at IS NULL) = (received_by_id IS NULL)", name=op.f("ck_assignment_recipients_receipt_is_whole")
        ),
        sa.CheckConstraint(
            "(submitted_at IS NULL) = (submitted_by_id IS NULL)",
            name=op.f("ck_assignment_recipients_submission_is_whole"),
        ),
        sa.CheckConstraint("return_count >= 0", name=op.f("ck_assignment_recipients_return_count_not_negative")),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignments.id"], name=op.f("fk_assignment_recipients_assignment_id_assignments")
        ),
        sa.ForeignKeyConstraint(["city_id"], ["unions.id"], name=op.f("fk_assignment_recipients_city_id_unions")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["people.id"], name=op.f("fk_assignment_recipients_decided_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["unions.id"], name=op.f("fk_assignment_recipients_district_id_unions")
        ),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["unions.id"], name=op.f("fk_assignment_recipients_enterprise_id_unions")
        ),
        sa.ForeignKeyConstraint(["named_id"], ["people.id"], name=op.f("fk_assignment_recipients_named_id_people")),
        sa.ForeignKeyConstraint(
            ["passed_on_id"], ["assignments.id"], name=op.f("fk_assignment_recipients_passed_on_id_assignments")
        ),
        sa.ForeignKeyConstraint(
            ["received_by_id"], ["people.id"], name=op.f("fk_assignment_recipients_received_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["root_id"], ["assignments.id"], name=op.f("fk_assignment_recipients_root_id_assignments")
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by_id"], ["people.id"], name=op.f("fk_assignment_recipients_submitted_by_id_people")
        ),
        sa.ForeignKeyConstraint(["town_id"], ["unions.id"], name=op.f("fk_assignment_recipients_town_id_unions")),
        sa.ForeignKeyConstraint(["union_id"], ["unions.id"], name=op.f("fk_assignment_recipients_union_id_unions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment_recipients")),
        sa.UniqueConstraint("assignment_id", "union_id", name=op.f("uq_assignment_recipients_assignment_id_union_id")),
        sa.UniqueConstraint("passed_on_id", name=op.f("uq_assignment_recipients_passed_on_id")),
    )
    op.create_index("ix_assignment_recipients_city", "assignment_recipients", ["city_id", "root_id", "id"])
    op.create_index("ix_assignment_recipients_district", "assignment_recipients", ["district_id", "root_id", "id"])
    op.create_index("ix_assignment_recipients_due", "assignment_recipients", ["status", "due_at"])
    op.create_index("ix_assignment_recipients_enterprise", "assignment_recipients", ["enterprise_id", "root_id", "id"])
    op.create_index("ix_assignment_recipients_root", "assignment_recipients", ["root_id", "id"])
    op.create_index("ix_assignment_recipients_status", "assignment_recipients", ["assignment_id", "status", "id"])
    op.create_index("ix_assignment_recipients_town", "assignment_recipients", ["town_id", "root_id", "id"])
    op.create_index("ix_assignment_recipients_union", "assignment_recipients", ["union_id", "status", "due_at", "id"])


def _create_responses() -> None:
    op.create_table(
        "response_versions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("recipient_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("answers", _JSON, nullable=False),
        sa.Column("skipped", _JSON, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("submitted_by_id", sa.Uuid(), nullable=False),
        sa.Column("submitted_at", _AT, nullable=False),
        sa.Column(
            "outcome",
            sa.Enum("accepted", "returned", name="outcome", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("remarks", _JSON, nullable=False),
        sa.Column("remark", sa.String(length=500), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", _AT, nullable=True),
        sa.CheckConstraint(
            "(outcome IS NULL) = (decided_at IS NULL)", name=op.f("ck_response_versions_outcome_is_whole")
        ),
        sa.CheckConstraint("length(content_hash) = 64", name=op.f("ck_response_versions_hash_length")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_response_versions_numbered_from_one")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["people.id"], name=op.f("fk_response_versions_decided_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["recipient_id"],
            ["assignment_recipients.id"],
            name=op.f("fk_response_versions_recipient_id_assignment_recipients"),
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by_id"], ["people.id"], name=op.f("fk_response_versions_submitted_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response_versions")),
        sa.UniqueConstraint("recipient_id", "number", name=op.f("uq_response_versions_recipient_id_number")),
    )
    op.create_index("ix_response_versions_submitted_by", "response_versions", ["submitted_by_id"])
    op.create_table(
        "responses",
        sa.Column("recipient_id", sa.Uuid(), nullable=False),
        sa.Column("answers", _JSON, nullable=False),
        sa.Column("skipped", _JSON, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("edited_by_id", sa.Uuid(), nullable=True),
        sa.Column("edited_at", _AT, nullable=False),
        sa.ForeignKeyConstraint(["edited_by_id"], ["people.id"], name=op.f("fk_responses_edited_by_id_people")),
        sa.ForeignKeyConstraint(
            ["recipient_id"], ["assignment_recipients.id"], name=op.f("fk_responses_recipient_id_assignment_recipients")
        ),
        sa.PrimaryKeyConstraint("recipient_id", name=op.f("pk_responses")),
    )
