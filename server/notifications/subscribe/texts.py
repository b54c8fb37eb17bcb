"""Why a subscribe message was not sent, in words for whoever can mend it. Pure."""

_REASONS = {
    "no_consent": "职工没有允许，或允许的次数用完了",
    "not_configured": "没有设置小程序",
    "no_wechat": "职工没有用这个小程序登录过",
    "no_answer": "微信没有答复，不知道是否发出",
}
_ERRCODES = {
    "-1": "微信繁忙",
    "40001": "访问凭证无效：检查小程序密钥",
    "40003": "职工的微信标识不对",
    "40037": "模板编号不对：到微信公众平台核对",
    "40164": "服务器地址不在微信的白名单里",
    "41030": "页面不在已发布的小程序里",
    "43101": "职工没有允许，或在微信里关掉了",
    "43107": "职工关闭了订阅消息",
    "45009": "今天的额度用完了",
    "45168": "内容含敏感词",
    "47003": "字段内容不合微信规则",
    "48001": "小程序没有开通订阅消息",
}


def reason_text(reason: str | None) -> str:
    """The reason in Chinese; empty for none."""
    if reason is None:
        return ""
    kind, _, detail = reason.partition(" ")
    if kind == "field":
        return f"字段 {detail} 的内容不合微信规则：修改模板"
    if kind == "errcode":
        return _ERRCODES.get(detail, f"微信拒绝，错误码 {detail}")
    return _REASONS.get(kind, reason)
