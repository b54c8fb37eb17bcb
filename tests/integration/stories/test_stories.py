"""What was put right is shown before and after: the reporter agrees, a reviewer releases it, each may take it back."""

import re
from collections.abc import Callable
from typing import Any

from tests.integration.rectification.conftest import Case, Hand, accepted, hand_of, rectifier, town
from tests.support.callers import Phone
from tests.support.world import Someone, World

__all__ = ["accepted", "hand_of", "rectifier", "town"]
PhoneOf = Callable[[Someone | None], Phone]


def closed(accepted: Callable[..., Case], rectifier: Hand, phone: Phone, run_jobs: Callable[..., int]) -> Case:
    """One put right, as its reporter says too, with its pictures made."""
    case = accepted()
    rectifier.submit(case.row)
    phone.post(f"/api/v1/submissions/{case.submission_id}/rectification/confirm", {"text": ""}).ok()
    run_jobs()
    return case


def offer(phone: Phone, case: Case, reach: str = "everybody") -> Any:
    return phone.put(f"/api/v1/submissions/{case.submission_id}/story", {"reach": reach})


def page_of(hand: Hand, status: str = "offered") -> str:
    page = hand.desk.get(f"/console/stories?status={status}").ok().text
    (path,) = set(re.findall(r"/console/stories/[0-9a-f-]{36}", page))
    return str(path)


def release(hand: Hand, path: str, **changes: str) -> Any:
    page = hand.desk.get(path).ok().text
    sent = {
        name: re.findall(rf'name="{name}"\s+value="([^"]+)"', page)[0] for name in ("version", "before", "after")
    } | {"title": "三号车间配电箱", "words": "装了门，上了锁", "reach": "enterprise", "is_looked_at": "1", **changes}
    return hand.desk.post(f"{path}/release", sent)


def seen(phone: Phone, of: str) -> list[dict[str, Any]]:
    return list(phone.get(f"/api/v1/stories?of={of}").ok().json["items"])


def test_with_consent_it_is_shown_without_a_name_to_whom_the_reporter_agreed_until_somebody_takes_it_back(
    accepted: Callable[..., Case], rectifier: Hand, town: Hand, phone: Phone, phone_of: PhoneOf, world: World,
    run_jobs: Callable[..., int],
) -> None:  # fmt: skip
    case = closed(accepted, rectifier, phone, run_jobs)
    colleague, stranger = phone_of(world.people.colleague), phone_of(world.people.stranger)
    assert "没有这样的整改案例" in town.desk.get("/console/stories").text
    assert offer(colleague, case).status == 404
    assert offer(phone, case, "enterprise").ok().json == {
        "can_offer": True, "has_enterprise": True, "status": "offered", "reach": "enterprise",
    }  # fmt: skip
    path = page_of(town)
    refused = [
        (release(town, path, reach="everybody").status, 409), (release(town, path, is_looked_at="0").status, 422),
        (release(town, path, before=str(case.row.id)).status, 422), (release(rectifier, path, title="").status, 422),
    ]  # fmt: skip
    assert [got for got, _ in refused] == [wanted for _, wanted in refused]
    assert release(rectifier, path).status == 303
    (story,) = seen(colleague, "own")
    assert (story["title"], story["where"], story["before"]["id"] != story["after"]["id"]) == (
        "三号车间配电箱", "蓝海船舶修造有限公司", True,
    )  # fmt: skip
    text = colleague.get(f"/api/v1/stories/{story['id']}").ok().text
    assert world.people.worker.name not in text
    assert (seen(colleague, "everybody"), seen(stranger, "own")) == ([], [])
    assert stranger.get(f"/api/v1/stories/{story['id']}").status == 404

    assert offer(phone, case).ok().json["status"] == "offered"  # further than before: a reviewer looks again
    assert seen(colleague, "own") == []
    assert release(rectifier, path, reach="everybody").status == 403
    assert release(town, path, reach="everybody").status == 303
    (story,) = seen(stranger, "everybody")
    assert "蓝海" not in str(story["where"])
    version = re.findall(r'name="version" value="(\d+)"', town.desk.get(path).text)[0]
    assert town.desk.post(f"{path}/take_down", {"version": version, "reason": "有人不愿意"}).status == 303
    assert seen(stranger, "everybody") == []
    assert release(town, path, reach="everybody").status == 303
    assert phone.delete(f"/api/v1/submissions/{case.submission_id}/story").status == 204
    assert seen(stranger, "everybody") == []
    stale = {"version": version, "title": "旧的", "before": story["before"]["id"], "after": story["after"]["id"]}
    answer = town.desk.post(f"{path}/release", {**stale, "reach": "enterprise", "is_looked_at": "1"})
    assert answer.status == 409
    assert 'name="before"' not in town.desk.get(path).text
    assert phone.get(f"/api/v1/submissions/{case.submission_id}/story").ok().json["reach"] is None
    assert "你发现的隐患成了案例" in phone.get("/api/v1/inbox").ok().text


def test_what_is_not_closed_or_bears_no_name_or_lies_elsewhere_is_not_shown(
    accepted: Callable[..., Case], rectifier: Hand, hand_of: Callable[[Someone], Hand], phone: Phone,
    run_jobs: Callable[..., int], world: World,
) -> None:  # fmt: skip
    assert offer(phone, accepted()).status == 409
    case = closed(accepted, rectifier, phone, run_jobs)
    offer(phone, case).ok()
    path = page_of(rectifier)
    assert hand_of(world.people.other_town_reviewer).desk.get(path).status == 404
    assert release(rectifier, path).status == 303
    assert len(seen(phone, "own")) == 1
