"""Signing in by a code sent to a phone."""

from server.core.slice import AuditWords, PersonalRows, Slice, owned_by
from server.unions.phones.models import PhoneIdentity

SLICE = Slice(
    audit=AuditWords(
        actions={"person.phone_proved": "核实手机号"},
        details={"signs_in": "用它登录"},
    ),
    personal=(
        PersonalRows(
            model=PhoneIdentity, rows=owned_by(PhoneIdentity.person_id), title="核实过的手机号", is_removed=True
        ),
    ),
)
