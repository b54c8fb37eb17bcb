"""考核成绩表."""

from server.core.sheets import CellKind, Sheet, SheetColumn
from server.oversight.certificates.queries import Candidate, Certified


def marks_sheet(certified: Certified) -> Sheet[Candidate]:
    """Everybody who was there, with what they got."""
    held, pass_mark = certified.session, certified.pass_mark

    def result(each: Candidate) -> str:
        if each.attendance.score is None:
            return "未考"
        return "合格" if each.is_passed else "不合格"

    return Sheet(
        "考核成绩表",
        (
            SheetColumn("姓名", lambda each: each.attendance.name, width=12),
            SheetColumn("单位", lambda each: each.attendance.enterprise_name, width=32),
            SheetColumn("班组", lambda each: each.attendance.team, width=16),
            SheetColumn("成绩", lambda each: _number(each), CellKind.NUMBER),
            SheetColumn("结果", result, width=10),
            SheetColumn("证书编号", lambda each: each.certificate.code if each.certificate else "", width=18),
        ),
        certified.candidates,
        heading=(
            "考核成绩表",
            f"{held.number}　{held.title}　合格线：{pass_mark if pass_mark is not None else '没有考核'}",
        ),
        is_numbered=True,
    )


def _number(each: Candidate) -> float | None:
    return float(each.attendance.score) if each.attendance.score is not None else None
