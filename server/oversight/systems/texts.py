"""Words of safety systems."""

from collections.abc import Mapping

from server.oversight.systems.models import HeldStatus

STATUS_NAMES: Mapping[HeldStatus, str] = {
    HeldStatus.UNSTATED: "未填",
    HeldStatus.ABSENT: "没有",
    HeldStatus.STATED: "已填待核",
    HeldStatus.CHECKED: "已核",
    HeldStatus.RETURNED: "退回",
}
CHIPS: Mapping[HeldStatus, str] = {
    HeldStatus.UNSTATED: "plain",
    HeldStatus.ABSENT: "danger",
    HeldStatus.STATED: "warn",
    HeldStatus.CHECKED: "ok",
    HeldStatus.RETURNED: "danger",
}
