"""Who may take over a draft begun in the chat, and hear what was said there."""

from server.unions.roles import WORKERS, Role

PERMISSIONS: dict[str, frozenset[Role]] = {"channel_draft.take": WORKERS, "channel_voice.hear_own": WORKERS}
