"""Words of coverage."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from server.oversight.coverage.counting.rules import Part
from server.oversight.coverage.models import DenominatorSource, OfficerState

NOT_APPLICABLE = "不适用"
DAY_TO_COME = "不能晚于今天"
SOURCE_NAMES: Mapping[DenominatorSource, str] = {
    DenominatorSource.ENTERPRISE: "企业填报",
    DenominatorSource.UNION: "上级工会填写",
    DenominatorSource.SHEET: "表格导入",
}
OFFICER_NAMES: Mapping[OfficerState, str] = {
    OfficerState.COVERED: "已参训",
    OfficerState.MISSING: "未参训",
    OfficerState.UNNAMED: "无负责人信息",
}
OFFICER_CHIPS: Mapping[OfficerState, str] = {
    OfficerState.COVERED: "ok",
    OfficerState.MISSING: "warn",
    OfficerState.UNNAMED: "danger",
}
PART_NAMES: Mapping[Part, str] = {
    Part.ALL: "下级单位",
    Part.INDUSTRY: "行业",
    Part.SIZE: "规模",
    Part.OWNERSHIP: "所有制",
}
DEFINITIONS = (
    "负责人覆盖率＝有安全负责人参训的企业数÷全部企业数；没有登记负责人的企业，算没有覆盖。",
    "职工覆盖率＝各企业参训人数（不超过职工数）之和÷职工数之和；一人一个时段只计一次，算在最先参训的那家企业；只有人数、没有名单的，每家取最多的一场。",
    "预案演练率＝时段内演练过的应急预案÷登记在用的应急预案；演练记录里选了这个预案，或者登记簿里填了以前演练的，才算。",
    "班组覆盖率＝参加过演练的班组数÷班组数。签到并签退（或考核、培训人确认）才算参训。",
)


def rate(part: int, whole: int) -> str:
    """65.3%; nothing to be divided by is not applicable, never zero. What is not whole never reads as 100 %."""
    if whole == 0:
        return NOT_APPLICABLE
    percent = (Decimal(100 * part) / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)
    if part < whole and percent == 100:
        percent = Decimal("99.9")
    return f"{percent.normalize():f}%"
