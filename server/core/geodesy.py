"""Distances on the ground, and the shift between the datum of satellites (WGS-84) and that of Chinese maps (GCJ-02)."""

import math

EARTH = 6_371_000.0  # metres
_AXIS, _ECCENTRICITY = 6_378_245.0, 0.006693421622965943  # of the ellipsoid that GCJ-02 is defined on


def metres_apart(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The distance between two (latitude, longitude) in degrees, along the surface."""
    (lat1, lon1), (lat2, lon2) = ((math.radians(lat), math.radians(lon)) for lat, lon in (one, other))
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH * math.asin(math.sqrt(half))


def to_datum(latitude: float, longitude: float, datum: str, wanted: str) -> tuple[float, float]:
    """A point of mainland China in another datum (`wgs84`, `gcj02`); good to a few metres."""
    if datum == wanted:
        return latitude, longitude
    north, east = to_gcj02(latitude, longitude)
    return (north, east) if wanted == "gcj02" else (2 * latitude - north, 2 * longitude - east)


def to_gcj02(latitude: float, longitude: float) -> tuple[float, float]:
    """A WGS-84 point of mainland China in GCJ-02, as Chinese maps and phones give it; good to a few metres."""
    x, y = longitude - 105.0, latitude - 35.0
    ripple = (20.0 * math.sin(6.0 * x * math.pi) + 20.0 * math.sin(2.0 * x * math.pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x)) + ripple
    north += (20.0 * math.sin(y * math.pi) + 40.0 * math.sin(y / 3.0 * math.pi)) * 2.0 / 3.0
    north += (160.0 * math.sin(y / 12.0 * math.pi) + 320.0 * math.sin(y * math.pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x)) + ripple
    east += (20.0 * math.sin(x * math.pi) + 40.0 * math.sin(x / 3.0 * math.pi)) * 2.0 / 3.0
    east += (150.0 * math.sin(x / 12.0 * math.pi) + 300.0 * math.sin(x / 30.0 * math.pi)) * 2.0 / 3.0
    magic = 1 - _ECCENTRICITY * math.sin(math.radians(latitude)) ** 2
    root = math.sqrt(magic)
    north_degrees = north * 180.0 / ((_AXIS * (1 - _ECCENTRICITY)) / (magic * root) * math.pi)
    east_degrees = east * 180.0 / (_AXIS / root * math.cos(math.radians(latitude)) * math.pi)
    return latitude + north_degrees, longitude + east_degrees
