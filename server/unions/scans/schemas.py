"""Shapes of scanning."""

from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints

from server.core.web.schemas import Code, In, Instant, Line, Out
from server.unions.scans.models import ScanPurpose, ScanState


class ScanIn(In):
    """The code that was scanned."""

    code: Annotated[Code, StringConstraints(pattern=r"^[A-Za-z0-9_-]{22}$")]


class ScanOut(Out):
    """What is being signed in to: on which device, from where, since when, under which login name."""

    id: UUID
    purpose: ScanPurpose
    state: ScanState
    username: str
    device: str
    address: str
    same_network: bool
    started_at: Instant
    expires_at: Instant


class ShownQuery(In):
    """Which state a page shows already, and what its code is for."""

    shown: Annotated[Line, StringConstraints(max_length=20)] = ""
    purpose: Annotated[Line, StringConstraints(max_length=20)] = ""
