"""What a union's affiliation was called before."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from server.core.db import Database
from server.migrations import run as migrations
from tests.migrations.test_data_kept import NOW, Old, upgrade_to
from tests.migrations.test_data_kept import database as database


def test_a_standing_is_kept_as_the_affiliation_and_guarded_as_before(database: Database) -> None:
    upgrade_to(database, "0041")
    with database.engine.begin() as connection:
        old = Old(connection)
        fixed = {"is_high_risk": False, "is_chemical": False, "is_active": True, "version": 1}
        times = {"created_at": NOW, "updated_at": NOW}
        city = old.insert("unions", level="city", name="市总工会", short_name="", **fixed, **times)
        old.insert(
            "unions", level="district", name="某央企工会", short_name="", standing="central", parent_id=city,
            city_id=city, **fixed, **times,
        )  # fmt: skip
    migrations.upgrade(database)
    with database.engine.connect() as connection:
        kept = connection.execute(text("SELECT level, affiliation FROM unions ORDER BY level")).all()
        assert [tuple(row) for row in kept] == [("city", None), ("district", "central")]
        with pytest.raises(IntegrityError):
            connection.execute(text("UPDATE unions SET affiliation = 'provincial' WHERE level = 'city'"))
