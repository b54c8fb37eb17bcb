"""Who has an inbox, and who a bell at the console."""

from server.unions.roles import CONSOLE, WORKERS, Role

PERMISSIONS: dict[str, frozenset[Role]] = {"inbox.read_own": WORKERS, "inbox.read_at_desk": CONSOLE}
