"""The demo sign-in opens on this machine alone."""

import pytest

from server.core.errors import Forbidden, Unauthorized
from server.unions.sign_in.attempts.demo_door import check_demo_allowed, demo_openid, is_demo_code


@pytest.mark.parametrize("address", ["127.0.0.1", "127.1.2.3", "::1", "::ffff:127.0.0.1"])
@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "localhost:8000", "[::1]:8000"])
def test_it_opens_to_this_machine_when_asked_for(address: str, host: str) -> None:
    check_demo_allowed(enabled=True, remote_addr=address, host=host, headers=["Host", "User-Agent"])


def test_it_stays_shut_when_the_settings_do_not_ask_for_it() -> None:
    with pytest.raises(Forbidden, match="demo_sign_in_off"):
        check_demo_allowed(enabled=False, remote_addr="127.0.0.1", host="localhost", headers=[])


@pytest.mark.parametrize("address", ["192.168.1.5", "10.0.0.1", "::ffff:10.0.0.1", "", None, "nonsense"])
def test_it_stays_shut_to_other_machines(address: str | None) -> None:
    with pytest.raises(Forbidden):
        check_demo_allowed(enabled=True, remote_addr=address, host="localhost", headers=[])


@pytest.mark.parametrize(
    "host", ["ssp.example.org", "127.0.0.1.example.org", "localhost.example.org", "192.168.1.5", "", "[", "0.0.0.0"]
)
def test_it_stays_shut_to_names_that_are_not_this_machines(host: str) -> None:
    with pytest.raises(Forbidden):
        check_demo_allowed(enabled=True, remote_addr="127.0.0.1", host=host, headers=[])


@pytest.mark.parametrize("header", ["Forwarded", "X-Forwarded-For", "x-forwarded-proto", "X-Real-IP", "Via"])
def test_it_stays_shut_behind_a_proxy(header: str) -> None:
    with pytest.raises(Forbidden):
        check_demo_allowed(enabled=True, remote_addr="127.0.0.1", host="localhost", headers=["Host", header])


@pytest.mark.parametrize(("code", "openid"), [("demo:worker-1", "worker-1"), ("demo:worker-99", "worker-99")])
def test_codes_name_workers_one_to_ninety_nine(code: str, openid: str) -> None:
    assert is_demo_code(code)
    assert demo_openid(code) == openid


@pytest.mark.parametrize(
    "code", ["demo:worker-0", "demo:worker-100", "demo:worker-01", "demo:", "demo:admin", "demo:worker-1\n"]
)
def test_other_codes_name_nobody(code: str) -> None:
    with pytest.raises(Unauthorized, match="demo_code_unknown"):
        demo_openid(code)
