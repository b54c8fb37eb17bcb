"""What is said in the chat. Plain words; a link where there is something to do."""

import re
from collections.abc import Sequence
from enum import StrEnum
from html import escape
from uuid import UUID

from server.core.settings import Settings
from server.unions.tree.lookup.invites import ALPHABET, LENGTH, normalise_invite_code

NOTHING_YET = "你还没有上报过隐患。直接把照片发到这里就可以开始。"


class Keyword(StrEnum):
    """What a follower can ask for; also the keys of the menu."""

    MINE = "我的隐患"
    PLAY = "闯关"
    HELP = "帮助"


ORDINARY = {
    Keyword.MINE: "查询 查一下 查进度 进度 进展 结果 处理结果 我的 我的上报 我的举报 怎么样了 处理得怎么样了",
    Keyword.PLAY: "答题 答题闯关 闯关答题 竞赛 知识竞赛 我要答题 怎么答题 比赛 抽奖",
    Keyword.HELP: "你好 您好 在吗 在么 有人吗 hi hello help 菜单 说明 使用说明 怎么用 怎么使用 如何使用 怎么弄 "
    "隐患 安全隐患 随手拍 安全随手拍 上报 举报 投诉 报隐患 上报隐患 举报隐患 我要上报 我要举报 我要报隐患 "
    "怎么报 怎么上报 怎么举报 如何上报 如何举报 怎么报隐患 怎么上报隐患",
}
"""What people write who do not know the words of this account."""
_ASKED_BY = {word: keyword for keyword, words in ORDINARY.items() for word in words.split()}

YES = frozenset({"1", "是", "是的", "好", "好的", "加入", "确认", "同意"})
NO = frozenset({"2", "否", "不", "不是", "不加入", "取消"})

WELCOME = (
    "欢迎关注安全随手拍。\n看到安全隐患，把照片直接发到这里，再发个位置、说一两句，我们帮你整理成一条上报，由工会审核反馈。\n\n"
    "发“我的隐患”看进展，发“闯关”答题，发“帮助”看怎么用。"
)
OTHER_KIND = "这里只能收照片、位置、文字和语音。请拍张照片发过来。"
NOT_HEARD = "没有听清这段语音，请再说一遍，或者打字。"
NOT_PLAYABLE = "这段语音打不开，请再说一遍，或者打字。"
VOICE_GONE = "这段语音在微信里已经过期，请再说一遍，或者打字。"
VOICES_FULL = "一条隐患最多 9 段语音，后面的没有收。"
NO_DRAFT = "没有看懂。要报隐患，请先发一张照片；发“帮助”看怎么用。"
FULL = "一条隐患最多 {most} 张照片，后面的没有收。要报另一处，请先提交这一条。"
WORDS_FULL = "说明太长了，后面的没有收。打开草稿可以修改。"
NO_PLACE = "这个位置没有定准，请重新发一次，或者写一下在哪里。"
SENT = "已提交，进入工会审核。有了结果会告诉你；发“我的隐患”随时看进展。"
ASK_TO_JOIN = "你扫的是“{name}”的码。你是这家单位的职工吗？\n回复 1 加入，回复 2 不加入。"
JOINED = "已加入“{name}”。以后上报会自动带上单位。"
IN_ALREADY = "你已经是“{name}”的职工，不用再加入。现在可以直接发照片上报隐患。"
NOT_JOINED = "好的，没有加入。"
UNKNOWN_CODE = "这个码已经停用了，请向工会要新的码。"
AGREES, REFUSES = frozenset({"同意", "我同意"}), frozenset({"不同意", "我不同意"})
AGREED = "好的，已经记下。现在请把刚才的再发一次。"
REFUSED = "好的，你发来的照片没有留下。想上报时再回复“同意”就可以。"
DAY_FULL = "今天发来的照片已经到了每人每天的上限，后面的没有收，请明天再发。已经收到的不受影响。"
_AROUND = re.compile(r"[\s“”\"'。，,.!！?？]")


