"""What background work is called on its page: each kind by name, else the part of the service it belongs to."""

from server.core.jobs.models import JobState

STATE_TEXTS = {JobState.DEAD: "失败", JobState.READY: "待执行", JobState.RUNNING: "执行中"}

JOB_TEXTS = {
    "audit.seal_entries": "封存审计日志",
    "certificates.draw_picture": "制作证书图片",
    "deadlines.adopt_calendars": "按新公布的节假日重算期限",
    "digests.write_daily": "写每日摘要",
    "documents.make_pdf": "生成文书 PDF",
    "draws.freeze_lists": "竞赛结束后定抽奖名单",
    "escalation.sweep_overdue": "逾期升级",
    "exports.remove_expired": "删除过期的导出文件",
    "exports.write_list": "写台账文件",
    "figures.count": "统计",
    "figures.refresh": "更新统计",
    "jobs.pull_back": "找回中断的任务",
    "photos.find_copies": "查重复使用的照片",
    "photos.make_derivatives": "处理照片",
    "photos.remove_objects": "删除照片文件",
    "photos.sweep_orphans": "清理无主的照片文件",
    "posters.draw": "制作企业海报",
    "privacy.erase_person": "注销个人信息",
    "privacy.make_export": "准备个人信息副本",
    "prizes.expire_wins": "过期未领的奖品转候补",
    "quiz.compute_boards": "计算答题排行",
    "quiz.count_figures": "统计答题数据",
    "quiz.find_shared_devices": "查同一手机答题",
    "quiz.grade_overdue": "到时收卷判分",
    "rectification.open_missing": "补发整改建议",
    "safety.ask_wechat": "送微信检查内容",
    "submissions.announce": "通知审核结果",
    "submissions.sweep_incomplete": "清理没有传完的上报",
    "subscribe.send_message": "发微信订阅消息",
}
AREA_TEXTS = {
    "certificates": "证书",
    "deadlines": "期限",
    "documents": "文书",
    "duplicates": "重复上报",
    "exports": "导出",
    "oauth": "微信登录",
    "official_account": "公众号消息",
    "phones": "手机验证码",
    "photos": "照片",
    "privacy": "个人信息",
    "queue": "待办队列",
    "quiz": "知识闯关",
    "rectification": "整改",
    "safety": "内容检查",
    "scans": "扫码登录",
    "sign_in": "登录",
    "submissions": "上报",
}


def job_text(name: str) -> str:
    """A kind of background work, in Chinese."""
    area = name.partition(".")[0]
    return JOB_TEXTS.get(name) or f"{AREA_TEXTS.get(area, '其他')}（后台整理）"
