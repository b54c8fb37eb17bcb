"""scripts/verify_draw: with the published file alone, and with files that somebody has changed."""

import copy
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from server.kit.draws.algorithm import hash_entrants, hash_terms
from tests.integration.prizes.conftest import Giving
from tests.support.backends import Embedded
from tests.support.callers import Desk, InProcess, Phone
from tests.support.sources import ROOT
from tests.support.world import make_person

PRIZES = (("一等奖 手表", "draw", 1), ("二等奖 水杯", "draw", 2))
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def backend(embedded: Embedded) -> Iterator[Embedded]:
    """One database is enough: the script sees none."""
    yield embedded
    embedded.clean()


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """`run(file, *options)`: the script with the standard library alone, outside of the repository."""

    def verify(file: Any, *options: str) -> subprocess.CompletedProcess[str]:
        path = tmp_path / "draw.json"
        path.write_text(file if isinstance(file, str) else json.dumps(file), encoding="utf-8")
        command = [sys.executable, "-I", "-S", str(ROOT / "scripts" / "verify_draw"), str(path), *options]
        return subprocess.run(
            command, cwd=tmp_path, capture_output=True, text=True, check=False, env={"LANG": "C.UTF-8"}
        )

    return verify


@pytest.fixture
def published(giving: Giving) -> Any:
    """The file of a draw that is over; of so many people that no other draw gives the same places by chance."""
    with giving.database.transaction() as session:
        giving.contest.finishers += [make_person(session, f"职工{number}").id for number in range(60)]
    draw_id = giving.drawn(giving.pool(*PRIZES))
    return giving.desk.get(f"/draws/{draw_id}/file").ok().json


def test_the_published_file_is_right(published: Any, run: Run) -> None:
    done = run(published, "--terms-hash", published["terms_hash"], "--entrants-hash", published["entrants_hash"])
    assert done.returncode == 0, done.stdout + done.stderr
    assert "全部正确" in done.stdout
    assert "双色球第 2026140 期开奖号码" in done.stdout


def test_whoever_is_not_signed_in_gets_the_script(app: Flask) -> None:
    served = Desk(InProcess(app)).get("/draws/verify_draw.py").ok()
    assert served.body == (ROOT / "scripts" / "verify_draw").read_bytes()


def test_an_entrant_finds_themselves(giving: Giving, phone: Phone, run: Run) -> None:
    draw_id = giving.drawn(giving.pool(*PRIZES))
    phone.sign_in("demo:worker-1")
    mine = phone.get(f"/api/v1/draws/{draw_id}").ok().json["my_entry"]
    file = giving.desk.get(f"/draws/{draw_id}/file").json
    assert run(file, "--me", mine["salt"], mine["person_id"]).returncode == 0
    assert run(file, "--me", mine["salt"], str(draw_id)).returncode == 1


def test_a_draw_that_is_not_over_is_right_so_far(giving: Giving, run: Run) -> None:
    draw_id = giving.promised(giving.pool(*PRIZES))
    assert run(giving.desk.get(f"/draws/{draw_id}/file").json).returncode == 3
    giving.close()
    giving.send(f"/draws/{draw_id}/freeze")
    assert run(giving.desk.get(f"/draws/{draw_id}/file").json).returncode == 3


def swap_winners(file: Any) -> None:
    """The second winner gets the first one's prize."""
    first, second = file["places"][:2]
    first["hash"], second["hash"] = second["hash"], first["hash"]
    first["position"], second["position"] = second["position"], first["position"]


def add_entrant(file: Any) -> None:
    """Somebody is put on the list, and its hash made to fit."""
    file["entrants"] = sorted([*file["entrants"], "0" * 64])
    file["entrants_hash"] = hash_entrants(file["entrants"])


def remove_entrant(file: Any) -> None:
    """Somebody who did not win is taken off the list, and its hash made to fit."""
    won = {place["hash"] for place in file["places"]}
    file["entrants"].remove(next(iter(set(file["entrants"]) - won), file["entrants"][0]))
    file["entrants_hash"] = hash_entrants(file["entrants"])


def change_value(file: Any) -> None:
    """Another public value."""
    file["public_value"] += "9"


def change_seed(file: Any) -> None:
    """Another seed than was promised."""
    file["seed"] = "ab" * 32


def more_prizes(file: Any) -> None:
    """More prizes than were promised, and the hash made to fit."""
    file["terms"]["prizes"][0]["quantity"] += 1
    file["terms_hash"] = hash_terms(file["terms"])


def drop_place(file: Any) -> None:
    """A runner-up is left out."""
    file["places"].pop()


def change_terms(file: Any) -> None:
    """Another source than was promised."""
    file["terms"]["public_value_source"] = "别的"


def twice_on_list(file: Any) -> None:
    """Somebody stands on the list twice."""
    file["entrants"] = sorted([*file["entrants"], file["entrants"][0]])
    file["entrants_hash"] = hash_entrants(file["entrants"])


TAMPERINGS = [
    swap_winners, add_entrant, remove_entrant, change_value, change_seed, more_prizes, drop_place, change_terms,
    twice_on_list,
]  # fmt: skip


def test_every_tampering_is_found(published: Any, run: Run) -> None:
    for tamper in TAMPERINGS:
        file = copy.deepcopy(published)
        tamper(file)
        assert file != published
        done = run(file)
        assert done.returncode == 1, f"{tamper.__name__}: {done.stdout}{done.stderr}"
        assert "不可信" in done.stdout


def test_every_changed_character_of_a_hash_is_found(published: Any, run: Run) -> None:
    for key in ("terms_hash", "entrants_hash", "seed"):
        changed = "0" if published[key][5] != "0" else "1"
        file = {**published, key: published[key][:5] + changed + published[key][6:]}
        assert run(file).returncode == 1, key


def test_a_whole_other_promise_is_found_by_the_hash_noted_before_the_close(published: Any, run: Run) -> None:
    assert run(published, "--terms-hash", "0" * 64).returncode == 1
    assert run(published, "--entrants-hash", "0" * 64).returncode == 1


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"terms": 1}', "不是 JSON", '{"terms": {}, "format": null}'])
def test_what_is_no_such_file_is_refused_in_words(run: Run, content: str) -> None:
    done = run(content)
    assert done.returncode == 2
    assert "读不懂" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_missing_file_is_refused_in_words(tmp_path: Path) -> None:
    command = [sys.executable, "-I", "-S", str(ROOT / "scripts" / "verify_draw"), str(tmp_path / "none.json")]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 2
