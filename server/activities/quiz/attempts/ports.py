"""What slices above say of papers that are not the quiz's."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.core.ports import Port

ASKED_ELSEWHERE: Port[Callable[[Session, UUID, datetime], Sequence[Sequence[Any]]]] = Port("quiz.asked_elsewhere")
"""The papers, as they are stored, that somebody is answering there now: until they are in, neither practice nor results
tell what is right in them."""
