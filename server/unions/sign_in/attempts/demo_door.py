"""The demo sign-in: only where the settings ask for it by name, and only for somebody at this very machine."""

import ipaddress
import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from server.core.errors import Forbidden, Unauthorized

PREFIX = "demo:"
APP_ID = "demo"  # the made-up WeChat application that demo workers come from
_CODE = re.compile(r"demo:(worker-[1-9][0-9]?)")
_LOOPBACK_NAMES = frozenset({"localhost", "localhost.localdomain", "ip6-localhost"})
_PROXY_HEADERS = frozenset({"forwarded", "via", "x-real-ip", "x-client-ip", "true-client-ip", "cf-connecting-ip"})


def is_demo_code(code: str) -> bool:
    """Whether a login code asks for the demo sign-in."""
    return code.startswith(PREFIX)


def demo_openid(code: str) -> str:
    """`worker-1` for `demo:worker-1`, up to worker-99. Raises Unauthorized for any other."""
    match = _CODE.fullmatch(code)
    if match is None:
        raise Unauthorized("没有这个演示账号，请用 worker-1 到 worker-99。", code="demo_code_unknown")
    return match[1]


def check_demo_allowed(*, enabled: bool, remote_addr: str | None, host: str, headers: Iterable[str]) -> None:
    """Raise Forbidden `demo_sign_in_off` unless it is on and the request was made on this machine, directly."""
    proxied = any(name.lower() in _PROXY_HEADERS or name.lower().startswith("x-forwarded-") for name in headers)
    if not enabled or proxied or not _is_loopback(remote_addr or "") or not _is_loopback_host(host):
        raise Forbidden("演示登录没有开启，或者不是在本机打开的。请用微信登录。", code="demo_sign_in_off")


def _is_loopback(address: str) -> bool:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = getattr(parsed, "ipv4_mapped", None)
    return (mapped or parsed).is_loopback


def _is_loopback_host(host: str) -> bool:
    """A page elsewhere can make a browser on this machine call us under a name of its own (DNS rebinding)."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    return name in _LOOPBACK_NAMES or _is_loopback(name)
