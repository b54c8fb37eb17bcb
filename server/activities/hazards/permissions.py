"""Who may report hazards."""

from server.unions.roles import WORKERS, Role

PERMISSIONS: dict[str, frozenset[Role]] = {"hazard.report": WORKERS, "hazard.ask_proposal": WORKERS}
