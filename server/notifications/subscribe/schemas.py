"""Shapes of subscriptions."""

import re
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from server.core.web.schemas import In, Out
from server.kit.occasions import Occasion
from server.notifications.subscribe.message_templates.occasions import Scene

TemplateId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
TEMPLATE_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_PAGE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_/-]*(\?[A-Za-z0-9_=&-]*(=\{编号\})?)?")


def is_page(page: str) -> bool:
    """Whether it is a page of the mini program, with the id's placeholder at most."""
    return len(page) <= 150 and _PAGE.fullmatch(page) is not None


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


class EditQuery(In):
    """Whose template is open for editing."""

    edit: Occasion | None = None
