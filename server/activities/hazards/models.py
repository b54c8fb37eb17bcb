"""Tables of hazards."""

from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Float, ForeignKey, Index, Text, Uuid, literal_column, text
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base, named_enum


class Datum(StrEnum):
    """The datum of a pair of coordinates."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"


BANDS = 50  # of a degree of latitude: each of some 2 km
LATITUDE_BAND = literal_column(f"round(latitude * {BANDS})", Float())
"""As the index of places begins: a part of the map is some bands, and of each the longitudes that are looked at."""


class Hazard(Base):
    """What only a hazard has; the rest is in its submission."""

    __tablename__ = "hazards"

    submission_id: Mapped[UUID] = mapped_column(
        Uuid(), ForeignKey("submissions.id", ondelete="CASCADE"), primary_key=True
    )
    description: Mapped[str] = mapped_column(Text, default="")
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    datum: Mapped[Datum | None] = mapped_column(named_enum(Datum, "datum"))
    accuracy: Mapped[float | None]  # metres
    area_id: Mapped[UUID | None] = mapped_column(
        Uuid(), ForeignKey("unions.id")
    )  # district or town, when somewhere else
    location_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("locations.id"))  # whose code was scanned

    __table_args__ = (
        CheckConstraint(
            "(latitude IS NULL) = (longitude IS NULL) AND (latitude IS NULL) = (datum IS NULL)",
            name="coordinates_are_whole",
        ),
        Index(
            "ix_hazards_location",
            "location_id",
            sqlite_where=text("location_id IS NOT NULL"),
            postgresql_where=text("location_id IS NOT NULL"),
        ),
        Index("ix_hazards_place", LATITUDE_BAND, "longitude", "latitude", "submission_id", "datum"),
        CheckConstraint("latitude IS NULL OR latitude BETWEEN -90 AND 90", name="latitude_in_range"),
        CheckConstraint("longitude IS NULL OR longitude BETWEEN -180 AND 180", name="longitude_in_range"),
    )
