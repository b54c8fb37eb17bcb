"""Rules of certificates that need no database."""

from decimal import Decimal


def mask_name(name: str) -> str:
    """王**: enough for whoever holds the paper in hand, too little to look somebody up."""
    return name[:1] + "*" * (len(name) - 1)


def is_passed(score: Decimal | None, pass_mark: Decimal | None) -> bool:
    """Whether somebody may have a certificate, as far as the test says: where there was none, it says nothing."""
    return pass_mark is None or (score is not None and score >= pass_mark)
