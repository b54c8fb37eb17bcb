"""Draws are of pools."""

from tests.integration.prizes.conftest import contest, context, giving

__all__ = ["contest", "context", "giving"]
