"""How much two reports resemble each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core.geodesy import to_gcj02
from server.review.duplicates.matching.likeness import FAR, Resemblance, grams_of, metres_between, shared
from server.review.submissions.kinds.content import Coordinates

SQUARE = (36.0662, 120.3826)
IN_CHINA = st.tuples(st.floats(20, 45), st.floats(80, 125))


def at(latitude: float, longitude: float, datum: str = "wgs84") -> Coordinates:
    return Coordinates(latitude, longitude, datum, None)


@given(point=IN_CHINA)
def test_a_point_lies_where_it_lies_in_either_datum(point: tuple[float, float]) -> None:
    distance = metres_between(at(*point), at(*to_gcj02(*point), "gcj02"))
    assert distance is not None
    assert distance < 1


@pytest.mark.parametrize(
    ("satellites", "chinese"),  # as eviltransform's tests have them
    [
        ((31.1774276, 121.5272106), (31.17530398364597, 121.531541859215)),
        ((22.543847, 113.912316), (22.540796131694766, 113.9171764808363)),
        ((39.911954, 116.377817), (39.91334545536069, 116.38404722455657)),
    ],
)
def test_known_points_lie_where_chinese_maps_have_them(
    satellites: tuple[float, float], chinese: tuple[float, float]
) -> None:
    assert to_gcj02(*satellites) == pytest.approx(chinese, abs=1e-9)


@given(one=IN_CHINA, other=IN_CHINA, datum=st.sampled_from(["wgs84", "gcj02"]))
def test_a_distance_is_the_same_both_ways(one: tuple[float, float], other: tuple[float, float], datum: str) -> None:
    there, back = metres_between(at(*one), at(*other, datum)), metres_between(at(*other, datum), at(*one))
    assert there == pytest.approx(back)


def test_without_a_point_there_is_no_distance() -> None:
    assert metres_between(at(*SQUARE), None) is None


@given(text=st.text(min_size=1, max_size=50), other=st.text(max_size=50))
def test_what_is_shared_is_a_part_and_the_same_both_ways(text: str, other: str) -> None:
    one, two = grams_of(text), grams_of(other)
    assert 0 <= shared(one, two) == shared(two, one) <= 1
    assert shared(one, one) == (1 if one else 0)


@pytest.mark.parametrize(
    ("one", "other"),
    [("三号车间东门", "三号车间 东门。"), ("ＡＢＣ配电箱", "abc配电箱"), ("灯", "灯")],
)
def test_white_space_case_width_and_punctuation_do_not_count(one: str, other: str) -> None:
    assert shared(grams_of(one), grams_of(other)) == 1


def test_a_few_words_fit_into_a_long_description() -> None:
    long = "三号车间东门旁边的配电箱门敞开，里面电线裸露，没有任何警示标志，已经好几天了"
    assert shared(grams_of("配电箱门敞开"), grams_of(long)) == 1
    assert shared(grams_of("消防通道堆放杂物"), grams_of(long)) == 0


@pytest.mark.parametrize(
    ("distance", "words", "likely"),
    [(30.0, 0.0, True), (None, 0.5, True), (None, 0.1, False), (400.0, 0.5, True), (400.0, 0.1, False),
     (FAR + 1, 1.0, False)],
)  # fmt: skip
def test_near_by_or_in_similar_words_but_not_somewhere_else(distance: float | None, words: float, likely: bool) -> None:
    assert Resemblance(distance, words).is_likely is likely
