"""Accounts of the console and their sessions."""

from server.core.slice import AuditWords, PersonalRows, Slice, owned_by
from server.unions.accounts.events import SecurityChanged, SessionsEnded
from server.unions.accounts.models import Account, AuthSession, RecoveryCode

SLICE = Slice(
    audit=AuditWords(
        actions={
            "account.created": "创建账号",
            "account.password_set": "设置密码",
            "account.totp_on": "开启两步验证",
            "account.totp_off": "关闭两步验证",
            "account.recovery_codes_made": "生成备用码",
            "account.recovery_code_used": "用备用码登录",
            "session.started": "会话开始",
            "session.ended": "会话结束",
        },
        subjects={
            "account": "账号",
            "session": "会话",
        },
        details={
            "username": "登录名",
            "session_id": "会话",
            "session_ids": "会话",
        },
    ),
    personal=(
        PersonalRows(model=Account, rows=owned_by(Account.person_id)),
        PersonalRows(model=RecoveryCode, rows=owned_by(RecoveryCode.account_id), is_removed=True),
        PersonalRows(
            model=AuthSession,
            rows=owned_by(AuthSession.person_id),
            title="登录记录",
            hidden=frozenset({"token_hash"}),
            is_counted=True,
            is_removed=True,
        ),
    ),
    events=(SecurityChanged, SessionsEnded),
)
