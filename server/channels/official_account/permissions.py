"""Who may take over a draft begun in the chat."""

from server.unions.roles import WORKERS, Role

PERMISSIONS: dict[str, frozenset[Role]] = {"channel_draft.take": WORKERS}
