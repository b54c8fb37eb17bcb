"""The demo's story as data: what happened how many days ago. Everything in it is made up."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Verb(StrEnum):
    """What the demo's people do."""

    REPORT = "report"
    ACCEPT = "accept"
    DECLINE = "decline"
    ASK = "ask"  # the reporter for more
    TAKE_ON = "take_on"
    ASK_EXTENSION = "ask_extension"
    PUT_RIGHT = "put_right"
    CLOSE = "close"
    SUGGEST = "suggest"
    ADOPT = "adopt"
    PLAN = "plan"
    CONFIRM = "confirm"


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that happened."""

    days_ago: float
    verb: Verb
    words: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Story:
    """One submission from its beginning. `who`: index of the worker; `scene`: what its photo shows, if it has one."""

    who: int
    scene: str
    acts: tuple[Act, ...]


def _hazard(
    who: int,
    scene: str,
    days_ago: float,
    category: str,
    place: str,
    description: str,
    *acts: Act,
    anonymous: bool = False,
) -> Story:
    words = {"category": category, "place": place, "description": description, "is_anonymous": anonymous}
    return Story(who, scene, (Act(days_ago, Verb.REPORT, words), *acts))


def _accept(days_ago: float, grade: int, measures: str) -> Act:
    words = {"grade": grade, "measures": measures, "responsible": "车间主任", "reply": "感谢你的细心，已请企业整改。"}
    return Act(days_ago, Verb.ACCEPT, words)


def _take_on(days_ago: float) -> Act:
    return Act(days_ago, Verb.TAKE_ON, {"text": "已安排专人整改。"})


def _put_right(days_ago: float, text: str) -> Act:
    return Act(days_ago, Verb.PUT_RIGHT, {"text": text})


def _close(days_ago: float) -> Act:
    return Act(days_ago, Verb.CLOSE, {"way": "on_site", "text": "现场复查，已整改到位。"})


STORIES = (
    _hazard(
        0, "distribution box", 34, "electricity", "一车间配电箱", "配电箱没有门，电线裸露，旁边就是过道。",
        _accept(33, 2, "装好箱门，更换破损电线，张贴警示标志"), _take_on(32.8),
        _put_right(29, "已更换箱门，电线穿管固定，贴了警示标志。"), _close(28),
    ),
    _hazard(
        1, "blocked exit", 31, "passage", "仓库东侧安全出口", "安全出口被纸箱堵住，门推不开。",
        _accept(30, 3, "清空通道，地面划线，班前检查"),
    ),
    _hazard(
        0, "open edge", 27, "height", "三号楼六层临边", "临边护栏缺了一段，工人来回走。",
        _accept(26.5, 2, "补齐护栏，挂安全网，整改前拉警戒带"), _take_on(26),
    ),
    _hazard(
        0, "oil on stairs", 21, "other", "二车间楼梯", "楼梯上有一大片油，差点滑倒。",
        _accept(20, 3, "清理油污，查找漏点，加装防滑条"), _take_on(19.5),
        _put_right(16, "油污已清理，漏油的泵换了密封圈。"),
        _close(15),
    ),
    _hazard(
        0, "gas pipe", 12, "gas", "食堂后厨", "燃气管锈得厉害，离灶很近，能闻到味。",
        _accept(11.5, 1, "立即停气检修，更换锈蚀管段，检测合格再用"), _take_on(11.4),
        _put_right(10, "已停气换管，检测没有泄漏。"),
        _close(9),
    ),
    _hazard(
        0, "distribution box", 9, "electricity", "装配线尾", "临时接的插排太多，线都发烫。",
        _accept(8, 3, "拆除临时用电，按负荷重新布线"), _take_on(7.8),
        Act(4, Verb.ASK_EXTENSION, {"days": 5, "text": "配件要从外地发货，预计下周到。"}),
        anonymous=True,
    ),
    _hazard(
        0, "blocked exit", 8, "fire", "成品库消火栓", "消火栓前面堆满了货。",
        _accept(7, 3, "移开货物，划出禁止堆放区"), _take_on(6.5), _put_right(2, "货物已移开，地面划了禁放线。"),
    ),
    _hazard(
        1, "oil on stairs", 6, "other", "后门台阶", "台阶湿滑。",
        Act(5, Verb.ASK, {"reply": "请补充说明是哪个门，什么时候会湿滑。"}),
    ),
    _hazard(
        1, "open edge", 5, "other", "厂区外马路", "路边的广告牌有点旧。",
        Act(4, Verb.DECLINE, {"reply": "这处广告牌由街道管理，我们已转告，不计入企业隐患。谢谢你的留心。"}),
    ),
    _hazard(0, "gas pipe", 6.1, "gas", "锅炉房", "阀门手轮掉了，关不上。"),
    _hazard(1, "distribution box", 1.2, "electricity", "包装间", "开关盒破了，露着铜片。"),
    _hazard(0, "blocked exit", 0.2, "passage", "北门疏散通道", "疏散通道停了两辆叉车。", anonymous=True),
    Story(
        0, "",
        (
            Act(25, Verb.SUGGEST, {
                "category": "s_equipment", "title": "给冲床加装双手按钮",
                "present_state": "现在单手就能启动，另一只手容易伸进去。",
                "proposal": "改成两只手同时按才启动，再装一道光栅。", "benefit": "手伸不进去，断指的风险就没有了。",
            }),
            Act(23, Verb.ADOPT, {"reply": "很好的建议，企业已同意实施。"}),
            Act(22, Verb.PLAN, {"what": "选型并试装一台", "owner": "设备科", "due_in": 20}),
            Act(6, Verb.CONFIRM, {"yuan": "32000", "hours": 120, "risk": "冲床断指风险由较大降为低。"}),
        ),
    ),
    Story(
        0, "",
        (
            Act(10, Verb.SUGGEST, {
                "category": "s_protection", "title": "焊接工位加装移动吸尘罩",
                "present_state": "焊烟散在车间里，天冷关窗时更重。",
                "proposal": "每个焊接工位配一台移动吸尘罩，随焊枪移动。", "benefit": "大家少吸焊烟。",
            }),
            Act(8, Verb.ADOPT, {"reply": "已采纳，企业正在询价。"}),
        ),
    ),
    Story(
        1, "",
        (
            Act(3, Verb.SUGGEST, {
                "category": "s_training", "title": "班前会讲一个身边的事故",
                "present_state": "班前会念文件，大家听不进去。", "proposal": "每周由一名工友讲一个身边的险情，三分钟。",
                "benefit": "听得懂，记得住。",
            }),
        ),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Writing:
    """A letter to the enterprise about one story's rectification, and what the enterprise answered, if it did."""

    days_ago: float
    kind: str
    story: int
    problem: str
    reply: str = ""


