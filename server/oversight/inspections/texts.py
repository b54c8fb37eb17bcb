"""Chinese words of inspections."""

from server.assignments.forms.schemas import CheckField
from server.core.text import clean_line

GRADES = {1: "重大", 2: "较大", 3: "一般", 4: "低"}
FIRST_ASK = "还没有填全企业情况（有没有锅炉、管道气、宿舍……）。先填好，只查有的那几部分；没填的现在都要查。"
PREFIX, MOST = "专项检查", 1000


def describe(title: str, section: str, item: CheckField, words: str) -> str:
    """What a failed item says as a hazard: what was found, what ought to be, by what, and what is proposed. Whether it
    is a major one is for somebody competent to say."""
    lines = [
        f"{item.label}：{clean_line(words)}" if words else item.label,
        f"应当：{item.criterion}" if item.criterion else "",
        f"依据：{item.basis}" if item.basis else "",
        f"疑似重大：请懂行的人按{item.suspected_major}判断，系统不判定。" if item.suspected_major else "",
        f"建议等级：{GRADES[item.grade]}，以审核定级为准。" if item.grade else "",
        f"来自{PREFIX}“{title}”，{section}。",
    ]
    return "\n".join(line for line in lines if line)[:MOST]
