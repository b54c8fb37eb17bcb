"""Tell proved and entered phone numbers from typed ones, and which rows of people are one human being."""

import sqlalchemy as sa
from alembic import op

from server.migrations.checks import add_checked_column

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

PROVED = """
    UPDATE people SET phone_source = 'proved' WHERE EXISTS (
        SELECT 1 FROM phone_identities
        WHERE phone_identities.person_id = people.id AND phone_identities.phone = people.phone)
"""
# Whoever has an account was let in by somebody; a row that no phone signs in to was written by the office.
ENTERED = """
    UPDATE people SET phone_source = 'entered' WHERE phone IS NOT NULL AND phone_source = 'typed' AND (
        EXISTS (SELECT 1 FROM accounts WHERE accounts.person_id = people.id)
        OR NOT (EXISTS (SELECT 1 FROM wechat_identities WHERE wechat_identities.person_id = people.id)
                OR EXISTS (SELECT 1 FROM phone_identities WHERE phone_identities.person_id = people.id)))
"""
NUMBERS = """
    SELECT one.id AS some, two.id AS others, 'phone_number' AS same_by FROM people AS one
    JOIN people AS two ON two.phone = one.phone
    WHERE one.phone_source = 'proved' AND two.phone_source <> 'typed'
"""
LINKS = "SELECT person_id AS some, account_id AS others, 'linked_phone' AS same_by FROM linked_phones"
UNIONIDS = """
    SELECT one.person_id AS some, two.person_id AS others, 'unionid' AS same_by FROM wechat_identities AS one
    JOIN wechat_identities AS two ON two.unionid = one.unionid
"""
# Each kind after those that tell less: what is known already stays as it is. Phones of one account are one, too.
SIBLINGS = """
    SELECT one.person_id AS some, two.person_id AS others, 'linked_phone' AS same_by FROM linked_phones AS one
    JOIN linked_phones AS two ON two.account_id = one.account_id
"""
MATES = """
    SELECT two.person_id AS some, linked_phones.account_id AS others, 'linked_phone' AS same_by FROM linked_phones
    JOIN wechat_identities AS one ON one.person_id = linked_phones.person_id
    JOIN wechat_identities AS two ON two.unionid = one.unionid
"""


def upgrade() -> None:
    add_checked_column(
        "people",
        "phone_source VARCHAR(32) DEFAULT 'typed' NOT NULL",
        "ck_people_phone_source",
        "phone_source IN ('typed', 'entered', 'proved')",
    )
    same_by = sa.Enum(
        "linked_phone", "unionid", "phone_number",
        name="same_by", native_enum=False, create_constraint=True, length=32,
    )  # fmt: skip
    op.create_table(
        "same_people",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("same_by", same_by, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["other_id"], ["people.id"], name=op.f("fk_same_people_other_id_people")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_same_people_person_id_people")),
        sa.PrimaryKeyConstraint("person_id", "other_id", name=op.f("pk_same_people")),
    )
    op.create_index(op.f("ix_same_people_other_id"), "same_people", ["other_id"], unique=False)
    op.execute(PROVED)
    op.execute(ENTERED)
    for pairs in (UNIONIDS, LINKS, SIBLINGS, MATES, NUMBERS):
        for one, other in (("some", "others"), ("others", "some")):
            op.execute(_keep(pairs, one, other))


def _keep(pairs: str, one: str, other: str) -> str:
    return f"""
        INSERT INTO same_people (person_id, other_id, same_by, since)
        SELECT DISTINCT found.{one}, found.{other}, found.same_by, CURRENT_TIMESTAMP FROM ({pairs}) AS found
        WHERE found.some <> found.others AND NOT EXISTS (
            SELECT 1 FROM same_people WHERE same_people.person_id = found.{one} AND same_people.other_id = found.{other})
    """  # noqa: S608  (constants of this file)