def is_consent(text: str) -> bool | None:
    """Whether these words agree to the privacy policy, or refuse it; None if they are about something else."""
    bare = _AROUND.sub("", text)
    return bare in AGREES if bare in AGREES | REFUSES else None


def keyword_of(text: str) -> Keyword | None:
    """What the follower asks for, whatever they put around it."""
    bare = _AROUND.sub("", text)
    return Keyword(bare) if bare in set(Keyword) else None


def ordinary_keyword_of(text: str) -> Keyword | None:
    """What is meant by ordinary words that say nothing about a hazard: “你好！”, “请问怎么用？”, “查询”."""
    return _ASKED_BY.get(_AROUND.sub("", text).lower().removeprefix("请问").rstrip("呢啊吧呀"))


def invite_code_of(scene: str) -> str | None:
    """The invite code in a scanned scene (`e=ABCD2345`), None if the scene is about something else."""
    kind, _, code = scene.partition("=")
    code = normalise_invite_code(code)
    return code if kind == "e" and re.fullmatch(f"[{ALPHABET}]{{{LENGTH}}}", code) else None


def help_text(settings: Settings) -> str:
    """How to use the chat."""
    return (
        "怎么报隐患：\n1. 把照片发到这里，可以发几张；\n2. 点“＋”发个位置，再说一两句；\n"
        "3. 点收到的链接，选好类别，提交。\n"
        f"{settings.official_account_draft_minutes} 分钟内发来的都算同一条。\n\n发“我的隐患”看进展，发“闯关”答题。"
    )


def play_text(settings: Settings) -> str:
    """Where the quiz is."""
    return f"安全知识闯关：{link(settings, 'pages/quiz/index', '点这里开始答题')}"


def draft_text(settings: Settings, draft_id: UUID, key: str, parts: Sequence[str], refused: Sequence[str]) -> str:
    """What has come so far, and where to finish it."""
    lines = [f"收到 {'、'.join(parts)}。"] if parts else []
    lines += [f"有一样没有收下：{reason}" for reason in dict.fromkeys(refused)]
    if parts:
        there = link(settings, f"pages/hazard/draft?d={draft_id}.{key}", "点这里填完并提交")
        if any("语音" in part for part in parts):
            lines.append("语音听得出是谁：选“匿名”提交的，语音不会交上去。")
        lines.append(f"还可以接着发照片、位置和文字。好了就{there}。")
    return "\n".join(lines)


def consent_text(settings: Settings) -> str:
    """For whoever sends something before they have agreed to the privacy policy."""
    there = link(settings, "pages/profile/policy", "点这里看隐私说明")
    return f"先说一下你的信息怎么用：{there}。\n看过同意，请回复“同意”，再把照片发一次。刚才发来的没有留下。"


def sign_in_text(settings: Settings) -> str:
    """For somebody whom we do not know yet."""
    return f"还不知道你是哪位职工。{link(settings, 'pages/mine/index', '点这里打开“我的上报”')}查看。"


def join_text(settings: Settings, name: str, scene: str) -> str:
    """For somebody whom we do not know yet, with a code in hand."""
    there = link(settings, f"pages/profile/binding?scene={scene}", "点这里登录并加入")
    return f"你扫的是“{name}”的码。{there}。"


def reports_text(settings: Settings, lines: Sequence[str]) -> str:
    """The newest reports, one line each."""
    if not lines:
        return NOTHING_YET
    return "\n".join(["最近的上报：", *lines, link(settings, "pages/mine/index", "查看全部")])


def link(settings: Settings, page: str, words: str) -> str:
    """A link in a chat: opens the mini program where there is one, else the H5 page."""
    href = f"{settings.public_url.rstrip('/')}/h5/#/{page}"
    inside = f' data-miniprogram-appid="{settings.wechat_app_id}" data-miniprogram-path="{escape(page)}"'
    return f'<a href="{escape(href)}"{inside if settings.wechat_app_id else ""}>{words}</a>'
