"""How unions write kinds, answers, difficulties and options in their sheets: every spelling seen, read as ours."""

import re

from server.activities.quiz.bank.models import QuestionKind
from server.activities.quiz.bank.schemas import LETTERS

KINDS = {
    QuestionKind.SINGLE: ("单选题", "单选", "单项选择题", "单项选择", "选择题", "single"),
    QuestionKind.MULTIPLE: ("多选题", "多选", "多项选择题", "多项选择", "不定项选择题", "multiple"),
    QuestionKind.TRUE_FALSE: ("判断题", "判断", "是非题", "对错题", "true_false"),
}
RIGHT = frozenset(["正确", "对", "是", "√", "✓", "✔", "a", "t", "true", "y", "yes", "1"])
WRONG = frozenset(["错误", "错", "否", "不对", "不正确", "×", "✗", "✘", "x", "b", "f", "false", "n", "no", "0"])
DIFFICULTIES = {
    1: ("易", "简单", "容易", "较易", "初级", "1", "easy"),
    2: ("中", "中等", "一般", "适中", "中级", "2", "medium"),
    3: ("难", "困难", "较难", "高级", "3", "hard"),
}
DIFFICULTY_NAMES = {1: "易", 2: "中", 3: "难"}
KIND_NAMES = {kind: names[0] for kind, names in KINDS.items()}

_FULL_WIDTH = str.maketrans("ＡＢＣＤＥＦＧＨａｂｃｄｅｆｇｈ", "ABCDEFGHabcdefgh")
_BETWEEN = re.compile(r"[\s,，;；、.．|/和]+")
_OPTION = re.compile(r"(?:^|[\s;；*])\*{0,2}([A-Ha-h])\s*[.．、:：)）]\s*\*{0,2}")


def read_kind(text: str) -> QuestionKind:
    """Raises ValueError, in Chinese, for a kind that there is not."""
    for kind, names in KINDS.items():
        if text.strip().casefold() in names:
            return kind
    raise ValueError(f"题型：没有“{text}”这一种，请写单选题、多选题或判断题")


def read_difficulty(text: str) -> int:
    """1 to 3; nothing written counts as 2. Raises ValueError, in Chinese."""
    if not text.strip():
        return 2
    for difficulty, names in DIFFICULTIES.items():
        if text.strip().casefold() in names:
            return difficulty
    raise ValueError(f"难度：“{text}”不认识，请写易、中或难")


def read_answer(text: str, kind: QuestionKind) -> str:
    """The letters of an answer, sorted: `B;D` and `DB` are `BD`, 正确 is `A`. Raises ValueError, in Chinese."""
    plain = text.translate(_FULL_WIDTH).strip()
    if kind is QuestionKind.TRUE_FALSE:
        word = plain.casefold()
        if word in RIGHT or word in WRONG:
            return "A" if word in RIGHT else "B"
        raise ValueError(f"答案：判断题的“{text}”不认识，请写对或错")
    letters = _BETWEEN.sub("", plain).upper()
    if not letters or any(letter not in LETTERS for letter in letters):
        raise ValueError(f"答案：“{text}”不认识，请写选项的字母，如 A 或 ABD")
    if len(set(letters)) != len(letters):
        raise ValueError(f"答案：“{text}”里有重复的字母")
    return "".join(sorted(letters))


def split_options(text: str) -> list[str]:
    """The options of one cell, written `**A.…**B.…` or `A、… B、…`. Raises ValueError, in Chinese."""
    plain = text.translate(_FULL_WIDTH).strip()
    marks = list(_OPTION.finditer(plain))
    letters = "".join(mark[1].upper() for mark in marks)
    if not marks or plain[: marks[0].start()].strip("* \n") or letters != LETTERS[: len(letters)]:
        raise ValueError("选项：要写成“**A.……**B.……”，字母从 A 起不间断")
    ends = [mark.start() for mark in marks[1:]] + [len(plain)]
    return [plain[mark.end() : end].strip(" *;；\n") for mark, end in zip(marks, ends, strict=True)]
