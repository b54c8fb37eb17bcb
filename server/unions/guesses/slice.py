"""Wrong guesses, counted and slowed down."""

from server.core.slice import PersonalRows, Slice
from server.unions.guesses.models import Guess

SLICE = Slice(
    personal=(
        PersonalRows(model=Guess, rows=lambda person_id: Guess.subject == f"invite:{person_id.hex}", is_removed=True),
    ),
)
