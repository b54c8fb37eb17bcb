"""The pages that put together what is known of a union and of a person."""

from server.core.slice import AuditWords, Slice

SLICE = Slice(audit=AuditWords(actions={"person.activity_viewed": "查看职工的上报和所得"}))
