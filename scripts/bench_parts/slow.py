"""Five hundred phones that send a photo at 5 kB/s and five hundred that send a head byte by byte: what others feel.

Others: eight at a time, one after the other without a pause, as fast as they are answered, that look at their reports
or send one with a photo of 300 kB. Before the slow ones come, while they are there; gunicorn alone and behind nginx
with the settings of docs/operations.md. Quick: fifty and fifty.
"""

import asyncio
import getpass
import itertools
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path
from statistics import median
from typing import Any

from bench_parts import wrk
from bench_parts.options import Options
from bench_parts.raw_http import Line, request
from bench_parts.reporting import Report, make_photos, make_reports, send
from bench_parts.rounds import table
from bench_parts.servers import ProductionService, family_of, memory_of
from bench_parts.stage import Stage
from tests.support.servers import free_port, wait_until

SLOW_BYTES = 5_000  # a second
SLOW_PHOTO, OTHER_PHOTO = 150_000, 300_000  # bytes: the first takes half a minute
OTHERS = 8
LINE_UP = 4.0  # seconds until all slow ones are there
NGINX = """
user {user}; daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log; worker_rlimit_nofile 8192;
events {{ worker_connections 4000; }}
http {{
    access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    limit_conn_zone $binary_remote_addr zone=address:10m;
    server {{
        listen 127.0.0.1:{port};
        client_max_body_size 25m;
        client_header_timeout 20s; client_body_timeout 30s; send_timeout 30s;
        proxy_request_buffering on;
        limit_conn address 200;
        location / {{
            proxy_pass http://127.0.0.1:{behind};
            proxy_set_header Host 127.0.0.1; proxy_set_header X-Forwarded-For $remote_addr;
        }}
    }}
}}
"""


def measure(stage: Stage, options: Options) -> tuple[str, dict[str, Any]]:
    """Medians before and meanwhile, and memory."""
    count = 500 if options.seconds > 1 else 50
    slow = make_photos(stage.photos(), 0, 5, SLOW_PHOTO)
    others = make_photos(stage.photos(), 100, 40, OTHER_PHOTO)
    rows, data = [], {}
    for kind in options.databases:
        for front in ("alone", "behind nginx"):
            name = f"{kind}, {front}"
            if not options.is_wanted(name):
                continue
            options.say(name)
            settings = stage.settings(kind).model_copy(update={"trusted_proxies": int(front != "alone")})
            city = stage.fill(settings, 0)  # none whose number a new one could get
            with ExitStack() as stack:
                service = ProductionService(settings)
                stack.callback(service.stop)
                service.start_web()
                url = service.base_url if front == "alone" else stack.enter_context(_nginx(stage.folder, service.port))
                reports = (list(make_reports(city, [*itertools.islice(itertools.cycle(each), size)])) for each, size in
                           ((slow, count), (others, 5000)))  # fmt: skip
                data[name] = found = _measure(stage.folder, service, url, *reports, seconds=options.seconds)
            rows += [[name, what, value] for what, value in found.items()]
            options.say(str(found))
    return table(["slow phones", "", ""], rows), data


def _measure(
    folder: Path,
    service: ProductionService,
    url: str,
    slow: list[Report],
    others: list[Report],
    *,
    seconds: float,
) -> dict[str, Any]:
    family = family_of(service.web.pid)[1:] if service.web else []
    waiting = iter(others)
    asyncio.run(_others(url, waiting, 1.0))  # warms up
    calm = asyncio.run(_others(url, waiting, seconds))
    memory = max(memory_of(pid).rss for pid in family)
    plan, result = folder / "slow.json", folder / f"slow-{service.port}.result"
    told = {
        "url": url,
        "per_second": SLOW_BYTES,
        "heads": len(slow),
        "reports": [asdict(each) for each in slow],
    }
    plan.write_text(json.dumps(told))
    with subprocess.Popen([sys.executable, "-m", "bench_parts.trickling", plan, result]) as phones:
        wait_until(Path(f"{result}.ready").exists, "the slow phones", 300)
        time.sleep(LINE_UP)
        meanwhile = asyncio.run(_others(url, waiting, seconds))
        if phones.poll() is not None:
            raise wrk.BenchError("the slow phones were gone before the others were measured")
        grown = max(memory_of(pid).rss for pid in family)
    came = json.loads(result.read_text())
    return {
        **{f"{what} p50 ms, before → meanwhile": f"{_ms(calm[what])} → {_ms(meanwhile[what])}" for what in calm},
        "others answered, before → meanwhile": f"{_count(calm)} → {_count(meanwhile)}",
        "web process RSS MB, before → meanwhile": f"{memory:.0f} → {grown:.0f}",
        "slow photos by status": came["statuses"],
        "slowest photo, s": round(came["longest"], 1),
        "slow phones' CPU, s": round(came["cpu_seconds"], 1),
    }


def _ms(seconds: list[float]) -> str:
    return f"{median(seconds) * 1000:.0f}" if seconds else "none"


def _count(found: dict[str, list[float]]) -> int:
    return sum(len(each) for each in found.values())


async def _others(url: str, reports: Iterator[Report], seconds: float) -> dict[str, list[float]]:
    """Half of them look at their reports, half send one with a photo. Raises BenchError if one is refused."""
    found: dict[str, list[float]] = {"look": [], "report with a photo": []}
    end = time.monotonic() + seconds

    async def look() -> None:
        line = await Line.to(url)
        ask = request("GET", "/api/v1/submissions", next(reports).token)
        while (begun := time.monotonic()) < end:
            answer = await line.ask(ask)
            if answer.status != 200:
                raise wrk.BenchError(f"a look was answered with {answer.status}")
            found["look"].append(time.monotonic() - begun)
        line.close()

    async def report() -> None:
        while time.monotonic() < end:
            sent = await send(url, next(reports), time.monotonic())
            if sent.uploaded not in (200, 201):
                raise wrk.BenchError(f"a report was refused: {sent}")
            found["report with a photo"].append(sent.seconds)

    await asyncio.gather(*(each() for each in [look, report] * (OTHERS // 2)))
    return found


@contextmanager
def _nginx(folder: Path, behind: int) -> Iterator[str]:
    """nginx in front of a port. It knows nothing of TLS here."""
    port = free_port()
    where = folder / f"nginx-{port}"
    where.mkdir()
    (where / "nginx.conf").write_text(NGINX.format(user=getpass.getuser(), folder=where, port=port, behind=behind))
    with subprocess.Popen(["nginx", "-e", where / "nginx.log", "-c", where / "nginx.conf"]) as process:
        try:
            wait_until((where / "nginx.pid").exists, "nginx")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
