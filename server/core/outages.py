"""Which errors mean that something the service needs is away for now, rather than that something is wrong."""

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from server.core.errors import AppError

# SQLSTATEs that psycopg counts among its own faults: a standby or a full disk's read-only mode, an idle transaction
# that the server ended.
ELSEWHERE = frozenset({"25006", "25P03"})


def is_outage(error: BaseException) -> bool:
    """Whether the same would work once the database, the object store or a partner is back."""
    if isinstance(error, AppError):
        return error.is_outage
    if isinstance(error, DBAPIError) and (
        error.connection_invalidated or getattr(error.orig, "sqlstate", None) in ELSEWHERE
    ):
        return True
    return isinstance(error, OperationalError | InterfaceError | PoolTimeout)
