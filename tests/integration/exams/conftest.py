"""Tests ask questions of the bank."""

from tests.integration.quiz.conftest import bank

__all__ = ["bank"]
