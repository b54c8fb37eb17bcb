"""What the log's actions and subjects are called in Chinese. Whatever has no name here is shown as it is."""

ACTION_TEXTS = {
    "account.created": "创建账号",
    "account.password_set": "设置密码",
    "account.totp_off": "关闭两步验证",
    "account.totp_on": "开启两步验证",
    "campaign.created": "创建活动",
    "campaign.updated": "修改活动",
    "job.discarded": "丢弃任务",
    "job.retried": "重试任务",
    "person.bound": "绑定单位",
    "person.created": "添加人员",
    "person.updated": "修改人员",
    "session.ended": "退出登录",
    "session.started": "登录",
    "sign_in.failed": "登录失败",
    "sign_in.succeeded": "登录",
}
SUBJECT_TEXTS = {
    "account": "账号",
    "campaign": "活动",
    "job": "任务",
    "person": "人员",
    "photo": "照片",
    "session": "登录",
    "submission": "上报",
    "union": "工会",
}


def action_text(action: str) -> str:
    """An action in Chinese."""
    return ACTION_TEXTS.get(action, action)


def subject_text(subject_type: str) -> str:
    """A kind of subject in Chinese."""
    return SUBJECT_TEXTS.get(subject_type, subject_type)
