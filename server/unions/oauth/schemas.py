"""What WeChat's page sends a browser back with."""

from typing import Annotated

from pydantic import StringConstraints

from server.core.web.schemas import AsTyped, In

Token = Annotated[str, AsTyped(), StringConstraints(max_length=200)]


class ReturnQuery(In):
    """The code to ask WeChat with, none if the person refused; and the state that the browser took along."""

    code: Token = ""
    state: Token = ""
