"""What Prometheus is told. The processes of a service share a directory of counters (PROMETHEUS_MULTIPROC_DIR)."""

import os
from collections.abc import Iterable, Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.registry import REGISTRY, Collector

from server.core.ops.run_files import VARIABLE

REQUESTS = Counter("suishoupai_requests", "Requests answered", ["method", "endpoint", "status"])
REQUEST_SECONDS = Histogram(
    "suishoupai_request_seconds",
    "Seconds from the first byte handled to the answer handed over",
    ["method", "endpoint"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30, 120),
)
UPLOAD_BYTES = Counter("suishoupai_upload_bytes", "Bytes of request bodies received", ["endpoint"])
JOBS = Counter("suishoupai_jobs", "Runs of background jobs", ["name", "result"])
JOB_SECONDS = Histogram(
    "suishoupai_job_seconds",
    "Seconds a run of a background job took",
    ["name"],
    buckets=(0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300),
)

Gauges = Iterable[tuple[str, str, dict[str, float]]]  # (metric, what it says, {value of the label `state`: number})


def forget_process(pid: int) -> None:
    """Drop what only a living process may report."""
    if os.environ.get(VARIABLE):
        mark_process_dead(pid)


class _Measured(Collector):
    """Figures read at the moment of the scrape, by state."""

    def __init__(self, gauges: Gauges) -> None:
        self._gauges = gauges

    def collect(self) -> Iterator[Metric]:
        for name, text, values in self._gauges:
            family = GaugeMetricFamily(name, text, labels=["state"])
            for state, number in values.items():
                family.add_metric([state], number)
            yield family


def exposition(gauges: Gauges) -> bytes:
    """Prometheus' text format: the counters of every process of this service, and `gauges`."""
    registry = CollectorRegistry()
    registry.register(_Measured(gauges))
    if os.environ.get(VARIABLE):
        MultiProcessCollector(registry)
        return generate_latest(registry)
    return generate_latest(REGISTRY) + generate_latest(registry)
