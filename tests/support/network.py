"""No test talks to anything but this machine."""

import ipaddress
import socket
from typing import Any

import pytest


def forbid_outside(patch: pytest.MonkeyPatch) -> None:
    """Refuse every connection and look-up of this process that leads off this machine."""
    connect, connect_ex, getaddrinfo = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def checked_connect(self: socket.socket, address: Any) -> None:
        _check(self.family, address)
        connect(self, address)

    def checked_connect_ex(self: socket.socket, address: Any) -> int:
        _check(self.family, address)
        return connect_ex(self, address)

    def checked_getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        if not is_local(host):
            raise OutsideError(host)
        return getaddrinfo(host, *args, **kwargs)

    patch.setattr(socket.socket, "connect", checked_connect)
    patch.setattr(socket.socket, "connect_ex", checked_connect_ex)
    patch.setattr(socket, "getaddrinfo", checked_getaddrinfo)


class OutsideError(OSError):
    """A test tried to reach beyond this machine."""

    def __init__(self, host: object) -> None:
        super().__init__(f"tests must not talk to {host!r}: only to this machine")


def is_local(host: object) -> bool:
    """Whether a host as given to a socket call is this machine."""
    if host is None or host in ("", b"", "localhost", b"localhost"):
        return True
    try:
        return ipaddress.ip_address(host.decode() if isinstance(host, bytes) else str(host)).is_loopback
    except ValueError:
        return False


def _check(family: int, address: Any) -> None:
    if family in (socket.AF_INET, socket.AF_INET6) and not is_local(address[0]):
        raise OutsideError(address[0])
