"""Who sees to background jobs."""

from server.unions.roles import ADMINS

PERMISSIONS = {"job.manage": ADMINS}
