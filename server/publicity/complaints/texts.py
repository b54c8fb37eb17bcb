"""Words of complaints."""

from server.publicity.complaints.models import ComplaintStatus, Reason

STATUS_NAMES = {
    ComplaintStatus.OPEN: "待处理",
    ComplaintStatus.KEPT: "保留",
    ComplaintStatus.TAKEN_DOWN: "已撤下",
}
REASON_NAMES = {
    Reason.PERSON: "认得出人：人脸、姓名、车牌",
    Reason.WRONG: "不是真的",
    Reason.OFFENSIVE: "骂人、低俗、广告",
    Reason.OTHER: "别的",
}
