"""Signing in by the demo's door: no WeChat is asked, all else is as with it."""

import http.client
import itertools
import json
import statistics
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from bench_parts.servers import cpu_seconds
from bench_parts.stage import Ready
from bench_parts.wrk import BenchError

SETTINGS: Mapping[str, Any] = {"demo_sign_in": True}
CONNECTIONS = 8
PER_ADDRESS = 250
"""An address may sign in 300 times a minute: the machine calls itself from others of its own."""


def sign_in(ready: Ready, seconds: float) -> Mapping[str, float]:
    """As many as eight connections manage, by workers who were here before. Raises BenchError if anybody is refused."""
    numbers = itertools.count(time.time_ns() // 1_000_000)
    before, began = sum(map(cpu_seconds, ready.pids)), time.perf_counter()
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        spent = [
            ms
            for each in pool.map(lambda _: _one_door(ready, numbers, began + seconds), range(CONNECTIONS))
            for ms in each
        ]
    took, cpu = time.perf_counter() - began, sum(map(cpu_seconds, ready.pids)) - before
    return {
        "requests": len(spent),
        "req_s": len(spent) / took,
        "cpu_ms": cpu * 1000 / len(spent),
        "p50_ms": statistics.median(spent),
        "p99_ms": statistics.quantiles(spent, n=100)[98],
    }


def _one_door(ready: Ready, numbers: Iterator[int], until: float) -> list[float]:
    spent: list[float] = []
    while time.perf_counter() < until:
        address = f"127.{next(numbers) % 250 + 1}.{next(numbers) % 250 + 1}.{next(numbers) % 250 + 1}"
        connection = http.client.HTTPConnection(
            "127.0.0.1", ready.service.port, timeout=30, source_address=(address, 0)
        )
        for _ in range(PER_ADDRESS):
            spent.append(_call(connection, f"demo:worker-{next(numbers) % 99 + 1}"))
            if time.perf_counter() >= until:
                break
        connection.close()
    return spent


def _call(connection: http.client.HTTPConnection, code: str) -> float:
    began = time.perf_counter()
    connection.request("POST", "/api/v1/session", json.dumps({"code": code}), {"Content-Type": "application/json"})
    answer = connection.getresponse()
    content = answer.read()
    if answer.status != 200:
        raise BenchError(f"{answer.status}: {content[:300]!r}")
    return (time.perf_counter() - began) * 1000
