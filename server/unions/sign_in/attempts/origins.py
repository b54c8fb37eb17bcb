"""Where an attempt to sign in comes from: a device that has signed in before, or an address.

A device shows a signed cookie that it got after an earlier success. Failures are counted per device or address, so
nobody can lock out a colleague whose device is known, and a stranger's failures stay the stranger's.
"""

import ipaddress
import secrets
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Response, current_app, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

DEVICE_COOKIE = "ssp_device"
DEVICE_SECONDS = 180 * 24 * 3600
MOST_PEOPLE = 8  # that one device may be known for


@dataclass(frozen=True, slots=True)
class Origin:
    """`key` counts failures; `known` says whether this device has signed in as this very person before."""

    key: str
    known: bool


def find_origin(person_id: UUID | None) -> Origin:
    """The origin of this request, as seen by somebody signing in as `person_id` (None: an unknown name)."""
    device = _read_device()
    if device is not None and person_id is not None and person_id.hex in device["people"]:
        return Origin(f"device:{device['id']}", known=True)
    return origin_of_address()


def origin_of_address() -> Origin:
    """The origin of this request, whatever device it came from."""
    return Origin(f"address:{network_of(request.remote_addr or '')}", known=False)


def remember_device(response: Response, person_id: UUID, *, secure: bool) -> None:
    """Let the device be known for a person from now on."""
    device = _read_device() or {"id": secrets.token_urlsafe(16), "people": []}
    others = [person for person in device["people"] if person != person_id.hex]
    value = _serializer().dumps({"id": device["id"], "people": [*others, person_id.hex][-MOST_PEOPLE:]})
    response.set_cookie(
        DEVICE_COOKIE, value, max_age=DEVICE_SECONDS, path="/console", httponly=True, samesite="Lax", secure=secure
    )


def _read_device() -> dict[str, Any] | None:
    try:
        device = _serializer().loads(request.cookies.get(DEVICE_COOKIE, ""), max_age=DEVICE_SECONDS)
    except BadSignature:
        return None
    return device if isinstance(device, dict) else None


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.config["SECRET_KEY"]), salt="sign-in device")


def network_of(address: str) -> str:
    """The address, or for IPv6 the /64 that one subscriber has to themselves."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is None:
        return str(ipaddress.ip_network((parsed, 64), strict=False).network_address)
    return str(getattr(parsed, "ipv4_mapped", None) or parsed)
