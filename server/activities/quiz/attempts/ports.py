"""What slices above say of papers that are not the quiz's."""

from typing import Any

from sqlalchemy import Select

from server.core.ports import Port

ASKED_ELSEWHERE: Port[Select[Any]] = Port("quiz.asked_elsewhere")
"""The papers that somebody (`asker_id`) is answering there at a `moment`, both bound by these names, as they are stored
(`questions`): until they are in, neither practice nor results tell what is right in them. Statements, not functions, so
that all of them are asked at once."""
