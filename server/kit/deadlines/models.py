"""Which calendars the stored deadlines were counted with."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base


class CalendarYear(Base):
    """A year whose calendar came after this table. Deadlines stored since then were counted with it."""

    __tablename__ = "calendar_years"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    adopted_at: Mapped[datetime]
