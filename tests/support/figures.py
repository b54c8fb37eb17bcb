"""Counting figures now, which a job does every few seconds."""

from types import SimpleNamespace
from typing import cast

from server.core.db import Database
from server.core.jobs.registry import JobContext
from server.reports.rollups.jobs import refresh


def count_figures(database: Database) -> None:
    """Count whatever changed."""
    refresh(cast(JobContext, SimpleNamespace(database=database)))
