"""Runs of assessments are summed up by a job: there is a status for the while that it takes."""

from server.migrations.checks import replace_check

revision = "0100"
down_revision = "0099"
branch_labels = None
depends_on = None

_STATUSES = (
    "prepared", "self", "counting", "checking", "spot", "summing", "summed", "objections", "published", "final",
    "archived", "cancelled",
)  # fmt: skip


def upgrade() -> None:
    allowed = ", ".join(f"'{status}'" for status in _STATUSES)
    replace_check("assessments", "ck_assessments_status", f"status IN ({allowed})")
