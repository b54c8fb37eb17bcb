"""A camera for the tests: the codes that screens show, and linking a phone to an account through both doors."""

import pytest

from server.unions.scans import console as scans_console
from server.unions.scans.actions import begin_scan
from tests.support.callers import Answer, Desk, Phone
from tests.support.world import PASSWORD


def watch_codes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The codes that screens show from now on, the latest last."""
    shown: list[str] = []

    def watched(*args: object, **kwargs: object) -> object:
        scan = begin_scan(*args, **kwargs)  # type: ignore[arg-type]
        shown.append(scan.code)
        return scan

    monkeypatch.setattr(scans_console, "begin_scan", watched)
    return shown


def show_link_code(desk: Desk, password: str = PASSWORD) -> Answer:
    """Ask for the code that links a phone to the desk's account."""
    return desk.post("/console/account/phones/codes", {"current": password}, form="/console/")


def link_phone(desk: Desk, phone: Phone, codes: list[str]) -> None:
    """Link a phone to the account of a desk, as its owner does."""
    show_link_code(desk).ok()
    scan_id = phone.post("/api/v1/scans", {"code": codes[-1]}).ok().json["id"]
    phone.post(f"/api/v1/scans/{scan_id}/confirm").ok()
    desk.post("/console/account/phones/links", form="/console/").ok()
