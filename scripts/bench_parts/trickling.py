"""Slow phones: some send a photo at 5 kB/s, some a byte of a head now and then.

`python -m bench_parts.trickling PLAN RESULTS`: a process of its own. The photos' answers are written down; the heads go
on until the photos are through, each from a new connection when it was given up.
"""

import asyncio
import json
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from bench_parts.raw_http import BROKEN, Line, request, upload
from bench_parts.reporting import Report, declaration

STEP_SECONDS = 0.5
HEAD = request("GET", "/api/v1/me", "no-such-token")
ADDRESSES = 200  # of 127.0.1.0/24 that phones come from


async def send_photo(url: str, report: Report, per_second: float, source: str) -> tuple[int, float]:
    """The status of the answer, 0 if the line broke, and how long it took."""
    try:
        line = await Line.to(url, source)
        whole = upload(report.id, report.token, Path(report.photo).read_bytes())
        step, begun = int(per_second * STEP_SECONDS), time.monotonic()
        for start in range(0, len(whole), step):
            if not await line.send(whole[start : start + step]):
                break
            await asyncio.sleep(max(0.0, begun + (start / step + 1) * STEP_SECONDS - time.monotonic()))
        answer = await line.read()
    except (OSError, EOFError):
        return BROKEN.status, 0.0
    line.close()
    return answer.status, time.monotonic() - begun


async def send_heads(url: str, source: str, enough: asyncio.Event) -> None:
    """A byte every half second, for ever."""
    while not enough.is_set():
        try:
            line = await Line.to(url, source)
            for byte in HEAD[:-1]:
                if enough.is_set() or not await line.send(bytes([byte])):
                    break
                await asyncio.sleep(STEP_SECONDS)
            line.close()
        except OSError:
            await asyncio.sleep(STEP_SECONDS)


async def declare(url: str, reports: list[Report]) -> None:
    """All reports, one after the other: what they cost is not what is measured."""
    for report in reports:
        line = await Line.to(url)
        await line.ask(declaration(report))
        line.close()


async def trickle(told: dict[str, Any], ready: Path) -> list[tuple[int, float]]:
    """All of them at once, once their reports are declared; `ready` is made then."""
    reports = [Report(**each) for each in told["reports"]]
    await declare(told["url"], reports)
    ready.touch()
    url, per_second, enough = told["url"], told["per_second"], asyncio.Event()
    sources = [f"127.0.1.{number + 1}" for number in range(ADDRESSES)]
    heads = [
        asyncio.create_task(send_heads(url, sources[number % ADDRESSES], enough)) for number in range(told["heads"])
    ]
    photos = [send_photo(url, each, per_second, sources[number % ADDRESSES]) for number, each in enumerate(reports)]
    answers = await asyncio.gather(*photos)
    enough.set()
    await asyncio.gather(*heads)
    return list(answers)


def main(plan: str, results: str) -> None:
    """Trickle as the plan says; write down what became of the photos."""
    answers = asyncio.run(trickle(json.loads(Path(plan).read_text()), Path(f"{results}.ready")))
    through = [seconds for status, seconds in answers if status == 200]
    statuses = Counter(str(status) for status, _ in answers)
    cost = time.process_time()
    found = {"statuses": statuses, "longest": max(through, default=0.0), "cpu_seconds": cost}
    Path(results).write_text(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
