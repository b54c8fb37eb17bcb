"""Who plays, and who judges what looks like a program."""

from server.unions.roles import WORKERS, Role

PERMISSIONS: dict[str, frozenset[Role]] = {
    "quiz.play": WORKERS,
    "quiz.judge": frozenset({Role.ADMIN, Role.CITY_REVIEWER}),
}
