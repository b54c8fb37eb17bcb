"""A web process that is told to stop and drops nobody who has got through to it."""

import select
from typing import Any

from server.core.ops.gthread_gate import Worker


class DrainingWorker(Worker):
    """Takes in whoever waits at the door, then shuts it at once, then serves those inside.

    gunicorn leaves the door open until the last of them has gone, and takes in nobody: whoever comes meanwhile is
    connected, waits, and is hung up on. Refused at once, a proxy asks the next web process.
    """

    def set_accept_enabled(self, enabled: bool) -> None:
        """gunicorn calls it with False at the beginning of a stop, too."""
        super().set_accept_enabled(enabled)
        if not enabled and not self.alive:
            for listener in self.sockets:
                self._take_in(listener)
                listener.close()

    def _take_in(self, listener: Any) -> None:
        while select.select([listener], [], [], 0)[0]:
            self.accept(listener)
