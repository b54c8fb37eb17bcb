"""scripts/check_questions: what is wrong with the shipped questions, on standard output."""

import argparse
import sys
from collections import Counter
from pathlib import Path

from server.activities.quiz.bank.shipped.proofreading import proofread
from server.activities.quiz.bank.shipped.questions import read_shipped
from server.activities.quiz.bank.shipped.statutes import read_statutes


def main() -> int:
    """Returns the exit status: 0 nothing found, 1 something found, 2 the folder or a question cannot be read."""
    parser = argparse.ArgumentParser(prog="scripts/check_questions", description="按法规原文核对题库")
    parser.add_argument("folder", type=Path, help="法规原文所在的文件夹，内有 index.tsv")
    try:
        statutes = read_statutes(parser.parse_args().folder)
        questions = list(read_shipped())
    except (OSError, KeyError, ValueError) as error:
        print(f"读不了：{error}", file=sys.stderr)
        return 2
    findings = proofread(questions, statutes)
    for finding in findings:
        print(f"{'、'.join(finding.codes) or '整体'}：{finding.text}")
    for statute, count in Counter(question.words.statute for question in questions).most_common():
        print(f"{count:5d}  {statute}")
    print(f"{len(questions):5d}  合计，{len(findings)} 处问题")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
