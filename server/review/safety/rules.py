"""When WeChat is asked again, what its labels mean, how long texts are cut. Pure."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from server.wechat.caller import tomorrow
from server.wechat.gateway import MAX_CHECKED, TextVerdict
from server.wechat.outcomes import Course, WechatRefused, WechatSilent

BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 720))
VERDICT_AFTER = timedelta(minutes=40)  # WeChat promises pictures within 30
ASKED_AT_MOST = 3  # times for one picture's verdict
LINK_LIVES = timedelta(hours=2)
NOT_READY = timedelta(seconds=5)  # until the picture's display copy is looked for again; then each time twice as long
LEASE = timedelta(minutes=5)  # a process that dies while it asks

INACTIVE, REPEATED = 61010, 87020

COMPLAINED = 1
"""No label of WeChat's: somebody who saw it complained, and a reviewer agreed."""

LABELS = {
    COMPLAINED: "有人举报",
    10001: "广告",
    20001: "时政敏感",
    20002: "色情",
    20003: "辱骂",
    20006: "违法犯罪",
    20008: "欺诈",
    20012: "低俗",
    20013: "版权",
    21000: "其他不宜公开",
}
REASONS = {
    "inactive": "职工两小时内没有用过小程序，微信不检查",
    "no_wechat": "职工不是用微信登录的",
    "no_answer": "微信没有答复",
    "no_verdict": "微信一直没有给出结果",
    "no_public_url": "没有设置对外网址，微信取不到照片",
    "damaged": "照片损坏，打不开",
    "not_ready": "照片还没有处理好",
    "download_failed": "微信取不到照片",
}
_SEVERITY = ("pass", "review", "risky")


def label_text(label: int | None) -> str:
    """What is wrong, in a word."""
    return LABELS.get(label or 0, "不宜公开")


def reason_text(reason: str | None) -> str:
    """Why there is no verdict."""
    return REASONS.get(reason or "", "微信拒绝检查")


def pieces(content: str) -> Iterator[str]:
    """The text in pieces that WeChat takes; each begins with the end of the one before, so that no word is cut."""
    step = MAX_CHECKED - 100
    for start in range(0, max(len(content) - 100, 1), step):
        yield content[start : start + MAX_CHECKED]


def worst(verdicts: Sequence[TextVerdict]) -> TextVerdict:
    """The most severe one."""
    return max(verdicts, key=lambda verdict: _SEVERITY.index(verdict.suggest))


def again_at(error: WechatRefused | WechatSilent, attempts: int, now: datetime) -> datetime | None:
    """When to ask again after `attempts` failed, None: never."""
    if isinstance(error, WechatRefused) and error.course is Course.USER and error.errcode != REPEATED:
        return None
    if isinstance(error, WechatRefused) and error.course is Course.TOMORROW:
        return tomorrow(now) if attempts <= len(BACK_OFF) else None
    return now + BACK_OFF[attempts - 1] if attempts <= len(BACK_OFF) else None


def cause(error: WechatRefused | WechatSilent) -> str:
    """What is noted of an error."""
    if isinstance(error, WechatSilent):
        return "no_answer"
    return "inactive" if error.errcode == INACTIVE else f"errcode {error.errcode}"
