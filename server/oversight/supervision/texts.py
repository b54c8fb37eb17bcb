"""Words of supervision."""

from server.oversight.supervision.models import DrawStatus, Duty, NoteKind, Origin, PlanMode, PlanStatus

MODE_NAMES = {
    PlanMode.RANDOM: "随机抽查",
    PlanMode.CROSS: "交叉督导",
    PlanMode.LEADERS: "领导带队专项督导",
    PlanMode.UNANNOUNCED: "四不两直",
}
STATUS_NAMES = {
    PlanStatus.DRAFT: "草稿",
    PlanStatus.PUBLISHED: "已发布",
    PlanStatus.RUNNING: "进行中",
    PlanStatus.CLOSED: "已结束",
    PlanStatus.CANCELLED: "已取消",
}
CHIPS = {
    PlanStatus.DRAFT: "plain",
    PlanStatus.PUBLISHED: "brand",
    PlanStatus.RUNNING: "brand",
    PlanStatus.CLOSED: "ok",
    PlanStatus.CANCELLED: "plain",
}
DUTY_NAMES = {Duty.LEADER: "组长", Duty.MEMBER: "成员", Duty.LIAISON: "联络员", Duty.EXPERT: "专家"}
ORIGIN_NAMES = {Origin.NAMED: "指定", Origin.DRAWN: "抽中", Origin.RESERVE: "备用替补"}
DRAW_STATUS_NAMES = {
    DrawStatus.PREPARING: "正在准备",
    DrawStatus.FROZEN: "名单已定，等公开数值",
    DrawStatus.VALUED: "数值已录入，等另一位核对",
    DrawStatus.DRAWN: "已抽取",
    DrawStatus.PUBLISHED: "结果已公示",
    DrawStatus.CANCELLED: "已作废",
}
NOTE_NAMES = {NoteKind.EXCLUDED: "不参加抽取", NoteKind.ACCIDENT: "有过事故"}
WEIGHT_NAMES = {
    "high_risk": "高危行业",
    "chemical": "化工",
    "non_public_sme": "非公中小",
    "accident": "有过事故",
    "unvisited": "长期没有去过",
}
STRATA_NAMES = {"all": "不分层", "risk": "按风险（化工、高危、其他）", "district": "按区市", "size": "按规模"}
SIZE_STRATA = {"large": "大型", "medium": "中型", "small": "小型", "micro": "微型", None: "没有填规模"}
EVERYBODY = "全部"
CHEMICAL, HIGH_RISK, OTHERS = "化工", "高危行业", "其他"
