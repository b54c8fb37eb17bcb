"""Another process archives a campaign: this one learns it when somebody sends something new."""

import pytest
from sqlalchemy import update

from server.core import clock, ids
from server.core.db import Database
from server.unions.campaigns.models import Campaign
from tests.integration.unions.test_campaign_lifecycle import suggestion
from tests.support.callers import Phone, hazard
from tests.support.images import jpeg
from tests.support.world import World


@pytest.mark.parametrize("kind", ["hazard", "suggestion"])
def test_nothing_new_is_taken_and_what_was_sent_before_is_known_again(
    phone: Phone, world: World, database: Database, kind: str
) -> None:
    body = hazard((jpeg(),), enterprise_id=world.unions.shipyard) if kind == "hazard" else suggestion(world)
    before = f"/api/v1/{kind}s/{ids.new_id()}"
    assert phone.put(before, body).status == 201
    with database.transaction() as session:
        session.execute(update(Campaign).values(archived_at=clock.now()))
    assert phone.put(before, body).status == 200
    refused = phone.put(f"/api/v1/{kind}s/{ids.new_id()}", body)
    assert (refused.status, refused.code) == (409, "campaign_ended")
    assert phone.put(before, body).status == 200  # now that it is known here too
