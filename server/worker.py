"""The background worker: Huey's consumer runs jobs as they are woken up, two loops see to what was missed or is due."""

import logging
import os
import signal
import sys
import threading
import time
from types import FrameType
from typing import Any

import structlog

import server.models  # noqa: F401  (every table must be known before the first mapper is used)
from server.core import logging as service_logging
from server.core.db import Database
from server.core.jobs import wake_ups
from server.core.jobs.leases import Heartbeat
from server.core.jobs.registry import JobContext
from server.core.jobs.runner import Runner
from server.core.jobs.sweep import periodic_loop, sweep_loop
from server.core.one_heap import share_one_heap
from server.core.ops.run_files import keep_to_owner
from server.core.sandbox import give_way
from server.core.settings import Settings, load_settings
from server.core.storage.factory import open_store
from server.wiring import wire

log = structlog.get_logger(__name__)

STATEMENT_SECONDS = 60.0
STOP_SECONDS = 8.0  # how long work in hand may take to end before it is put back
EXIT_HUNG = 70


def _without_trace(record: logging.LogRecord) -> bool:
    """A log filter: Huey shows a trace each time it finds its queue away, several times a second."""
    record.exc_info = None
    return True


class Worker:
    """One worker process, from start to stop."""

    def __init__(self, settings: Settings) -> None:
        logging.getLogger("huey.consumer.Worker").addFilter(_without_trace)
        wire()
        self.settings = settings
        self.stopping = threading.Event()
        database = Database(settings, STATEMENT_SECONDS)
        self.heartbeat = Heartbeat(database, settings.job_lease_seconds)
        self.runner = Runner(JobContext(settings, database, open_store(settings)), self.heartbeat)
        sender = wake_ups.WakeUps(settings)
        wake_ups.install(database, sender)
        self.loops = [periodic_loop(self.runner), sweep_loop(self.runner, sender, settings.job_sweep_seconds)]

    def run(self) -> int:
        """Work until told to stop. Returns the exit status."""
        consumer = self._start_consumer()
        self.heartbeat.start()
        for loop in self.loops:
            loop.start()
        log.info("worker_started", threads=self.settings.worker_threads, pid=os.getpid())
        status = 0
        while not self.stopping.wait(1.0):
            if consumer is None:
                consumer = self._start_consumer()
            elif not consumer.check_worker_health():
                log.warning("consumer_thread_restarted")
            if self.heartbeat.overrun() >= self.settings.worker_threads:
                log.error("all_threads_hang")  # start afresh: nothing would be done here any more
                status = EXIT_HUNG
                break
        self._stop(consumer)
        return status

    def stop(self, signum: int, _frame: FrameType | None) -> None:
        """Signal handler: end after the work in hand."""
        self.stopping.set()

    def _start_consumer(self) -> Any:
        """Huey's consumer in threads of this process; None while its queue cannot be reached."""
        try:
            huey = wake_ups.make_huey(self.settings, self._work_quietly, consuming=True)
            consumer = huey.create_consumer(
                workers=self.settings.worker_threads,
                periodic=False,
                initial_delay=0.05,  # seconds between looks at an empty SQLite queue, or at a Redis that is away
                max_delay=5.0 if self.settings.redis_url else 0.3,
                scheduler_interval=60,
            )
        except wake_ups.QUEUE_ERRORS as error:
            log.warning("queue_unavailable", error=type(error).__name__)
            return None
        consumer.start()
        for signum in (signal.SIGTERM, signal.SIGINT):  # Huey has just set its own
            signal.signal(signum, self.stop)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        return consumer

    def _work_quietly(self) -> None:
        try:
            self.runner.drain(self.stopping)
        except Exception:
            log.exception("job_not_claimed")  # the row is untouched: the sweep finds it again

    def _stop(self, consumer: Any) -> None:
        """Finish what can be finished in time, put back the rest."""
        deadline = time.monotonic() + STOP_SECONDS
        threads: list[threading.Thread] = list(self.loops)
        for loop in self.loops:
            loop.stopping.set()
        if consumer is not None:
            consumer.stop_flag.set()
            threads += [thread for _worker, thread in consumer.worker_threads]
        for thread in threads:
            thread.join(max(deadline - time.monotonic(), 0))
        self.heartbeat.stop()
        released = self.runner.release_all()
        log.info("worker_stopped", released=released)


def main() -> int:
    """Run a worker with the settings of the environment. Returns the exit status."""
    share_one_heap()
    settings = load_settings()
    service_logging.configure(settings)
    keep_to_owner(settings.data_dir)
    give_way(settings.worker_niceness)
    worker = Worker(settings)
    for signum in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signum, worker.stop)
    return worker.run()


if __name__ == "__main__":
    status = main()
    sys.stderr.flush()
    os._exit(status)  # threads that did not come back must not keep the process
