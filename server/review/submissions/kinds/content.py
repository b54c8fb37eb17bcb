"""What a submission says, in the same shape whatever its kind. `kinds.read_content` asks the activity for it."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Coordinates:
    """A point in degrees; `datum` is `wgs84` or `gcj02`; `accuracy` in metres, None if unknown."""

    latitude: float
    longitude: float
    datum: str
    accuracy: float | None


@dataclass(frozen=True, slots=True)
class LocationCode:
    """The code that the reporter scanned on the spot, as it is spelled, and where it hangs."""

    location_id: UUID
    code: str
    place: str


@dataclass(frozen=True, slots=True)
class Content:
    """The words and the point of a submission."""

    description: str = ""
    coordinates: Coordinates | None = None
    location: LocationCode | None = None
