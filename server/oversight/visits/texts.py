"""Chinese words of visits."""

from collections.abc import Iterable, Mapping
from datetime import date

from server.core.text import clean_line, quoted
from server.oversight.visits.models import (
    FindingKind,
    HandoverCause,
    Side,
    SignedBy,
    Visit,
    VisitFinding,
    VisitMode,
    VisitStatus,
)

MODE_NAMES: Mapping[VisitMode, str] = {
    VisitMode.RANDOM: "随机抽查",
    VisitMode.CROSS: "交叉督导",
    VisitMode.LEADERS: "领导带队专项督导",
    VisitMode.UNANNOUNCED: "四不两直",
}
STATUS_NAMES: Mapping[VisitStatus, str] = {
    VisitStatus.PLANNED: "待督导",
    VisitStatus.RECORDED: "已记录，待发意见",
    VisitStatus.SENT: "已发意见",
    VisitStatus.CANCELLED: "已取消",
}
CHIPS: Mapping[VisitStatus, str] = {
    VisitStatus.PLANNED: "brand",
    VisitStatus.RECORDED: "warn",
    VisitStatus.SENT: "ok",
    VisitStatus.CANCELLED: "plain",
}
KIND_NAMES: Mapping[FindingKind, str] = {
    FindingKind.PEOPLE: "人的不安全行为",
    FindingKind.THINGS: "物的不安全状态",
    FindingKind.SURROUNDINGS: "环境的不安全因素",
    FindingKind.MANAGEMENT: "管理缺陷",
}
GRADE_NAMES: Mapping[int, str] = {1: "重大", 2: "较大", 3: "一般", 4: "较小"}
CAUSE_NAMES: Mapping[HandoverCause, str] = {
    HandoverCause.MAJOR: "重大隐患",
    HandoverCause.REFUSED: "企业不整改",
}
SIDE_NAMES: Mapping[Side, str] = {Side.TEAM: "督导组", Side.ENTERPRISE: "企业"}
WAY_NAMES: Mapping[SignedBy, str] = {SignedBy.DRAWN: "手写", SignedBy.TYPED: "登记姓名", SignedBy.REFUSED: "未签"}

ORDERS = ("责令", "处罚", "查封", "停产", "停业", "罚款", "勒令", "吊销", "取缔", "强制执行", "限令")
"""What an authority does, and no union (工会法 第二十四条): these words may not stand in what is sent."""
SAY_INSTEAD = "工会是提建议，请改成“建议”“请研究答复”“提请有关部门依法处理”。"


def find_orders(words: Iterable[str]) -> list[str]:
    """Those of ORDERS that stand in the words, however they are spaced."""
    text = "\n".join("".join(each.split()) for each in words)
    return [each for each in ORDERS if each in text]


def say_handover(day: date, department: str, cause: HandoverCause, answer: str | None) -> str:
    """In a line, for lists and the phone."""
    return f"{day} 移送{department}（{CAUSE_NAMES[cause]}）：{answer or '等答复'}"


MOST_DESCRIBED = 1000


def describe_finding(visit: Visit, finding: VisitFinding) -> str:
    """What a finding says as a hazard. Whether it is a major one is for somebody competent to say."""
    lines = [
        clean_line(finding.description),
        f"依据：{finding.basis}" if finding.basis else "",
        f"疑似重大：请懂行的人按{finding.suspected_major}判断，系统不判定。" if finding.suspected_major else "",
        f"类别：{KIND_NAMES[finding.kind]}。",
        f"来自督导{quoted(visit.occasion)}意见书 {visit.number}，第 {finding.number} 条。",
    ]
    return "\n".join(line for line in lines if line)[:MOST_DESCRIBED]
