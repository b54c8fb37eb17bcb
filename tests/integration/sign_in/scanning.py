"""Signing in by scanning, as tests do it: the code shown, looked at, confirmed, entered by."""

from sqlalchemy import select

from server.core.audit.models import AuditEntry
from server.core.db import Database
from tests.support.callers import Answer, Desk, Phone

NEW, STATE, ENTER = "/console/sign-in/scan/codes", "/console/sign-in/scan/state", "/console/sign-in/scan/enter"


def show(desk: Desk, wanted: str = "/console/review") -> Answer:
    return desk.post(NEW, {"next": wanted}, form="/console/sign-in").ok()


def look(phone: Phone, code: str) -> Answer:
    return phone.post("/api/v1/scans", {"code": code})


def confirm(phone: Phone, code: str) -> Answer:
    scan_id = look(phone, code).ok().json["id"]
    return phone.post(f"/api/v1/scans/{scan_id}/confirm")


def enter(desk: Desk) -> Answer:
    return desk.post(ENTER, form="/console/sign-in")


def actions(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))
