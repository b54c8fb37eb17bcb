"""Who may read and issue reports. Of which unions is a matter of scope."""

from server.unions.roles import CONSOLE, Role

MAY_READ = CONSOLE
PERMISSIONS: dict[str, frozenset[Role]] = {"bulletin.read": MAY_READ, "bulletin.issue": CONSOLE}
