"""Points that lie close together become one, by a grid over what is looked at. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

COLUMNS = 16
"""Of the grid, over the width of what is looked at."""


@dataclass(frozen=True, slots=True)
class Point:
    """A hazard at a place, in degrees of the map."""

    id: UUID
    latitude: float
    longitude: float
    text: str


@dataclass(frozen=True, slots=True)
class Cluster:
    """Hazards of one cell of the grid: in their middle. `only` is the one of a cell that has no other."""

    latitude: float
    longitude: float
    count: int
    only: Point | None


def cluster_points(points: Iterable[Point], span: float) -> list[Cluster]:
    """The points by cells of a grid of COLUMNS over `span` degrees, the fullest first."""
    side = max(span / COLUMNS, 1e-5)
    cells: dict[tuple[int, int], list[Point]] = {}
    for point in points:
        cells.setdefault((int(point.latitude // side), int(point.longitude // side)), []).append(point)
    clusters = [
        Cluster(
            sum(each.latitude for each in cell) / len(cell),
            sum(each.longitude for each in cell) / len(cell),
            len(cell),
            cell[0] if len(cell) == 1 else None,
        )
        for cell in cells.values()
    ]
    return sorted(clusters, key=lambda each: -each.count)
