"""Unions check some again themselves: whom, a draw says that anybody can compute; and what they find, side by side."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from server.assignments.spot_checks.models import SpotCheck, SpotDraw
from server.core import ids
from server.core.db import Database
from server.kit.draws.algorithm import draw_positions, hash_entrants, hash_seed, hash_terms, random_words
from server.review.submissions.models import Status
from server.unions.tree.models import Union
from tests.integration.inspections.inspecting import Inspector, failed
from tests.support.callers import Answer, Desk
from tests.support.images import jpeg
from tests.support.ledgers import read_ledger, sheet_of
from tests.support.sources import ROOT
from tests.support.world import Someone, World

Opens = Callable[[Someone], Desk]
pytestmark = pytest.mark.parametrize("backend", ["embedded"], indirect=True)


def promise(desk: Desk, inspection: UUID, percent: int = 10) -> Answer:
    return desk.post(f"/console/assignments/{inspection}/draws", {"percent": str(percent)}, form="/console/")


@pytest.fixture
def town(desk_of: Opens, world: World) -> Desk:
    return desk_of(world.people.town_reviewer)


@pytest.fixture
def inspection(inspector: Inspector) -> UUID:
    """One that the shipyard has answered: all well, but for a hose."""
    inspector.says("shipyard", "piped_gas")
    sent = inspector.send()
    row = inspector.row(sent)
    inspector.answer(row, {"b10": failed("老化", inspector.photo(row, "b10", jpeg()))})
    return sent


def drawn(town: Desk, inspection: UUID) -> str:
    """The address of a draw that is over."""
    path = promise(town, inspection).headers["Location"]
    assert town.post(f"{path}/hold", {}, form="/console/").status == 303
    return path


def only_check(database: Database) -> SpotCheck:
    with database.reading() as session:
        return session.scalars(select(SpotCheck)).one()


def test_a_draw_is_promised_before_its_list_and_follows_from_what_is_published(
    town: Desk, inspection: UUID, database: Database
) -> None:
    path = promise(town, inspection).headers["Location"]
    with database.reading() as session:
        seed = session.scalars(select(SpotDraw.seed)).one()
    promised = town.get(f"{path}/file.json").ok()
    assert seed not in promised.text
    assert seed not in town.get(path).ok().text
    assert promised.json["terms"]["seed_hash"] == hash_seed(seed)
    assert town.post(f"{path}/hold", {}, form="/console/").status == 303
    assert town.post(f"{path}/hold", {}, form="/console/").status == 409
    file = town.get(f"{path}/file.json").ok().json
    assert file["terms"] == promised.json["terms"]
    words = random_words(file["seed"], "", hash_terms(file["terms"]), hash_entrants(file["entrants"]))
    positions = draw_positions(len(file["entrants"]), len(file["drawn"]), words)
    assert [file["recipients"][position - 1] for position in positions] == file["drawn"]
    assert file["drawn"] == [str(only_check(database).recipient_id)]
    assert "对得上" in town.get(path).ok().text


def test_a_draw_is_prepared_once_somebody_handed_something_in(inspector: Inspector, town: Desk) -> None:
    sent = inspector.send()
    assert "准备抽查</button>" not in town.get(f"/console/inspections/{sent}").ok().text
    refused = promise(town, sent)
    assert (refused.status, "还没有企业交上来" in refused.text) == (409, True)


def test_anybody_computes_a_draw_again_with_the_file_alone(town: Desk, inspection: UUID, tmp_path: Path) -> None:
    path = promise(town, inspection).headers["Location"]

    def verify(file: Any) -> int:
        kept = tmp_path / "draw.json"
        kept.write_text(json.dumps(file), encoding="utf-8")
        command = [sys.executable, "-I", "-S", str(ROOT / "scripts" / "verify_draw"), str(kept)]
        return subprocess.run(command, capture_output=True, check=False).returncode

    assert verify(town.get(f"{path}/file.json").ok().json) == 3  # not drawn yet
    assert town.post(f"{path}/hold", {}, form="/console/").status == 303
    file = town.get(f"{path}/file.json").ok().json
    assert verify(file) == 0
    other = str(ids.new_id())
    for changed in (
        {"drawn": [other]}, {"recipients": [other]}, {"seed": "0" * 64}, {"terms": {**file["terms"], "percent": 100}},
    ):  # fmt: skip
        assert verify(file | changed) == 1


def test_a_draw_takes_five_to_ten_of_a_hundred_and_only_a_union_above_draws(
    town: Desk, inspection: UUID, desk_of: Opens, world: World
) -> None:
    assert promise(town, inspection, 4).status == 422
    assert promise(town, inspection, 11).status == 422
    assert promise(desk_of(world.people.enterprise_reviewer), inspection).status == 403
    assert promise(desk_of(world.people.other_town_reviewer), inspection).status == 404
    path = promise(town, inspection).headers["Location"]
    assert desk_of(world.people.other_town_reviewer).get(path).status == 404
    assert desk_of(world.people.district_reviewer).post(f"{path}/hold", {}, form="/console/").status == 403


def test_of_an_inspection_of_the_whole_city_a_union_sees_no_draw_of_another(
    inspector: Inspector, town: Desk, desk_of: Opens, world: World, database: Database
) -> None:
    inspector.says("shipyard", "piped_gas")
    sent = inspector.send("city_reviewer", "city")
    row = inspector.row(sent)
    inspector.answer(row, {"b10": failed("老化", inspector.photo(row, "b10", jpeg()))})
    path = drawn(town, sent)
    check = f"/console/assignments/spot-checks/{only_check(database).id}"
    pages, page = (path, f"{path}/file.json", check), f"/console/inspections/{sent}"
    other, city = desk_of(world.people.other_town_reviewer), desk_of(world.people.city_reviewer)
    assert [other.get(each).status for each in pages] == [404, 404, 404]
    assert path not in other.get(page).ok().text
    assert [city.get(each).status for each in pages] == [200, 200, 200]
    assert path in city.get(page).ok().text


def fill_in(town: Desk, check: SpotCheck, failed_item: str, words: str) -> tuple[str, dict[str, str]]:
    """The address of a check, and all of it passed but one."""
    path = f"/console/assignments/spot-checks/{check.id}"
    names = re.findall(r'name="([a-z]+\d+)\.result"', town.get(path).ok().text)
    passed = {f"{name}.result": "passed" for name in names}
    said = {f"{failed_item}.result": "failed", f"{failed_item}.words": words}
    return path, {**passed, **said, "version": str(check.version)}


def test_what_the_union_found_stands_beside_what_the_enterprise_said_with_the_photos_of_both(
    town: Desk, inspection: UUID, inspector: Inspector, database: Database, world: World
) -> None:
    drawn(town, inspection)
    check = only_check(database)
    path, posted = fill_in(town, check, "b12", "没有报警器")
    page = town.get(path).ok().text
    assert "供气企业入户安检" in page
    assert "老化" not in page  # not before the union has looked itself
    refused = town.post(path, posted, form="/console/")
    assert refused.status == 422
    assert "照片" in refused.text
    inspector.photo(check, "b12", jpeg(seed=3))
    posted["version"] = str(only_check(database).version)
    assert town.post(path, posted, form="/console/").status == 303
    assert town.post(path, posted, form="/console/").status == 409
    compared = town.get(path).ok().text
    assert f"{len(posted) - 2} 项里有 2 项不一样" in re.sub(r"\s+", " ", compared)
    assert compared.count("file-picture") == 2  # theirs of the hose, ours of the alarm
    inspector.run_jobs()
    own, found = inspector.hazards()
    assert (found.status, found.routed_union_id) == (Status.QUEUED, world.unions.shipyard)
    assert (found.reporter_id, found.photos_received) == (world.people.town_reviewer.id, 1)
    assert own.routed_union_id == world.unions.seaside


def test_what_the_union_finds_is_kept_while_it_is_typed_and_no_colleague_loses_a_word(
    town: Desk, inspection: UUID, database: Database, desk_of: Opens, world: World
) -> None:
    drawn(town, inspection)
    path, _ = fill_in(town, only_check(database), "b12", "没有报警器")
    half = {"b12.words": "没有报警器", "version": "0"}
    as_script = {"Accept": "application/json"}
    saved = town.post(f"{path}/save", half, form="/console/", headers=as_script).ok().json
    assert saved == {"version": 1, "errors": {}}
    assert "没有报警器" in town.get(path).ok().text
    assert "填到一半" in town.get(f"/console/assignments/draws/{only_check(database).draw_id}").ok().text
    assert town.post(f"{path}/save", {**half, "b12.words": "有了"}, form="/console/").status == 409
    assert desk_of(world.people.district_reviewer).post(f"{path}/save", half, form="/console/").status == 403
    assert town.post(path, {"b12.words": "再看", "version": "1"}, form="/console/").status == 422
    assert only_check(database).answers["b12"]["words"] == "再看"  # refused, and kept as a draft all the same


def test_photos_are_the_unions_own_to_add_until_it_has_checked(
    town: Desk, inspection: UUID, database: Database, desk_of: Opens, world: World, inspector: Inspector
) -> None:
    drawn(town, inspection)
    check = only_check(database)

    def attach(desk: Desk, item: str = "b12") -> int:
        address = f"/console/files/{ids.new_id()}?subject=spot_check&subject_id={check.id}&field={item}&name=1.jpg"
        headers = {"X-CSRFToken": desk.csrf_token("/console/"), "Content-Type": "application/octet-stream"}
        return desk.transport.send("POST", address, body=jpeg(seed=5).content, headers=headers).status

    assert attach(desk_of(world.people.enterprise_reviewer)) == 404
    assert attach(desk_of(world.people.other_town_reviewer)) == 404
    assert attach(desk_of(world.people.district_reviewer)) == 403
    assert attach(town, "nothing") == 422
    assert attach(town) == 201
    path, posted = fill_in(town, check, "b12", "没有报警器")
    assert town.post(path, posted, form="/console/").status == 303
    assert attach(town) == 409


def test_a_spot_check_finds_again_what_is_a_hazard_already_and_makes_no_other(
    town: Desk, inspection: UUID, inspector: Inspector, database: Database
) -> None:
    drawn(town, inspection)
    inspector.photo(only_check(database), "b10", jpeg(seed=3))
    path, posted = fill_in(town, only_check(database), "b10", "老化")
    assert town.post(path, posted, form="/console/").status == 303
    inspector.run_jobs()
    assert len(inspector.hazards()) == 1


def test_progress_is_counted_by_union_and_goes_out_as_a_sheet(
    town: Desk, inspection: UUID, desk_of: Opens, world: World
) -> None:
    page = re.sub(r"\s+", " ", town.get(f"/console/inspections/{inspection}").ok().text)
    cells = re.findall(r'<td class="num" data-label="([^"]+)">(\d+)</td>', page)
    # the bakery has not answered yet; the shipyard has, with one item that failed
    assert cells == [
        ("应查", "1"), ("已查", "0"), ("逾期", "0"), ("不合格项", "0"), ("已整改", "0"),
        ("应查", "1"), ("已查", "1"), ("逾期", "0"), ("不合格项", "1"), ("已整改", "0"),
    ]  # fmt: skip
    sheet = town.get(f"/console/inspections/{inspection}/progress.xlsx").ok().body
    assert [(row["单位"], row["应查"], row["已查"]) for row in read_ledger(sheet)[:2]] == [
        ("麦香食品有限公司", 1, 0), ("蓝海船舶修造有限公司", 1, 1),
    ]  # fmt: skip
    title, as_of = [row[0].value for row in sheet_of(sheet).iter_rows(max_row=2)]
    assert (title, as_of[:5]) == ("冬季取暖检查进度", "截至 20")
    city = desk_of(world.people.city_reviewer).get(f"/console/inspections/{inspection}").ok().text
    assert re.findall(r'data-label="应查">(\d+)<', city) == ["2"]
    own = desk_of(world.people.enterprise_reviewer).get(f"/console/inspections/{inspection}").ok().text
    assert re.findall(r'data-label="应查">(\d+)<', own) == ["1"]
    assert desk_of(world.people.other_town_reviewer).get(f"/console/inspections/{inspection}").status == 404


def test_who_have_as_much_to_do_stand_in_the_official_order(
    town: Desk, inspector: Inspector, database: Database, world: World
) -> None:
    for union_id, code in ((world.unions.shipyard, "2"), (world.unions.bakery, "1")):  # the other way round by name
        with database.transaction() as session:
            session.get_one(Union, union_id).code = code
    page = town.get(f"/console/inspections/{inspector.send()}").ok().text
    assert page.index("麦香食品有限公司") < page.index("蓝海船舶修造有限公司")


def test_only_who_may_open_what_was_sent_is_led_there(inspector: Inspector, desk_of: Opens, world: World) -> None:
    sent = inspector.send("city_reviewer", "city")
    link, row = f'href="/console/assignments/{sent}"', inspector.row(sent)
    for who, is_led in (("city_reviewer", True), ("district_reviewer", False), ("town_reviewer", False)):
        desk = desk_of(getattr(world.people, who))
        assert (desk.get(f"/console/assignments/{sent}").status == 200) is is_led
        for page in (f"/console/inspections/{sent}", f"/console/tasks/{row.id}/check"):
            assert (link in desk.get(page).ok().text) is is_led, (who, page)
