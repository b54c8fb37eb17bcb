"""Quizzes and their levels."""

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
        details={"level": "关"},
    ),
)
