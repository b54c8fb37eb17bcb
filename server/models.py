"""Every table, so that the metadata is whole: for migrations and for composition roots."""

from server.core import shared
from server.core.db import Base
from server.wiring import rooms

TABLES = (shared, *rooms("models"))
metadata = Base.metadata
