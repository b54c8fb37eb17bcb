"""Find hazards of a part of the map by bands of latitude: an index of latitude, then longitude, bounds the first alone, and
a few streets were looked for among all that lies as far north."""

import sqlalchemy as sa
from alembic import op

revision = "0135"
down_revision = "0134"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_hazards_place", "hazards")
    op.create_index(
        "ix_hazards_place", "hazards",
        [sa.text("round(latitude * 50)"), "longitude", "latitude", "submission_id", "datum"],
    )  # fmt: skip
