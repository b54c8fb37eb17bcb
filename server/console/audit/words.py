"""What the log's actions, subjects and details are called in Chinese. Whatever has no name here is shown as it is."""

import json
from typing import Any

ACTION_TEXTS = {
    "account.created": "创建账号",
    "account.password_set": "设置密码",
    "account.phone_linked": "绑定扫码登录的手机",
    "account.phone_unlinked": "解除扫码登录的手机",
    "account.totp_off": "关闭两步验证",
    "account.totp_on": "开启两步验证",
    "campaign.created": "创建活动",
    "campaign.updated": "修改活动",
    "certificate.issue": "发证书",
    "draw.cancel": "取消抽奖",
    "draw.commit": "公布抽奖",
    "draw.confirm_value": "核对开奖",
    "draw.enter_value": "录入公开数值",
    "draw.freeze": "定抽奖名单",
    "draw.reject_value": "退回公开数值",
    "import.committed": "导入表格",
    "job.discarded": "丢弃任务",
    "job.retried": "重试任务",
    "own_data.erasure_cancelled": "撤销注销",
    "own_data.erasure_requested": "申请注销",
    "own_data.export_requested": "导出个人信息",
    "person.activated": "启用人员",
    "person.bound": "绑定单位",
    "person.created": "添加人员",
    "person.deactivated": "停用人员",
    "person.phone_proved": "核实手机号",
    "person.erased": "注销账号",
    "person.private_viewed": "查看个人信息",
    "person.updated": "修改人员",
    "person.wechat_joined": "微信身份并入",
    "prize.accept": "确认领奖",
    "prize.add_prize": "加奖品",
    "prize.award": "评出获奖者",
    "prize.create": "建立奖品池",
    "prize.expire": "奖品过期",
    "prize.hand_over": "发放奖品",
    "prize.lock": "奖品定下",
    "prize.promote": "候补递补",
    "prize.refuse": "放弃奖品",
    "prize.remove_prize": "去掉奖品",
    "prize.revoke": "取消获奖资格",
    "prize.skip": "跳过已得奖的",
    "reply_template.create": "新建回复模板",
    "reply_template.edit": "修改回复模板",
    "role.granted": "授予角色",
    "role.revoked": "撤销角色",
    "safety.held": "内容检查不通过",
    "safety.released": "放行内容",
    "session.ended": "会话结束",
    "session.started": "会话开始",
    "sign_in.failed": "登录失败",
    "sign_in.recognised": "微信网页识别身份",
    "sign_in.scan_confirmed": "手机确认登录",
    "sign_in.scan_refused": "手机拒绝登录",
    "sign_in.succeeded": "登录成功",
    "submission.accept": "受理",
    "submission.accept_in_part": "部分采纳",
    "submission.answer": "职工补充",
    "submission.claim": "领取处理",
    "submission.create": "上报",
    "submission.decline": "不予受理",
    "submission.discard": "清除未传完的上报",
    "submission.disclose": "查看匿名职工姓名",
    "submission.mark_duplicate": "标为重复",
    "submission.note": "内部备注",
    "submission.pass_down": "转下级",
    "submission.pass_up": "转上级",
    "submission.release": "放回待办",
    "submission.reopen": "重新审核",
    "submission.return": "退回补充",
    "submission.submit": "照片收齐",
    "submission.view_private": "查看上报人信息",
    "submission.withdraw": "撤回",
    "union.activated": "启用工会",
    "union.created": "新建工会",
    "union.deactivated": "停用工会",
    "union.invite_code_renewed": "更换邀请码",
    "union.moved": "调整工会隶属",
    "union.private_viewed": "查看工会联系人",
    "union.updated": "修改工会",
}
SUBJECT_TEXTS = {
    "account": "账号",
    "campaign": "活动",
    "certificate": "证书",
    "draw": "抽奖",
    "import": "导入",
    "job": "任务",
    "person": "人员",
    "photo": "照片",
    "prize_pool": "奖品池",
    "reply_template": "回复模板",
    "session": "会话",
    "sign_in": "登录",
    "submission": "上报",
    "union": "工会",
}
DETAIL_TEXTS = {
    "batch_id": "同一批",
    "by": "方式",
    "door": "入口",
    "due_at": "期限",
    "enterprise_id": "企业",
    "fields": "项目",
    "from": "原状态",
    "grade": "等级",
    "known_device": "常用设备",
    "name": "名称",
    "labels": "检查结果",
    "reason": "理由",
    "role": "角色",
    "session_id": "会话",
    "step": "步骤",
    "to": "新状态",
    "union_id": "工会",
    "username": "登录名",
}


def action_text(action: str) -> str:
    """An action in Chinese."""
    return ACTION_TEXTS.get(action, action)


def subject_text(subject_type: str) -> str:
    """A kind of subject in Chinese."""
    return SUBJECT_TEXTS.get(subject_type, subject_type)


def detail_text(key: str) -> str:
    """A detail's name in Chinese."""
    return DETAIL_TEXTS.get(key, key)


def value_text(value: Any) -> str:
    """A detail's value, readable."""
    if value is None:
        return "无"
    if isinstance(value, bool):
        return "是" if value else "否"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
