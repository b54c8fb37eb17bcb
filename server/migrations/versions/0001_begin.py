"""The first schema."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SQLITE_AUDIT = (
    """CREATE TRIGGER audit_seals_update BEFORE UPDATE ON audit_seals BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END""",
    """CREATE TRIGGER audit_seals_delete BEFORE DELETE ON audit_seals BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END""",
    """CREATE TRIGGER audit_seals_replace BEFORE INSERT ON audit_seals WHEN EXISTS (SELECT 1 FROM audit_seals WHERE number = NEW.number) BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END""",
    """CREATE TRIGGER audit_entries_update BEFORE UPDATE ON audit_entries WHEN NOT (OLD.seal_number IS NULL AND NEW.seal_number IS NOT NULL AND NEW.id IS OLD.id AND NEW.at IS OLD.at AND NEW.action IS OLD.action AND NEW.actor_id IS OLD.actor_id AND NEW.subject_type IS OLD.subject_type AND NEW.subject_id IS OLD.subject_id AND NEW.detail IS OLD.detail AND NEW.request_id IS OLD.request_id AND NEW.address IS OLD.address) BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END""",
    """CREATE TRIGGER audit_entries_delete BEFORE DELETE ON audit_entries BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END""",
    """CREATE TRIGGER audit_entries_insert BEFORE INSERT ON audit_entries WHEN NEW.seal_number IS NOT NULL OR EXISTS (SELECT 1 FROM audit_entries WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END""",
)

POSTGRESQL_AUDIT = (
    """    CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'the audit log is append-only';
    END $$
    """,
    """    CREATE TRIGGER audit_seals_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_seals
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()
    """,
    """    CREATE TRIGGER audit_entries_remove BEFORE DELETE OR TRUNCATE ON audit_entries
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()
    """,
    """    CREATE TRIGGER audit_entries_update BEFORE UPDATE ON audit_entries FOR EACH ROW
    WHEN (OLD.seal_number IS NOT NULL OR NEW.seal_number IS NULL
          OR to_jsonb(NEW) - 'seal_number' IS DISTINCT FROM to_jsonb(OLD) - 'seal_number')
    EXECUTE FUNCTION audit_refuse()
    """,
    """    CREATE TRIGGER audit_entries_insert BEFORE INSERT ON audit_entries FOR EACH ROW
    WHEN (NEW.seal_number IS NOT NULL) EXECUTE FUNCTION audit_refuse()
    """,
)

SQLITE_SEARCH = (
    """CREATE VIRTUAL TABLE submission_search USING fts5(
        tokens, content='submission_texts', content_rowid='id', tokenize='ascii', columnsize=0
    )""",
    """CREATE TRIGGER submission_texts_inserted AFTER INSERT ON submission_texts BEGIN
        INSERT INTO submission_search(rowid, tokens) VALUES (new.id, new.tokens);
    END""",
    """CREATE TRIGGER submission_texts_deleted AFTER DELETE ON submission_texts BEGIN
        INSERT INTO submission_search(submission_search, rowid, tokens) VALUES ('delete', old.id, old.tokens);
    END""",
    """CREATE TRIGGER submission_texts_updated AFTER UPDATE ON submission_texts BEGIN
        INSERT INTO submission_search(submission_search, rowid, tokens) VALUES ('delete', old.id, old.tokens);
        INSERT INTO submission_search(rowid, tokens) VALUES (new.id, new.tokens);
    END""",
)

POSTGRESQL_SEARCH = ("CREATE INDEX ix_submission_texts_tokens ON submission_texts USING gin (tokens)",)


def upgrade() -> None:
    _create_audit_seals()
    _create_guesses()
    _create_jobs()
    _create_periodic_runs()
    _create_unions()
    _create_audit_entries()
    _create_campaigns()
    _create_people()
    _create_reply_templates()
    _create_accounts()
    _create_auth_sessions()
    _create_import_drafts()
    _create_inbox_messages()
    _create_role_assignments()
    _create_submissions()
    _create_wechat_identities()
    _create_answers()
    _create_hazards()
    _create_photos()
    _create_submission_steps()
    _create_submission_texts()
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in SQLITE_AUDIT + SQLITE_SEARCH if sqlite else POSTGRESQL_AUDIT + POSTGRESQL_SEARCH:
        op.get_bind().exec_driver_sql(statement)


def _create_audit_seals() -> None:
    op.create_table(
        "audit_seals",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("digests", sa.LargeBinary(), nullable=False),
        sa.Column("through", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_seals")),
    )


def _create_guesses() -> None:
    op.create_table(
        "guesses",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("origin", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guesses")),
    )
    op.create_index("ix_guesses_at", "guesses", ["at"], unique=False)
    op.create_index("ix_guesses_origin_at", "guesses", ["origin", "at"], unique=False)
    op.create_index("ix_guesses_subject_at", "guesses", ["subject", "at"], unique=False)


def _create_jobs() -> None:
    op.create_table(
        "jobs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column(
            "args",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=Text()), "postgresql"
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum("ready", "running", "dead", name="state", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("run_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_id", sa.Uuid(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(state = 'running') = (lease_until IS NOT NULL)", name=op.f("ck_jobs_lease_while_running")),
        sa.CheckConstraint("state <> 'dead' OR error IS NOT NULL", name=op.f("ck_jobs_dead_with_reason")),
        sa.CheckConstraint("(lease_id IS NULL) = (lease_until IS NULL)", name=op.f("ck_jobs_lease_is_whole")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
    )
    op.create_index("ix_jobs_due", "jobs", ["state", "run_at", "id"], unique=False)
    op.create_index(
        "ix_jobs_lease",
        "jobs",
        ["lease_until"],
        unique=False,
        sqlite_where=sa.text("state = 'running'"),
        postgresql_where=sa.text("state = 'running'"),
    )


def _create_periodic_runs() -> None:
    op.create_table(
        "periodic_runs",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_id", sa.Uuid(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.CheckConstraint("(lease_id IS NULL) = (lease_until IS NULL)", name=op.f("ck_periodic_runs_lease_is_whole")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_periodic_runs")),
    )


def _create_unions() -> None:
    op.create_table(
        "unions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
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
            "standing",
            sa.Enum(
                "district",
                "direct",
                "central",
                "provincial",
                name="standing",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("short_name", sa.String(length=50), nullable=False),
        sa.Column("adcode", sa.String(length=12), nullable=True),
        sa.Column("code", sa.String(length=40), nullable=True),
        sa.Column("city_id", sa.Uuid(), nullable=True),
        sa.Column("district_id", sa.Uuid(), nullable=True),
        sa.Column("town_id", sa.Uuid(), nullable=True),
        sa.Column("enterprise_id", sa.Uuid(), nullable=True),
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
        sa.Column("headcount", sa.Integer(), nullable=True),
        sa.Column("safety_officer_name", sa.String(length=50), nullable=True),
        sa.Column("safety_officer_phone", sa.String(length=20), nullable=True),
        sa.Column("address", sa.String(length=200), nullable=True),
        sa.Column("invite_code", sa.String(length=16), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(level = 'city') = (parent_id IS NULL)", name=op.f("ck_unions_only_the_city_is_the_root")),
        sa.CheckConstraint("standing IS NULL OR level = 'district'", name=op.f("ck_unions_standing_at_district_level")),
        sa.CheckConstraint("headcount IS NULL OR headcount >= 0", name=op.f("ck_unions_headcount_not_negative")),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_unions_name_not_empty")),
        sa.ForeignKeyConstraint(["parent_id"], ["unions.id"], name=op.f("fk_unions_parent_id_unions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unions")),
        sa.UniqueConstraint("code", name=op.f("uq_unions_code")),
        sa.UniqueConstraint("invite_code", name=op.f("uq_unions_invite_code")),
    )
    op.create_index(op.f("ix_unions_city_id"), "unions", ["city_id"], unique=False)
    op.create_index(op.f("ix_unions_district_id"), "unions", ["district_id"], unique=False)
    op.create_index(op.f("ix_unions_enterprise_id"), "unions", ["enterprise_id"], unique=False)
    op.create_index(
        "ix_unions_enterprise_names",
        "unions",
        ["name", "id", "is_active"],
        unique=False,
        sqlite_where=sa.text("level = 'enterprise'"),
        postgresql_where=sa.text("level = 'enterprise'"),
    )
    op.create_index(op.f("ix_unions_parent_id"), "unions", ["parent_id"], unique=False)
    op.create_index(op.f("ix_unions_town_id"), "unions", ["town_id"], unique=False)
    op.create_index("uq_unions_name_under_parent", "unions", ["parent_id", "name"], unique=True)


def _create_audit_entries() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("subject_type", sa.String(length=30), nullable=False),
        sa.Column("subject_id", sa.String(length=64), nullable=False),
        sa.Column(
            "detail",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=Text()), "postgresql"
            ),
            nullable=False,
        ),
        sa.Column("request_id", sa.String(length=36), nullable=False),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("seal_number", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["seal_number"], ["audit_seals.number"], name=op.f("fk_audit_entries_seal_number_audit_seals")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
    )
    op.create_index("ix_audit_entries_action_id", "audit_entries", ["action", "id"], unique=False)
    op.create_index("ix_audit_entries_actor_id_id", "audit_entries", ["actor_id", "id"], unique=False)
    op.create_index("ix_audit_entries_seal_number_id", "audit_entries", ["seal_number", "id"], unique=False)
    op.create_index("ix_audit_entries_subject", "audit_entries", ["subject_type", "subject_id", "id"], unique=False)


def _create_campaigns() -> None:
    op.create_table(
        "campaigns",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("union_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column(
            "activities",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=Text()), "postgresql"
            ),
            nullable=False,
        ),
        sa.Column(
            "grades",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=Text()), "postgresql"
            ),
            nullable=False,
        ),
        sa.Column(
            "categories",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=Text()), "postgresql"
            ),
            nullable=False,
        ),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_campaigns_period_runs_forward")),
        sa.ForeignKeyConstraint(["union_id"], ["unions.id"], name=op.f("fk_campaigns_union_id_unions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaigns")),
    )
    op.create_index(
        "uq_campaigns_current",
        "campaigns",
        ["union_id"],
        unique=True,
        sqlite_where=sa.text("is_current"),
        postgresql_where=sa.text("is_current"),
    )


def _create_people() -> None:
    op.create_table(
        "people",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=50), nullable=True),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("enterprise_id", sa.Uuid(), nullable=True),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("name IS NULL OR length(name) > 0", name=op.f("ck_people_name_not_empty")),
        sa.ForeignKeyConstraint(["enterprise_id"], ["unions.id"], name=op.f("fk_people_enterprise_id_unions")),
        sa.ForeignKeyConstraint(["team_id"], ["unions.id"], name=op.f("fk_people_team_id_unions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
    )
    op.create_index(op.f("ix_people_enterprise_id"), "people", ["enterprise_id"], unique=False)
    op.create_index(op.f("ix_people_phone"), "people", ["phone"], unique=False)


def _create_reply_templates() -> None:
    op.create_table(
        "reply_templates",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("union_id", sa.Uuid(), nullable=False),
        sa.Column(
            "move",
            sa.Enum(
                "create",
                "submit",
                "claim",
                "release",
                "return",
                "answer",
                "accept",
                "decline",
                "mark_duplicate",
                "pass_up",
                "pass_down",
                "reopen",
                "withdraw",
                "note",
                name="move",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("category", sa.String(length=30), nullable=True),
        sa.Column("title", sa.String(length=50), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["union_id"], ["unions.id"], name=op.f("fk_reply_templates_union_id_unions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply_templates")),
    )
    op.create_index(op.f("ix_reply_templates_union_id"), "reply_templates", ["union_id"], unique=False)


def _create_accounts() -> None:
    op.create_table(
        "accounts",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("username", sa.String(length=40), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("totp_secret", sa.String(length=64), nullable=True),
        sa.Column("totp_last_step", sa.Integer(), nullable=False),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_accounts_person_id_people")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("username", name=op.f("uq_accounts_username")),
    )


def _create_auth_sessions() -> None:
    op.create_table(
        "auth_sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "door",
            sa.Enum("api", "console", name="door", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_agent", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_auth_sessions_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_auth_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_auth_sessions_token_hash")),
    )
    op.create_index(op.f("ix_auth_sessions_person_id"), "auth_sessions", ["person_id"], unique=False)


def _create_import_drafts() -> None:
    op.create_table(
        "import_drafts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("unions", "people", name="kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "rows",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=Text()), "postgresql"
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("committed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_import_drafts_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_drafts")),
    )
    op.create_index(op.f("ix_import_drafts_created_at"), "import_drafts", ["created_at"], unique=False)
    op.create_index(op.f("ix_import_drafts_person_id"), "import_drafts", ["person_id"], unique=False)


def _create_inbox_messages() -> None:
    op.create_table(
        "inbox_messages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_inbox_messages_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox_messages")),
        sa.UniqueConstraint("key", name=op.f("uq_inbox_messages_key")),
    )
    op.create_index("ix_inbox_messages_person_id_id", "inbox_messages", ["person_id", "id"], unique=False)
    op.create_index(
        "ix_inbox_messages_unread",
        "inbox_messages",
        ["person_id"],
        unique=False,
        sqlite_where=sa.text("read_at IS NULL"),
        postgresql_where=sa.text("read_at IS NULL"),
    )


def _create_role_assignments() -> None:
    op.create_table(
        "role_assignments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "worker",
                "enterprise_reviewer",
                "town_reviewer",
                "district_reviewer",
                "city_reviewer",
                "admin",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("union_id", sa.Uuid(), nullable=False),
        sa.Column("granted_by_id", sa.Uuid(), nullable=True),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("role <> 'worker'", name=op.f("ck_role_assignments_worker_is_not_granted")),
        sa.ForeignKeyConstraint(
            ["granted_by_id"], ["people.id"], name=op.f("fk_role_assignments_granted_by_id_people")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_role_assignments_person_id_people")),
        sa.ForeignKeyConstraint(["union_id"], ["unions.id"], name=op.f("fk_role_assignments_union_id_unions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_assignments")),
        sa.UniqueConstraint("person_id", "role", "union_id", name=op.f("uq_role_assignments_person_id_role_union_id")),
    )
    op.create_index(op.f("ix_role_assignments_union_id"), "role_assignments", ["union_id"], unique=False)


def _create_submissions() -> None:
    op.create_table(
        "submissions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind", sa.Enum("hazard", name="kind", native_enum=False, create_constraint=True, length=32), nullable=False
        ),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("reporter_id", sa.Uuid(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "incomplete",
                "queued",
                "returned",
                "accepted",
                "declined",
                "duplicate",
                "withdrawn",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(length=30), nullable=False),
        sa.Column("excerpt", sa.String(length=120), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("grade", sa.Integer(), nullable=True),
        sa.Column("photos_expected", sa.Integer(), nullable=False),
        sa.Column("photos_received", sa.Integer(), nullable=False),
        sa.Column("cover_photo_id", sa.Uuid(), nullable=True),
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("district_id", sa.Uuid(), nullable=True),
        sa.Column("town_id", sa.Uuid(), nullable=True),
        sa.Column("enterprise_id", sa.Uuid(), nullable=True),
        sa.Column("routed_union_id", sa.Uuid(), nullable=False),
        sa.Column("claimed_by_id", sa.Uuid(), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("duplicate_of_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rest_days", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(status = 'accepted') = (grade IS NOT NULL)", name=op.f("ck_submissions_graded_when_accepted")
        ),
        sa.CheckConstraint(
            "(status = 'duplicate') = (duplicate_of_id IS NOT NULL)", name=op.f("ck_submissions_duplicate_has_target")
        ),
        sa.CheckConstraint(
            "(status = 'returned') = (rest_days IS NOT NULL)",
            name=op.f("ck_submissions_deadline_stands_still_when_returned"),
        ),
        sa.CheckConstraint(
            "(status IN ('accepted', 'declined', 'duplicate')) = (decided_at IS NOT NULL)",
            name=op.f("ck_submissions_decided_when_decided"),
        ),
        sa.CheckConstraint(
            "claimed_by_id IS NULL OR status = 'queued'", name=op.f("ck_submissions_claimed_only_in_queue")
        ),
        sa.CheckConstraint(
            "status IN ('incomplete', 'withdrawn') OR (arrived_at IS NOT NULL AND due_at IS NOT NULL)",
            name=op.f("ck_submissions_deadline_when_arrived"),
        ),
        sa.CheckConstraint(
            "(claimed_by_id IS NULL) = (claimed_until IS NULL)", name=op.f("ck_submissions_claim_is_whole")
        ),
        sa.CheckConstraint(
            "duplicate_of_id IS NULL OR duplicate_of_id <> id", name=op.f("ck_submissions_not_duplicate_of_itself")
        ),
        sa.CheckConstraint("grade IS NULL OR grade BETWEEN 1 AND 4", name=op.f("ck_submissions_grade_in_range")),
        sa.CheckConstraint(
            "photos_received BETWEEN 0 AND photos_expected", name=op.f("ck_submissions_photos_within_manifest")
        ),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_submissions_campaign_id_campaigns")),
        sa.ForeignKeyConstraint(["city_id"], ["unions.id"], name=op.f("fk_submissions_city_id_unions")),
        sa.ForeignKeyConstraint(["claimed_by_id"], ["people.id"], name=op.f("fk_submissions_claimed_by_id_people")),
        sa.ForeignKeyConstraint(["district_id"], ["unions.id"], name=op.f("fk_submissions_district_id_unions")),
        sa.ForeignKeyConstraint(
            ["duplicate_of_id"], ["submissions.id"], name=op.f("fk_submissions_duplicate_of_id_submissions")
        ),
        sa.ForeignKeyConstraint(["enterprise_id"], ["unions.id"], name=op.f("fk_submissions_enterprise_id_unions")),
        sa.ForeignKeyConstraint(["reporter_id"], ["people.id"], name=op.f("fk_submissions_reporter_id_people")),
        sa.ForeignKeyConstraint(["routed_union_id"], ["unions.id"], name=op.f("fk_submissions_routed_union_id_unions")),
        sa.ForeignKeyConstraint(["town_id"], ["unions.id"], name=op.f("fk_submissions_town_id_unions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submissions")),
    )
    op.create_index(
        "ix_submissions_city_all",
        "submissions",
        ["city_id", "id"],
        unique=False,
        sqlite_where=sa.text("status <> 'incomplete'"),
        postgresql_where=sa.text("status <> 'incomplete'"),
    )
    op.create_index(
        "ix_submissions_city_due",
        "submissions",
        ["status", "city_id", "due_at", "id"],
        unique=False,
        sqlite_where=sa.text("status <> 'incomplete'"),
        postgresql_where=sa.text("status <> 'incomplete'"),
    )
    op.create_index(
        "ix_submissions_claimed",
        "submissions",
        ["claimed_by_id", "due_at", "id"],
        unique=False,
        sqlite_where=sa.text("claimed_by_id IS NOT NULL"),
        postgresql_where=sa.text("claimed_by_id IS NOT NULL"),
    )
    op.create_index(
        "ix_submissions_district_all",
        "submissions",
        ["district_id", "id"],
        unique=False,
        sqlite_where=sa.text("status <> 'incomplete'"),
        postgresql_where=sa.text("status <> 'incomplete'"),
    )
    op.create_index(
        "ix_submissions_district_due",
        "submissions",
        ["status", "district_id", "due_at", "id"],
        unique=False,
        sqlite_where=sa.text("status <> 'incomplete'"),
        postgresql_where=sa.text("status <> 'incomplete'"),
    )
    op.create_index(
        "ix_submissions_duplicate_of",
        "submissions",
        ["duplicate_of_id"],
        unique=False,
        sqlite_where=sa.text("duplicate_of_id IS NOT NULL"),
        postgresql_where=sa.text("duplicate_of_id IS NOT NULL"),
    )
    op.create_index(
        "ix_submissions_enterprise_all",
        "submissions",
        ["enterprise_id", "id"],
        unique=False,
        sqlite_where=sa.text("status <> 'incomplete'"),
        postgresql_where=sa.text("status <> 'incomplete'"),
    )
    op.create_index(
        "ix_submissions_enterprise_due",
        "submissions",
        ["status", "enterprise_id", "due_at", "id"],
        unique=False,
        sqlite_where=sa.text("status <> 'incomplete'"),
        postgresql_where=sa.text("status <> 'incomplete'"),
    )
    op.create_index(
        "ix_submissions_incomplete",
        "submissions",
        ["created_at"],
        unique=False,
        sqlite_where=sa.text("status = 'incomplete'"),
        postgresql_where=sa.text("status = 'incomplete'"),
    )
    op.create_index("ix_submissions_reporter", "submissions", ["reporter_id", "id"], unique=False)
    op.create_index(
        "ix_submissions_routed_due",
        "submissions",
        ["routed_union_id", "due_at", "id"],
        unique=False,
        sqlite_where=sa.text("status = 'queued'"),
        postgresql_where=sa.text("status = 'queued'"),
    )
    op.create_index(
        "ix_submissions_town_all",
        "submissions",
        ["town_id", "id"],
        unique=False,
        sqlite_where=sa.text("status <> 'incomplete'"),
        postgresql_where=sa.text("status <> 'incomplete'"),
    )
    op.create_index(
        "ix_submissions_town_due",
        "submissions",
        ["status", "town_id", "due_at", "id"],
        unique=False,
        sqlite_where=sa.text("status <> 'incomplete'"),
        postgresql_where=sa.text("status <> 'incomplete'"),
    )


def _create_wechat_identities() -> None:
    op.create_table(
        "wechat_identities",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("app_id", sa.String(length=40), nullable=False),
        sa.Column("openid", sa.String(length=64), nullable=False),
        sa.Column("unionid", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_wechat_identities_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wechat_identities")),
        sa.UniqueConstraint("app_id", "openid", name=op.f("uq_wechat_identities_app_id_openid")),
    )
    op.create_index(op.f("ix_wechat_identities_person_id"), "wechat_identities", ["person_id"], unique=False)
    op.create_index(op.f("ix_wechat_identities_unionid"), "wechat_identities", ["unionid"], unique=False)


def _create_answers() -> None:
    op.create_table(
        "answers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_answers_submission_id_submissions"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answers")),
    )
    op.create_index(op.f("ix_answers_submission_id"), "answers", ["submission_id"], unique=False)


def _create_hazards() -> None:
    op.create_table(
        "hazards",
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column(
            "datum",
            sa.Enum("wgs84", "gcj02", name="datum", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("accuracy", sa.Double(), nullable=True),
        sa.Column("area_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(latitude IS NULL) = (longitude IS NULL) AND (latitude IS NULL) = (datum IS NULL)",
            name=op.f("ck_hazards_coordinates_are_whole"),
        ),
        sa.CheckConstraint(
            "latitude IS NULL OR latitude BETWEEN -90 AND 90", name=op.f("ck_hazards_latitude_in_range")
        ),
        sa.CheckConstraint(
            "longitude IS NULL OR longitude BETWEEN -180 AND 180", name=op.f("ck_hazards_longitude_in_range")
        ),
        sa.ForeignKeyConstraint(["area_id"], ["unions.id"], name=op.f("fk_hazards_area_id_unions")),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_hazards_submission_id_submissions"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("submission_id", name=op.f("pk_hazards")),
    )


def _create_photos() -> None:
    op.create_table(
        "photos",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "awaited",
                "received",
                "ready",
                "damaged",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("media_type", sa.String(length=20), nullable=True),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("object_id", sa.Uuid(), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("device", sa.String(length=100), nullable=True),
        sa.Column("fingerprint", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("(state = 'awaited') = (object_id IS NULL)", name=op.f("ck_photos_object_when_here")),
        sa.CheckConstraint("(state = 'awaited') = (received_at IS NULL)", name=op.f("ck_photos_received_when_here")),
        sa.CheckConstraint("state = 'awaited' OR media_type IS NOT NULL", name=op.f("ck_photos_media_type_when_here")),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_photos_sha256_length")),
        sa.CheckConstraint("position >= 0", name=op.f("ck_photos_position_not_negative")),
        sa.CheckConstraint("size > 0", name=op.f("ck_photos_size_positive")),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_photos_owner_id_people")),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_photos_submission_id_submissions"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photos")),
        sa.UniqueConstraint("submission_id", "position", name=op.f("uq_photos_submission_id_position")),
    )
    op.create_index("ix_photos_owner_id", "photos", ["owner_id"], unique=False)
    op.create_index(op.f("ix_photos_sha256"), "photos", ["sha256"], unique=False)


def _create_submission_steps() -> None:
    op.create_table(
        "submission_steps",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column(
            "move",
            sa.Enum(
                "create",
                "submit",
                "claim",
                "release",
                "return",
                "answer",
                "accept",
                "decline",
                "mark_duplicate",
                "pass_up",
                "pass_down",
                "reopen",
                "withdraw",
                "note",
                name="move",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "from_status",
            sa.Enum(
                "incomplete",
                "queued",
                "returned",
                "accepted",
                "declined",
                "duplicate",
                "withdrawn",
                name="from_status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "to_status",
            sa.Enum(
                "incomplete",
                "queued",
                "returned",
                "accepted",
                "declined",
                "duplicate",
                "withdrawn",
                name="to_status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("union_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("public_text", sa.Text(), nullable=True),
        sa.Column("internal_note", sa.Text(), nullable=True),
        sa.Column(
            "data",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=Text()), "postgresql"
            ),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(["actor_id"], ["people.id"], name=op.f("fk_submission_steps_actor_id_people")),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submissions.id"],
            name=op.f("fk_submission_steps_submission_id_submissions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["union_id"], ["unions.id"], name=op.f("fk_submission_steps_union_id_unions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission_steps")),
    )
    op.create_index(op.f("ix_submission_steps_submission_id"), "submission_steps", ["submission_id"], unique=False)


def _create_submission_texts() -> None:
    op.create_table(
        "submission_texts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("tokens", sa.Text().with_variant(postgresql.TSVECTOR(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submissions.id"],
            name=op.f("fk_submission_texts_submission_id_submissions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission_texts")),
        sa.UniqueConstraint("submission_id", name=op.f("uq_submission_texts_submission_id")),
    )
