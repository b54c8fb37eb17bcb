"""How many examples a property is tried on: few in every run, many with `--full`."""

from hypothesis import settings

FULL = "full"  # the profile that --full loads


def examples(few: int, *, full: int) -> int:
    """The `max_examples` of a property whose examples are dear. The few are the first of the many."""
    return full if settings.get_current_profile_name() == FULL else few
