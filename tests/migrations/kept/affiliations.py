"""What a union's affiliation was called before."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from server.unions.tree.models import Union
from tests.migrations.climbing import NEWEST, NOW, Old, Story, story


@story
def a_standing_is_kept_as_the_affiliation_and_guarded_as_before(old: Old) -> Story:
    old = yield "0041"
    fixed = {"is_high_risk": False, "is_chemical": False, "is_active": True, "version": 1}
    times = {"created_at": NOW, "updated_at": NOW}
    city = old.insert("unions", level="city", name="市总工会", short_name="", **fixed, **times)
    district = old.insert(
        "unions", level="district", name="某央企工会", short_name="", standing="central", parent_id=city, city_id=city,
        **fixed, **times,
    )  # fmt: skip
    database = yield NEWEST
    with database.reading() as session:
        assert session.get_one(Union, city).affiliation is None
        assert session.get_one(Union, district).affiliation == "central"
    with database.engine.connect() as connection, pytest.raises(IntegrityError):
        connection.execute(text("UPDATE unions SET affiliation = 'provincial' WHERE level = 'city'"))
