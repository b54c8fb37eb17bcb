"""What training is called on pages."""

from collections.abc import Mapping

from server.oversight.training.models import (
    CheckInMeans,
    ConfirmedBy,
    EmploymentKind,
    Induction,
    SessionKind,
    SessionStatus,
    Sex,
)
from server.oversight.training.rules import DISTANCES, Flag

KIND_NAMES: Mapping[SessionKind, str] = {
    SessionKind.COURSE: "课程",
    SessionKind.LECTURE: "讲座",
    SessionKind.OPEN_LESSON: "公开课",
    SessionKind.DRILL: "应急演练",
    SessionKind.ESCAPE_DRILL: "逃生自救演练",
    SessionKind.WARNING_LESSON: "警示教育",
}
STATUS_NAMES: Mapping[SessionStatus, str] = {
    SessionStatus.PLANNED: "计划",
    SessionStatus.NOTIFIED: "已通知",
    SessionStatus.RUNNING: "进行中",
    SessionStatus.INCOMPLETE: "待补资料",
    SessionStatus.IN_REVIEW: "待审核",
    SessionStatus.RETURNED: "已退回",
    SessionStatus.ARCHIVED: "已归档",
    SessionStatus.CANCELLED: "已取消",
}
CHIPS: Mapping[SessionStatus, str] = {
    SessionStatus.PLANNED: "plain",
    SessionStatus.NOTIFIED: "brand",
    SessionStatus.RUNNING: "brand",
    SessionStatus.INCOMPLETE: "warn",
    SessionStatus.IN_REVIEW: "brand",
    SessionStatus.RETURNED: "warn",
    SessionStatus.ARCHIVED: "ok",
    SessionStatus.CANCELLED: "plain",
}
INDUCTION_NAMES: Mapping[Induction, str] = {
    Induction.COMPANY: "厂级",
    Induction.WORKSHOP: "车间级",
    Induction.TEAM: "班组级",
}
MEANS_NAMES: Mapping[CheckInMeans, str] = {
    CheckInMeans.CODE: "扫码",
    CheckInMeans.SHEET: "纸质签到表",
    CheckInMeans.TRAINER: "培训人登记",
}
CONFIRMED_NAMES: Mapping[ConfirmedBy, str] = {
    ConfirmedBy.CHECK_OUT: "签退",
    ConfirmedBy.TEST: "测验",
    ConfirmedBy.TRAINER: "培训人核实",
}
FLAG_NAMES: Mapping[Flag, str] = {
    Flag.LATE_SENT: "补传",
    Flag.FAR_AWAY: "位置较远",
    Flag.SHARED_DEVICE: "一机多人",
    Flag.OVERLAP: "时间重叠",
    Flag.WALK_IN: "不在邀请范围",
    Flag.NOT_IN_TREE: "单位没对上",
}
DISTANCE_NAMES: Mapping[int | None, str] = {None: "", DISTANCES[1]: "（3 公里内）", DISTANCES[2]: "（3 公里外）"}
EMPLOYMENT_NAMES: Mapping[EmploymentKind, str] = {
    EmploymentKind.OWN: "本单位职工",
    EmploymentKind.DISPATCHED: "劳务派遣",
    EmploymentKind.CONTRACTOR: "外包人员",
    EmploymentKind.INTERN: "实习学生",
}
SEX_NAMES: Mapping[Sex, str] = {Sex.MALE: "男", Sex.FEMALE: "女"}


def attendance_text(present: int, counted: int, unnamed: int) -> str:
    """Those with names and those without, apart: a sum of both would say more than is known."""
    named = f"有名单 {present} 人（核实 {counted}）"
    return f"{named}，没有名单 {unnamed} 人" if unnamed else named
