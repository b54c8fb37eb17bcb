"""At which occasions messages go out by WeChat, and what their templates may say. Pure."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from server.core import clock
from server.core.messages import PersonalMessage
from server.kit.occasions import Occasion

OCCASION_NAMES: Mapping[Occasion, str] = {
    Occasion.RESULT: "审核结果",
    Occasion.QUESTION: "请职工补充",
    Occasion.RECTIFICATION: "整改进展",
    Occasion.SUGGESTION: "建议进展",
    Occasion.AWARD: "奖励和奖品",
    Occasion.DESK: "审核员的消息和每日摘要",
}


class Scene(StrEnum):
    """Where in the mini program consent is asked for."""

    SUBMIT = "submit"
    ANSWER = "answer"
    SUGGEST = "suggest"
    AWARD = "award"
    DESK = "desk"


SCENES: Mapping[Scene, tuple[Occasion, ...]] = {  # WeChat shows three at most
    Scene.SUBMIT: (Occasion.RESULT, Occasion.QUESTION, Occasion.RECTIFICATION),
    Scene.ANSWER: (Occasion.RESULT, Occasion.QUESTION, Occasion.RECTIFICATION),
    Scene.SUGGEST: (Occasion.RESULT, Occasion.QUESTION, Occasion.SUGGESTION),
    Scene.AWARD: (Occasion.AWARD,),
    Scene.DESK: (Occasion.DESK,),
}

SAMPLE: Mapping[str, str] = {
    "标题": "你的隐患已受理",
    "事项": "三号车间东门配电箱门敞开，电线裸露",
    "说明": "“三号车间东门配电箱门敞开”已受理，定为一般隐患。",
    "结果": "已受理",
    "编号": "2026-000123Y",
    "时间": "2026年11月24日 09:30",
    "日期": "2026年11月24日",
}
PLACEHOLDER = re.compile(r"\{([^{}]{1,10})\}")


NO_NUMBER = "-"
"""WeChat takes no empty field."""


def words_of(told: PersonalMessage, outcome: str, number: str | None, at: datetime) -> dict[str, str]:
    """What the placeholders stand for in a message that was put into an inbox. `number`: of what it is about."""
    there = clock.in_shanghai(at)
    day = clock.day_in_words(there.date())
    return {
        "标题": told.message.title,
        "事项": told.what or told.message.title,
        "说明": told.message.body,
        "结果": outcome,
        "编号": number or NO_NUMBER,
        "时间": f"{day} {there:%H:%M}",
        "日期": day,
    }


def render(text: str, words: Mapping[str, str]) -> str:
    """The text with its placeholders filled in; unknown ones stay as they are."""
    return PLACEHOLDER.sub(lambda found: words.get(found[1], found[0]), text)


def after_quiet(moment: datetime, quiet_from: int, quiet_until: int) -> datetime:
    """The moment itself, or the end of the quiet hours that it falls into. Hours in China, which has no summer time."""
    there = clock.in_shanghai(moment)
    since = (there.hour - quiet_from) % 24
    if since >= (quiet_until - quiet_from) % 24:
        return moment
    end = there.replace(hour=quiet_until, minute=0, second=0, microsecond=0)
    return (end if end > there else end + timedelta(days=1)).astimezone(moment.tzinfo)