WRITINGS = (
    Writing(
        20, "notice", 1, "仓库东侧安全出口被纸箱堵住，门推不开。",
        "已召集仓储班组清理通道，划线完成后报区工会复查。",
    ),
    Writing(3, "proposal", 2, "三号楼六层临边护栏缺一段，到期没有整改。"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sent:
    """A notice: who sends it to which level, and what its details are. `is_signed`: the enterprise signed for it."""

    days_ago: float
    by: str  # city or district
    level: str
    title: str
    text: str
    details: Mapping[str, str]
    is_signed: bool = False


NOTICES = (
    Sent(
        9, "city", "district", "关于做好冬季取暖和用气安全工作的通知",
        "入冬以来，部分企业职工宿舍使用明火取暖，一氧化碳中毒风险增大。现将有关事项通知如下。\n一、检查范围\n"
        "使用燃煤锅炉、管道燃气、瓶装液化气的企业和职工宿舍。\n二、工作要求\n"
        "（一）督促企业自查\n请于本月底前组织企业自查，并将发现的隐患用本系统上报。\n"
        "（二）发动职工监督\n鼓励职工对身边的隐患随手拍，对反映的问题请及时研究答复。",
        {
            "form": "document", "mark": "青工办", "urgency": "urgent", "addressees": "各区市总工会",
            "copied_to": "市应急管理局", "contact_name": "王敏", "contact_phone": "0532-80000000",
        },
    ),
    Sent(
        4, "district", "enterprise", "寒潮来临，请检查宿舍取暖",
        "气象台预报周末降温十度。请各企业工会今天检查一遍职工宿舍：不用炭火盆，不堵排烟口，燃气热水器装在通风处。",
        {"form": "light", "contact_name": "李强", "contact_phone": "0532-80000001"}, is_signed=True,
    ),
)  # fmt: skip

BUDGET = ("查保促专项奖励资金", 5_000_000)
"""Name, cents."""

SCHEME = {
    "name": "优秀职工", "kind": "worker", "grades": [1, 2, 3], "quota": 50, "batches": 2, "amount_cents": 50_000,
    "joint_share": True, "exclude_duty": True,
}  # fmt: skip
"""“Grade 1–3 hazards, 50 workers in two batches.”"""
