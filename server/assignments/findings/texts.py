"""Chinese words of what answers found."""

from server.assignments.forms.schemas import CheckField
from server.core.text import clean_line

GRADES = {1: "重大", 2: "较大", 3: "一般", 4: "低"}
MOST = 1000


def describe(source: str, section: str, item: CheckField, words: str, judge: str = "") -> str:
    """What a failed item says as a hazard: what was found, by whom where somebody competent had to look, what ought to
    be, by what, and what is proposed. Whether it is a major one is for somebody competent to say. `source`: what it was
    found by, 专项检查“……”."""
    lines = [
        f"{item.label}：{clean_line(words)}" if words else item.label,
        f"由{judge}判断为不合格。" if judge else "",
        f"应当：{item.criterion}" if item.criterion else "",
        f"依据：{item.basis}" if item.basis else "",
        f"疑似重大：请懂行的人按{item.suspected_major}判断，系统不判定。" if item.suspected_major else "",
        f"建议等级：{GRADES[item.grade]}，以审核定级为准。" if item.grade else "",
        f"来自{source}，{section}。",
    ]
    return "\n".join(line for line in lines if line)[:MOST]
