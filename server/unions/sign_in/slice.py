"""Signing in by password and second factor."""

from server.core.slice import AuditWords, Slice

SLICE = Slice(
    audit=AuditWords(
        actions={
            "sign_in.failed": "登录失败",
            "sign_in.succeeded": "登录成功",
        },
        subjects={"sign_in": "登录"},
        details={
            "door": "入口",
            "known_device": "常用设备",
            "factor": "验证方式",
            "by": "方式",
        },
        values={
            "door": {"console": "管理端", "api": "手机"},
            "factor": {"password": "密码", "totp": "动态码", "recovery": "备用码", "sms": "短信验证码"},
        },
    ),
)
