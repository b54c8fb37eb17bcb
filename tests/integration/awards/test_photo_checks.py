"""Photos of candidates that had been used before are looked at before a list is published."""

from collections.abc import Callable

import pytest

from tests.integration.awards.conftest import Awards
from tests.integration.rectification.conftest import Case, Hand
from tests.integration.review.conftest import Reviewer
from tests.support.callers import Desk, Phone
from tests.support.images import jpeg
from tests.support.pages import squeeze
from tests.support.world import Someone, World


@pytest.mark.slow("derives two photos and looks for copies of them")
def test_a_list_with_photos_used_before_is_published_only_after_somebody_looked(
    awards: Awards,
    rectifier: Hand,
    town: Hand,
    phone: Phone,
    phone_of: Callable[[Someone], Phone],
    desk_of: Callable[[Someone], Desk],
    world: World,
    run_jobs: Callable[[], None],
) -> None:
    phone_of(world.people.colleague).report(jpeg(1), enterprise_id=world.unions.shipyard)
    run_jobs()
    hazard_id = phone.report(jpeg(1), enterprise_id=world.unions.shipyard)
    run_jobs()
    assert Reviewer(town.desk).move(hazard_id, "accept", grade="1").status == 303
    case = Case(awards.database, hazard_id)
    rectifier.submit(case.row)
    assert town.move(case.row, "close", way="on_site").status == 303
    (batch_id,) = awards.scheme()
    assert awards.post(f"/{batch_id}/compute") == 303
    page = squeeze(awards.desk.get(f"/console/awards/{batch_id}").ok().text)
    assert ("1 条的照片以前用过，看过照片以后才能公示" in page, "/publish" in page) == (True, False)
    assert awards.post(f"/{batch_id}/publish") == 409
    photos = awards.desk.get(f"/console/awards/{batch_id}/photos").ok().text
    assert photos.count('<img class="compare-image"') == 2
    assert str(hazard_id) in photos
    old = awards.batch(batch_id).facts_hash or ""
    assert desk_of(world.people.district_reviewer).post(
        f"/console/awards/{batch_id}/photos", {"facts_hash": old}
    ).status in (403, 404)
    assert awards.post(f"/{batch_id}/photos", facts_hash="0" * 64) == 409
    assert awards.post(f"/{batch_id}/photos", facts_hash=old) == 303
    assert f"{world.people.city_reviewer.name}" in awards.desk.get(f"/console/awards/{batch_id}").ok().text
    assert awards.post(f"/{batch_id}/compute") == 303  # computed anew, it is to be looked at again
    assert awards.post(f"/{batch_id}/publish") == 409
    assert awards.post(f"/{batch_id}/photos", facts_hash=awards.batch(batch_id).facts_hash or "") == 303
    assert awards.post(f"/{batch_id}/publish") == 303
