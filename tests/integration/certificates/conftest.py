"""Certificates are of contests."""

from tests.integration.prizes.conftest import contest

__all__ = ["contest"]
