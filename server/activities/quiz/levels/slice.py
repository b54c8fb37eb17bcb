"""Quizzes and their levels."""

from server.activities.quiz.bank.formats.spellings import DIFFICULTY_NAMES, KIND_NAMES
from server.activities.quiz.levels.texts import OPENING_NAMES
from server.core.slice import AuditWords, MenuEntry, Section, Slice

SLICE = Slice(
    menu=(
        MenuEntry(
            Section.QUIZ,
            10,
            "竞赛设置",
            "trophy",
            "/console/quizzes",
            handbook="闯关",
            hint="设好关卡、每关几题、多少分过关，再开始。已经开始的，改动只影响以后的作答。",
            also=("/console/quiz-signals",),
        ),
    ),
    audit=AuditWords(
        actions={
            "quiz.created": "新建竞赛",
            "quiz.edited": "修改竞赛",
            "quiz.level_added": "加一关",
            "quiz.level_edited": "修改关卡",
            "quiz.level_removed": "去掉一关",
            "quiz.published": "发布竞赛",
        },
        subjects={"quiz": "竞赛"},
        details={
            "level": "关",
            "opens_at": "开始",
            "closes_at": "结束",
            "opening": "怎样开关",
            "seconds": "限时（秒）",
            "pass_mark": "多少分通过",
            "tries_per_day": "每天次数",
            "quotas": "抽题要求",
            "topic": "主题",
            "difficulty": "难度",
            "rules": "规则",
        },
        values={"quiz.opening": OPENING_NAMES, "quiz.kind": KIND_NAMES, "quiz.difficulty": DIFFICULTY_NAMES},
    ),
)
