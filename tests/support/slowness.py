"""A test that takes longer than two seconds says why: by `@pytest.mark.slow("why")` or in its docstring.

Those that do not are listed at the end of a run. A busy machine's clock is nobody's fault, the CPU seconds of a test's
process are: more than thirty of them without a reason, more than a slow machine explains, fail it. Browsers and what
was killed are reason enough.
"""

import time
from collections.abc import Generator

import pytest

REASON_ENOUGH = ("tests/e2e/", "tests/faults/")
SECONDS = 2.0
CPU_SECONDS = 30.0
UNEXPLAINED = "slow"  # the property of a report under which the controlling process learns of it


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, object, object]:
    """Note a test that was slow without a reason; fail it if it was very slow."""
    began, spent = time.monotonic(), time.process_time()
    result = yield
    taken, spent = time.monotonic() - began, time.process_time() - spent
    if max(taken, spent) > SECONDS and not _says_why(pyfuncitem):
        pyfuncitem.user_properties.append((UNEXPLAINED, round(taken, 1)))
        assert spent < CPU_SECONDS, f"took {spent:.1f} CPU seconds and does not say why: see tests/support/slowness.py"
    return result


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """List them, the slowest first."""
    found = sorted(
        (-float(str(value)), report.nodeid)
        for report in terminalreporter.getreports("passed")
        for name, value in report.user_properties
        if name == UNEXPLAINED
    )
    if found:
        terminalreporter.section(f"{len(found)} slower than {SECONDS:.0f} s that do not say why")
        for seconds, nodeid in found:
            terminalreporter.write_line(f"{-seconds:6.1f} s {nodeid}")


def _says_why(item: pytest.Function) -> bool:
    return (
        item.nodeid.startswith(REASON_ENOUGH)
        or item.get_closest_marker("slow") is not None
        or bool(item.function.__doc__)
    )
