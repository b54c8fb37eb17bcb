"""Signing in by scanning a code."""

from server.core.slice import AuditWords, PersonalRows, Slice, owned_by
from server.unions.scans.messages import MESSAGES
from server.unions.scans.models import LinkedPhone, Scan

SLICE = Slice(
    audit=AuditWords(
        actions={
            "account.phone_linked": "绑定扫码登录的手机",
            "account.phone_unlinked": "解除扫码登录的手机",
            "sign_in.scan_confirmed": "手机确认登录",
            "sign_in.scan_refused": "手机拒绝登录",
        },
        details={
            "person_id": "人员",
            "purpose": "用途",
            "address": "地址",
        },
    ),
    personal=(
        PersonalRows(model=LinkedPhone, rows=owned_by(LinkedPhone.person_id), title="扫码登录的绑定", is_removed=True),
        PersonalRows(model=Scan, rows=owned_by(Scan.person_id), is_removed=True),
    ),
    messages=MESSAGES,
)
