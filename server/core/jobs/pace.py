"""How much a job writes in one transaction: on SQLite everybody else who writes waits for its end."""

from dataclasses import dataclass

LONG = 0.5  # seconds that others may wait


@dataclass(slots=True)
class Pace:
    """`size`: rows for the next transaction, `most` at most; begin with few, it is not known how long they take."""

    size: int
    most: int

    def note(self, seconds: float) -> None:
        """So long did the last one take: fewer next where rows are dear or the machine is busy, again more where it
        went quickly."""
        if seconds > LONG:
            self.size = max(1, int(self.size * LONG / seconds))
        elif seconds < LONG / 4:
            self.size = min(self.most, self.size * 2)
