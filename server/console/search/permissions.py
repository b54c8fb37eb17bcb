"""Who may search: everybody at the console; what they find is a matter of each kind's own permission and scope."""

from server.unions.roles import CONSOLE

PERMISSIONS = {"search.use": CONSOLE}
