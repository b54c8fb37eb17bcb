"""Who reads the handbook: everybody at the console."""

from server.unions.roles import CONSOLE

PERMISSIONS = {"help.read": CONSOLE}
