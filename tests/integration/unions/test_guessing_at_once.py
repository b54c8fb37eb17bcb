"""Many guesses at the same moment are no more than as many one after the other."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask

from tests.support.callers import Desk, InProcess, Phone
from tests.support.world import Someone, World

AT_ONCE = 12
LET_THROUGH = 5


def at_once(guess: Callable[[int], int]) -> Counter[int]:
    """The statuses of as many guesses, begun together."""
    barrier = Barrier(AT_ONCE)

    def wait_and_guess(number: int) -> int:
        barrier.wait(timeout=30)
        return guess(number)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return Counter(pool.map(wait_and_guess, range(AT_ONCE)))


def test_guesses_at_a_password_at_the_same_moment_do_not_pass_the_limit(app: Flask) -> None:
    desks = [Desk(InProcess(app)) for _ in range(AT_ONCE)]
    for desk in desks:
        desk.csrf_token("/console/sign-in")

    def guess(number: int) -> int:
        return (
            desks[number].post("/console/sign-in", {"username": "admin", "password": f"wrong-password-{number}"}).status
        )

    assert at_once(guess) == {401: LET_THROUGH, 429: AT_ONCE - LET_THROUGH}


def test_guesses_at_invite_codes_at_the_same_moment_do_not_pass_the_limit(
    phone_of: Callable[[Someone], Phone], world: World
) -> None:
    phones = [phone_of(world.people.newcomer) for _ in range(AT_ONCE)]

    def guess(number: int) -> int:
        return phones[number].put("/api/v1/me/binding", {"invite_code": f"GUESS{number:02}"}).status

    assert at_once(guess) == {404: LET_THROUGH, 429: AT_ONCE - LET_THROUGH}
