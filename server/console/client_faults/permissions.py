"""Who reads what went wrong on phones."""

from server.unions.roles import ADMINS

PERMISSIONS = {"client_fault.read": ADMINS}
