"""Tables of the numbers that are given."""

from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base


class NumberSeries(Base):
    """The last running number of a year. Its row is the lock on numbers, so that none is given twice."""

    __tablename__ = "number_series"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


class DrawnNumber(Base):
    """A number that was given by chance, out of the range that is kept for those, so that it is not given again."""

    __tablename__ = "drawn_numbers"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
