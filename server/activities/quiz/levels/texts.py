"""The quiz that a campaign starts with: ten levels, from what everybody should know to what the law forbids."""

from server.activities.quiz.levels.models import Opening
from server.activities.quiz.levels.schemas import LevelIn, QuotaIn

OPENING_NAMES = {Opening.BY_PASSING: "通过一关才开下一关", Opening.BY_DAY: "每关按日期开放"}

_BY_PASSING = "共十关，通过一关才开下一关"
_BY_DAY = "共十关，前三关现在就能闯，以后每天开一关"
RULES = f"""1. {_BY_PASSING}；每关限时，每天可以试几次，取最好成绩。
2. 排名先看总分，再看总用时（精确到毫秒）。
3. 题目和选项每次随机；交卷后告诉你哪里错了、依据哪一条，错题可以在“练习”里反复练。
4. 断网不怕：每答一题就保存一次，换一部手机也能接着答，只要没到时间。"""
RULES_BY_DAY = RULES.replace(_BY_PASSING, _BY_DAY)

_THEMES: tuple[tuple[str, tuple[str, ...], tuple[int, ...]], ...] = (
    ("人人有责", ("安全生产责任", "从业人员权利义务"), (1, 1)),
    ("学好本领", ("教育培训", "从业人员权利义务"), (1, 1)),
    ("火眼金睛", ("隐患排查治理", "安全生产责任"), (1, 2)),
    ("防火防爆", ("消防安全", "燃气安全"), (1, 1)),
    ("守护健康", ("职业健康", "从业人员权利义务"), (1, 2)),
    ("危险作业", ("危险化学品", "特种设备"), (2, 2)),
    ("各行各业", ("建设工程", "交通安全"), (2, 2)),
    ("工会在身边", ("工会与民主监督", "劳动合同与工时"), (2, 1)),
    ("应急先锋", ("应急救援", "事故报告与调查"), (2, 2)),
    ("法律红线", ("法律责任", "事故报告与调查"), (3, 3)),
)


def standard_levels() -> list[LevelIn]:
    """Ten levels of ten questions: most of two topics, some of any, the last levels harder."""
    levels = []
    for number, (name, topics, difficulties) in enumerate(_THEMES, 1):
        quotas = [
            QuotaIn(topic=topic, difficulty=difficulty, count=3)
            for topic, difficulty in zip(topics, difficulties, strict=True)
        ]
        rest = QuotaIn(difficulty=min(3, 1 + number // 4), count=4)
        levels.append(
            LevelIn(name=name, seconds=300, pass_mark=60, tries_per_day=3, quotas=(*quotas, rest))
        )  # fmt: skip
    return levels
