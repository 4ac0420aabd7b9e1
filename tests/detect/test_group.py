"""The counting unit, case by case."""

import pytest
from fixtures.movements import movement
from hypothesis import given
from hypothesis import strategies as st

from usfasc.detect.group import separate

BACK = (-1.0, 0.0)
CASES = [
    pytest.param([movement(1.0)], 1, id="one"),
    pytest.param([movement(1.0), movement(1.2, direction=BACK)], 1, id="out and back is one"),
    pytest.param([movement(1.0), movement(1.3, direction=BACK)], 1, id="a slow return is one"),
    pytest.param([movement(1.0), movement(1.25)], 2, id="a new contraction of the site is two"),
    pytest.param([movement(1.0), movement(1.08)], 1, id="under 140 ms no one tells them apart"),
    pytest.param([movement(1.0), movement(1.7, direction=BACK)], 2, id="later is another"),
    pytest.param([movement(1.0, x_mm=8), movement(1.0, x_mm=25)], 2, id="two places at one moment"),
    pytest.param([movement(1.0, x_mm=12), movement(1.02, x_mm=17)], 1, id="two lobes are one"),
    pytest.param(
        [movement(1.0), movement(1.1, x_mm=24, displacement_mm=0.05, score=0.6)],
        1,
        id="a faint echo in the wake",
    ),
    pytest.param(
        [movement(1.0, x_mm=10), movement(1.02, x_mm=19, direction=BACK)],
        1,
        id="the ends of one shortening",
    ),
    pytest.param([movement(1.0, x_mm=10), movement(1.02, x_mm=19)], 2, id="two shifts 9 mm apart"),
    pytest.param(
        [movement(1.0), movement(1.4, displacement_mm=0.1)], 2, id="a smaller one soon after"
    ),
    pytest.param(
        [movement(1.0, score=0.99), movement(1.1, x_mm=24, displacement_mm=0.05, score=0.95)],
        2,
        id="a small one beside it that is sure",
    ),
    pytest.param(
        [movement(1.0, x_mm=x_mm, area_mm2=180.0) for x_mm in (5, 25, 45)],
        1,
        id="parts of a movement larger than the second look",
    ),
    pytest.param(
        [movement(1.0, x_mm=5, area_mm2=180.0), movement(1.0, x_mm=25)],
        2,
        id="a small one beside a large one",
    ),
    pytest.param([], 0, id="nothing"),
]


@pytest.mark.parametrize(("movements", "count"), CASES)
def test_movements_are_told_apart_as_a_reader_does(movements, count):
    assert len(separate(movements)) == count


def test_a_twitch_of_two_lobes_lies_between_them():
    (found,) = separate([movement(1.0, x_mm=12), movement(1.02, x_mm=17, score=0.8)])
    assert found.x_mm == pytest.approx(14.5)
    assert found.score == 0.9


ONE = st.builds(
    movement,
    st.floats(0, 10),
    x_mm=st.floats(0, 30),
    y_mm=st.floats(0, 30),
    score=st.floats(0, 1),
    displacement_mm=st.floats(0.02, 1),
)


@given(st.lists(ONE, max_size=12), st.randoms())
def test_order_does_not_matter_and_nothing_is_made_up(movements, random):
    found = separate(movements)
    random.shuffle(movements)
    assert separate(movements) == found
    assert [item.onset_s for item in found] == sorted(item.onset_s for item in found)
    assert {id(item.candidate) for item in found} <= {id(item.candidate) for item in movements}
