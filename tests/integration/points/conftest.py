"""Accepted and closed hazards, as the rectification tests make them."""

from tests.integration.rectification.conftest import accepted, hand_of, rectifier, town

__all__ = ["accepted", "hand_of", "rectifier", "town"]
