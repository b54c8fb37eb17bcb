"""What owners of accounts read. Pure."""

from collections.abc import Mapping

from server.unions.accounts.events import SecurityChange, SecurityChanged

CHANGES: Mapping[SecurityChange, str] = {
    SecurityChange.PHONE_LINKED: "绑定了一部扫码登录的手机",
    SecurityChange.PHONE_UNLINKED: "解除了一部扫码登录的手机",
    SecurityChange.PASSWORD_SET: "换了密码",
    SecurityChange.TOTP_ON: "开启了动态验证码",
    SecurityChange.TOTP_OFF: "关闭了动态验证码",
    SecurityChange.RECOVERY_CODES_MADE: "换了一组备用码",
    SecurityChange.RECOVERY_CODE_USED: "用一个备用码登录",
}
NOT_YOU = "如果不是您本人，请马上修改密码，并告诉上级工会。"


def security_words(event: SecurityChanged) -> str:
    """How the owner hears of it."""
    return f"您的管理端账号“{event.username}”{CHANGES[event.change]}。{NOT_YOU}"
