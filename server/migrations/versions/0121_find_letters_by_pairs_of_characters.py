"""Words in the titles of letters, found by the pairs of their characters (server/kit/text_pairs.py)."""

from alembic import op

revision = "0121"
down_revision = "0120"
branch_labels = None
depends_on = None

FUNCTION = """CREATE FUNCTION text_pairs(text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 1000 AS
$$ SELECT coalesce(array_agg(substr($1, place, 2)), '{}') FROM generate_series(1, length($1) - 1) AS place $$"""


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(FUNCTION)
        op.execute(
            "CREATE INDEX ix_letters_pairs ON letters USING gin (text_pairs(subject || chr(10) || addressee_name))"
        )
