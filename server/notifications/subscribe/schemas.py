"""Shapes of subscriptions."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from server.core.web.schemas import In, Out
from server.notifications.subscribe.occasions import Scene

TemplateId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]


class SceneQuery(In):
    """Where consent is about to be asked for."""

    scene: Scene


class TemplatesOut(Out):
    """What to ask for by `wx.requestSubscribeMessage`: three at most, none where nothing is set up."""

    template_ids: list[str]


class ConsentsIn(In):
    """WeChat's answer, template by template."""

    results: Annotated[
        dict[TemplateId, Literal["accept", "reject", "ban", "filter"]], Field(min_length=1, max_length=5)
    ]


class ConsentsOut(Out):
    """How many of them are good for a message."""

    accepted: int
