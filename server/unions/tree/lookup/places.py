"""Which district or town a place text names. Pure: works on names already loaded."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

SHORTENED_LENGTH = 2  # “八大湖” for “八大湖街道”; one character left over would match anything
TOWN_ENDINGS = ("街道", "镇")


@dataclass(frozen=True, slots=True)
class Area:
    """A district (`district_id` is None) or a town of the district `district_id`, with the name people say."""

    id: UUID
    name: str
    district_id: UUID | None = None


def match_place(place: str, areas: Sequence[Area]) -> UUID | None:
    """The town that `place` names, else the district, else None.

    A town's full name (八大湖街道) counts anywhere unless two towns share it; its short form (八大湖) only beside
    the name of its district, because streets and stations borrow such names far from home.
    """
    district = _longest(place, [area for area in areas if area.district_id is None])
    towns = [area for area in areas if area.district_id is not None]
    if district is not None:
        towns = [town for town in towns if town.district_id == district.id]
        place = place.replace(district.name, " ")
        town = _longest(place, towns) or _longest_shortened(place, towns)
        return town.id if town is not None else district.id
    town = _longest(place, towns)
    return town.id if town is not None else None


def _longest(place: str, areas: Sequence[Area]) -> Area | None:
    named = [area for area in areas if area.name and area.name in place]
    return _only_longest(named, [area.name for area in named])


def _longest_shortened(place: str, towns: Sequence[Area]) -> Area | None:
    named = [town for town in towns if len(shorten(town.name)) >= SHORTENED_LENGTH and shorten(town.name) in place]
    return _only_longest(named, [shorten(town.name) for town in named])


def _only_longest(areas: Sequence[Area], names: Sequence[str]) -> Area | None:
    if not areas:
        return None
    length = max(len(name) for name in names)
    longest = [area for area, name in zip(areas, names, strict=True) if len(name) == length]
    return longest[0] if len(longest) == 1 else None


def shorten(name: str) -> str:
    """A town's name without 街道 or 镇."""
    for ending in TOWN_ENDINGS:
        if name.endswith(ending):
            return name.removesuffix(ending)
    return name
