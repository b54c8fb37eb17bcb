"""Questions in Moodle's GIFT text format, read and written.

Difficulty, statute and article travel as tags in the comment line above a question, which Moodle keeps; the topic as
category; the explanation as general feedback.
"""

import re
from collections.abc import Iterable, Iterator

from server.activities.quiz.bank.models import QuestionKind
from server.activities.quiz.bank.schemas import LETTERS, QuestionIn
from server.activities.quiz.bank.sheets import ReadQuestion, check_question
from server.activities.quiz.bank.topics import TOPICS
from server.core.errors import Invalid, TooLarge

MAX_BYTES = 5 * 1024 * 1024
MAX_QUESTIONS = 5000
SPECIAL = "\\~=#{}:"
TAG = re.compile(r"\[tag:([^:\]]+):([^\]]*)\]")
CATEGORY = re.compile(r"^\$CATEGORY:\s*(?:\$[a-z]+\$/)?(?:.*/)?([^/]+)$")
BODY = re.compile(r"^(?:::(?P<code>.*?)::)?\s*(?:\[\w+\])?(?P<stem>[^{]*)\{(?P<answers>[^}]*)\}\s*$", re.DOTALL)
CHOICE = re.compile(r"([=~])(?:%(-?[\d.]+)%)?([^=~#]*)(?:#[^=~#]*)?")
FEEDBACK = re.compile(r"####(.*)$", re.DOTALL)
HIDDEN = 0xE000  # private characters stand for escaped ones while the text is taken apart, as Moodle does it
TRUE_FALSE = {"T": "A", "TRUE": "A", "F": "B", "FALSE": "B"}


def read_gift(data: bytes, default_topic: str) -> list[ReadQuestion]:
    """The questions of a GIFT file. Raises Invalid or TooLarge if it is no such file."""
    if len(data) > MAX_BYTES:
        raise TooLarge(f"文件太大了，最多 {MAX_BYTES // 1024 // 1024} MB。请分成几个文件导入。")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid("这个文件打不开，请另存为 UTF-8 编码的文本。", code="not_gift") from error
    questions = [_read(number, block, default_topic) for number, block in enumerate(_blocks(text, default_topic), 1)]
    if not questions:
        raise Invalid("文件里没有题目。", code="empty_sheet")
    if len(questions) > MAX_QUESTIONS:
        raise Invalid(f"一次最多导入 {MAX_QUESTIONS} 道，请分成几个文件。", code="too_many_rows")
    return questions


def _blocks(text: str, default_topic: str) -> Iterator[tuple[str, dict[str, str], str]]:
    """Topic, tags and text of each question; blank lines divide them."""
    topic = default_topic
    for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n").replace("\r", "\n")):
        tags: dict[str, str] = {}
        lines = []
        for line in block.split("\n"):
            category = CATEGORY.match(line.strip())
            if category:
                topic = category[1].strip() if category[1].strip() in TOPICS else default_topic
            elif line.lstrip().startswith("//"):
                tags.update(TAG.findall(line))
            else:
                lines.append(line)
        if any(line.strip() for line in lines):
            yield topic, tags, "\n".join(lines).strip()


def _read(number: int, block: tuple[str, dict[str, str], str], default_topic: str) -> ReadQuestion:
    topic, tags, text = block
    match = BODY.match(re.sub(r"\\([\x00-\x7f])", lambda found: chr(HIDDEN + ord(found[1])), text))
    if match is None:
        return ReadQuestion(number, None, text[:200], None, ("写法不对：题目后面要有 { } 括起来的答案",))
    code = _plain(match["code"]) if match["code"] else None
    if code and not re.fullmatch(r"[A-Za-z0-9_\-]{1,60}", code):
        code = None  # a title, not one of our numbers
    feedback = FEEDBACK.search(match["answers"])
    answers = (match["answers"][: feedback.start()] if feedback else match["answers"]).strip()
    plain: dict[str, object] = {
        "topic": topic or default_topic,
        "difficulty": int(tags["difficulty"]) if tags.get("difficulty") in ("1", "2", "3") else 2,
        "statute": tags.get("statute", ""),
        "article": tags.get("article", ""),
        "stem": _plain(match["stem"]),
        "explanation": _plain(feedback[1]) if feedback else "",
    }
    try:
        plain |= _read_answers(answers)
    except ValueError as error:
        return ReadQuestion(number, code, str(plain["stem"])[:500], None, (str(error),))
    return check_question(number, code, plain, [])


def _read_answers(answers: str) -> dict[str, object]:
    """Kind, options and answer. Raises ValueError, in Chinese, for kinds that the quiz does not have."""
    word = answers.split("#")[0].strip().upper()
    if word in TRUE_FALSE:
        return {"kind": QuestionKind.TRUE_FALSE, "answer": TRUE_FALSE[word]}
    choices = CHOICE.findall(answers)
    if not choices or not any(mark == "~" for mark, _, _ in choices) or len(choices) > len(LETTERS):
        raise ValueError("只认选择题和判断题，选项最多 8 个")
    weighted = any(weight for _, weight, _ in choices)
    right = [mark == "=" or (weighted and bool(weight) and float(weight) > 0) for mark, weight, _ in choices]
    return {
        "kind": QuestionKind.MULTIPLE if sum(right) > 1 else QuestionKind.SINGLE,
        "options": [_plain(text) for _, _, text in choices],
        "answer": "".join(letter for letter, is_right in zip(LETTERS, right, strict=False) if is_right),
    }


def _plain(text: str) -> str:
    shown = re.sub("[\ue000-\ue07f]", lambda found: chr(ord(found[0]) - HIDDEN), text.replace("\ue06e", "\n"))
    return shown.strip()


def write_gift(questions: Iterable[tuple[str, QuestionIn]]) -> bytes:
    """A GIFT file; read_gift reads the same back. Takes codes and words."""
    out, topic = [], ""
    for code, words in questions:
        if words.topic != topic:
            topic = words.topic
            out.append(f"$CATEGORY: {topic}\n")
        tags = {"difficulty": str(words.difficulty), "statute": words.statute, "article": words.article}
        out.append("// " + " ".join(f"[tag:{name}:{value}]" for name, value in tags.items() if value))
        out.append(f"::{_escaped(code)}::{_escaped(words.stem)} {{{_answers(words)}}}\n")
    return "\n".join(out).encode()


def _answers(words: QuestionIn) -> str:
    feedback = f"####{_escaped(words.explanation)}" if words.explanation else ""
    if words.kind is QuestionKind.TRUE_FALSE:
        return ("T" if words.answer == "A" else "F") + feedback
    lines = []
    for letter, option in zip(LETTERS, words.options, strict=False):
        is_right = letter in words.answer
        if words.kind is QuestionKind.SINGLE:
            mark = "=" if is_right else "~"
        else:
            mark = f"~%{100 / len(words.answer):.5g}%" if is_right else "~%-100%"
        lines.append(f"\n{mark}{_escaped(option)}")
    return "".join(lines) + "\n" + feedback


def _escaped(text: str) -> str:
    return "".join(f"\\{letter}" if letter in SPECIAL else letter for letter in text).replace("\n", "\\n")
