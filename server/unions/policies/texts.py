"""Titles of the policy's parts, and the words that the service adds to them by itself."""

from collections.abc import Sequence
from enum import StrEnum

from server.core.settings import Settings

SECTIONS = {
    "collected": "收集什么，为什么",
    "seen_by": "谁能看到",
    "third_parties": "交给第三方的",
    "retention": "存多久",
    "rights": "你的权利",
}
"""The columns of a version that hold its parts, and their titles, in the order in which they are read."""

STALE = "这份草稿刚被别人改过，请刷新后再改。"
NOTHING_TO_PUBLISH = "没有草稿可以发布。"


class Outsider(StrEnum):
    """Who is given something because the operator has set it up so."""

    SMS = "sms"
    PROPOSALS = "proposals"
    REVIEW_PROPOSALS = "review_proposals"
    MAP = "map"


def outsiders(settings: Settings) -> dict[Outsider, str]:
    """Those whom these settings bring in, each in the line of the policy that tells of it."""
    lines = {}
    if settings.sms_provider == "https":
        lines[Outsider.SMS] = "短信服务商：用手机号登录时，把你的手机号交给它发验证码。"
    if settings.vision_url:
        lines[Outsider.PROPOSALS] = (
            f"{settings.vision_name}：只在你点“让机器看看照片”时，那张照片缩小、去掉拍摄信息以后发给它，"
            "请它提议类别和说法；不带你的姓名、单位、地点和时间。不点就不发。"
        )
    if settings.vision_for_review:
        lines[Outsider.REVIEW_PROPOSALS] = (
            f"{settings.vision_name}：审核员可以请它为你报的隐患拟等级和答复。发给它的只有类别、你写的说明（里面的号码先去掉）"
            "和一张缩小、去掉拍摄信息的照片；不带姓名、电话、单位、地点、编号和时间。怎么定由审核员决定。"
        )
    if settings.map_provider:
        lines[Outsider.MAP] = (
            f"{settings.map_provider}：你打开地图看位置时，你的手机直接向它取那一带的地图图片，它看得到你的网络地址和看的是哪一带；"
            "审核员看隐患在哪里时也一样，它看得到是哪一带。不给它你的姓名、单位、照片和隐患内容。不打开地图，你的手机就不取。"
        )
    return lines


def changes_text(added: Sequence[str], gone: Sequence[str]) -> str:
    """What is new in a version that follows the settings."""
    parts = [f"“{SECTIONS['third_parties']}”多了：{line}" for line in added]
    return "\n".join(parts + [f"不再交给第三方：{line}" for line in gone])
