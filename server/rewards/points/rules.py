"""What earns how many points. Pure."""

from collections.abc import Mapping

CODE_TEXTS: Mapping[str, str] = {
    "accepted_1": "重大隐患被受理",
    "accepted_2": "较大隐患被受理",
    "accepted_3": "一般隐患被受理",
    "accepted_4": "较小隐患被受理",
    "closed": "隐患整改销号",
    "adopted": "建议被采纳",
    "adopted_in_part": "建议被部分采纳",
    "benefit": "建议的效益得到确认",
}
DEFAULTS: Mapping[str, int] = {
    "accepted_1": 20,
    "accepted_2": 10,
    "accepted_3": 5,
    "accepted_4": 2,
    "closed": 5,
    "adopted": 10,
    "adopted_in_part": 5,
    "benefit": 20,
}


def code_of_acceptance(grade: int | None, in_part: bool) -> str:
    """What an acceptance counts as: hazards have a grade, suggestions have none."""
    if grade is not None:
        return f"accepted_{grade}"
    return "adopted_in_part" if in_part else "adopted"
