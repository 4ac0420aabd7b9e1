"""Hatching of the body map: within its shape, all over it."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from usfasc.report.survey_hatch import around, half_around, hatch, square


@given(
    st.tuples(*[st.floats(-50, 50)] * 2, *[st.floats(2, 40)] * 2, st.floats(-90, 90)),
    st.sampled_from([1, -1]),
)
def test_hatching_stays_within_its_shape_and_covers_it(
    ellipse: tuple[float, float, float, float, float], sign: int
) -> None:
    corners = around(ellipse, sign)
    strokes = re.findall(r"M([-\d.]+) ([-\d.]+)L([-\d.]+) ([-\d.]+)", hatch(corners, crossed=False))
    ends = [(float(x), float(y)) for x0, y0, x1, y1 in strokes for x, y in ((x0, y0), (x1, y1))]
    xs, ys = zip(*corners, strict=True)
    assert all(min(xs) - 0.1 <= x <= max(xs) + 0.1 for x, _ in ends)
    assert all(min(ys) - 0.1 <= y <= max(ys) + 0.1 for _, y in ends)
    reach = [x + y for x, y in corners]
    # One stroke for every step of the distance across the shape.
    assert abs(len(strokes) - (max(reach) - min(reach)) / 4.6) <= 1
    crossed = hatch(corners, crossed=True)
    assert crossed.startswith(hatch(corners, crossed=False)) and crossed.count("M") > len(strokes)


def test_half_a_shape_is_hatched_on_its_own_side() -> None:
    strokes = re.findall(r"[ML](\S+) ", hatch(half_around((0, 50, 20, 10, 0), -1), crossed=True))
    assert strokes and all(float(x) <= 0 for x in strokes)
    assert hatch(square(11), crossed=False).count("M") == 4
