"""The statutory holidays of China, for years whose calendar the State Council has not announced yet. Pure.

By the rules of 2024 (《全国年节及纪念日放假办法》), 13 days a year. Which weekends are worked in their stead, and how
they are joined to weekends, is announced each November for the year to come; until then a date is provisional.
"""

from datetime import date, timedelta
from functools import cache

MonthDay = tuple[int, int]

MOVING: dict[int, tuple[MonthDay, MonthDay, MonthDay, MonthDay]] = {
    2027: ((2, 6), (4, 5), (6, 9), (9, 15)),
    2028: ((1, 26), (4, 4), (5, 28), (10, 3)),
    2029: ((2, 13), (4, 4), (6, 16), (9, 22)),
    2030: ((2, 3), (4, 5), (6, 5), (9, 12)),
    2031: ((1, 23), (4, 5), (6, 24), (10, 1)),
    2032: ((2, 11), (4, 4), (6, 12), (9, 19)),
    2033: ((1, 31), (4, 4), (6, 1), (9, 8)),
    2034: ((2, 19), (4, 5), (6, 20), (9, 27)),
    2035: ((2, 8), (4, 5), (6, 10), (9, 16)),
    2036: ((1, 28), (4, 4), (5, 30), (10, 4)),
    2037: ((2, 15), (4, 4), (6, 18), (9, 24)),
    2038: ((2, 4), (4, 5), (6, 7), (9, 13)),
    2039: ((1, 24), (4, 5), (5, 27), (10, 2)),
    2040: ((2, 12), (4, 4), (6, 14), (9, 20)),
    2041: ((2, 1), (4, 4), (6, 3), (9, 10)),
    2042: ((1, 22), (4, 4), (6, 22), (9, 28)),
    2043: ((2, 10), (4, 5), (6, 11), (9, 17)),
    2044: ((1, 30), (4, 4), (5, 31), (10, 5)),
    2045: ((2, 17), (4, 4), (6, 19), (9, 25)),
    2046: ((2, 6), (4, 4), (6, 8), (9, 15)),
    2047: ((1, 26), (4, 5), (5, 29), (10, 4)),
    2048: ((2, 14), (4, 4), (6, 15), (9, 22)),
    2049: ((2, 2), (4, 4), (6, 4), (9, 11)),
    2050: ((1, 23), (4, 4), (6, 23), (9, 30)),
}
"""Lunar New Year's Day, 清明, 端午 and 中秋. Taken from lunardate 0.2.2 and checked against holidays 0.87."""
FIXED: tuple[MonthDay, ...] = ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))
SPRING_FESTIVAL = range(-1, 3)  # the eve, and the first three days of the year


@cache
def statutory_holidays(year: int) -> frozenset[date]:
    """The days off that hold whatever is announced. Beyond the table those alone that have a fixed date."""
    days = {date(year, month, day) for month, day in FIXED}
    if year in MOVING:
        spring, *others = (date(year, month, day) for month, day in MOVING[year])
        days.update(others)
        days.update(spring + timedelta(days=offset) for offset in SPRING_FESTIVAL)
    return frozenset(days)
