"""What the pages of findings post."""

from typing import Annotated, Literal

from pydantic import StringConstraints

from server.core.web.schemas import In, Line, Prose


class JudgeIn(In):
    """What somebody competent found: who, with which qualification."""

    verdict: Literal["passed", "failed"]
    judge: Annotated[Line, StringConstraints(min_length=2, max_length=100)]
    words: Annotated[Prose, StringConstraints(max_length=500)] = ""
