"""Who may enter the console."""

from server.unions.roles import CONSOLE

PERMISSIONS = {"console.enter": CONSOLE}
