"""Signing in by a code sent to a phone."""

from server.core.slice import AuditWords, Slice

SLICE = Slice(
    audit=AuditWords(
        actions={"person.phone_proved": "核实手机号"},
    ),
)
