"""Every table, so that the metadata is whole: for migrations and for composition roots."""

from server.core import leased_values
from server.core.db import Base
from server.wiring import rooms

TABLES = (leased_values, *rooms("models"))
metadata = Base.metadata
