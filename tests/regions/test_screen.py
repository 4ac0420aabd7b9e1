"""When a screen of several pictures could be judged, and what its pictures are called."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from usfasc.model import AssessableSpan, Bmode, Box
from usfasc.regions import over_pictures, picture_names, picture_of, whole_regions
from usfasc.regions.counting import judged_s

Pieces = list[tuple[float, float, str | None]]

LEFT: Pieces = [(0, 1, "ends"), (1, 6, None), (6, 10, "probe moved")]
RIGHT: Pieces = [(0, 4, "frozen"), (4, 8, None), (8, 9, "dark"), (9, 10, "probe moved")]


def spans(pieces: Pieces) -> tuple[AssessableSpan, ...]:
    return tuple(AssessableSpan(region="*", start_s=a, stop_s=b, reason=r) for a, b, r in pieces)


def test_a_moment_counts_where_any_picture_was_judged() -> None:
    found = over_pictures([spans(LEFT), spans(RIGHT)], ["left", "right"])
    assert [(s.start_s, s.stop_s, s.reason) for s in found] == [
        (0, 1, "left: ends; right: frozen"),
        (1, 8, None),
        (8, 9, "left: probe moved; right: dark"),
        (9, 10, "probe moved"),
    ]


def test_one_picture_is_the_whole_screen() -> None:
    assert over_pictures([spans(LEFT)], [""]) == spans(LEFT)


@st.composite
def cuts(draw: st.DrawFn) -> tuple[AssessableSpan, ...]:
    inner = draw(st.lists(st.integers(1, 19), unique=True, max_size=6).map(sorted))
    edges = [0, *inner, 20]
    reasons = draw(
        st.lists(
            st.sampled_from([None, "a", "b"]), min_size=len(edges) - 1, max_size=len(edges) - 1
        )
    )
    return spans(list(zip(edges, edges[1:], reasons, strict=False)))


@given(st.lists(cuts(), min_size=1, max_size=3))
def test_spans_cover_the_clip_and_none_is_judged_twice(pictures: list) -> None:
    names = [f"picture {number}" for number in range(len(pictures))]
    found = over_pictures(pictures, names)
    assert found[0].start_s == 0 and found[-1].stop_s == 20
    assert all(a.stop_s == b.start_s for a, b in pairwise(found))
    judged = {
        t
        for row in pictures
        for span in row
        if span.reason is None
        for t in range(int(span.start_s), int(span.stop_s))
    }
    assert judged_s(found) == len(judged)


def picture(box: Box) -> Bmode:
    mask = np.zeros((100, 200), bool)
    mask[box[1] : box[3], box[0] : box[2]] = True
    return Bmode(box=box, mask=mask, origin="tag")


NAMES = {
    "one": ([(0, 0, 200, 100)], ("",)),
    "side by side": ([(0, 0, 99, 100), (100, 0, 200, 100)], ("left picture", "right picture")),
    "a column shared": ([(0, 0, 101, 100), (100, 0, 200, 100)], ("left picture", "right picture")),
    "one above": ([(0, 0, 200, 50), (0, 50, 200, 100)], ("upper picture", "lower picture")),
    "one above, further right": (
        [(0, 50, 200, 100), (10, 0, 200, 50)],
        ("lower picture", "upper picture"),
    ),
    "three": (
        [(0, 0, 60, 100), (60, 0, 120, 100), (120, 0, 200, 100)],
        ("picture 1", "picture 2", "picture 3"),
    ),
}


@pytest.mark.parametrize("name", NAMES)
def test_pictures_are_called_by_their_place(name: str) -> None:
    boxes, names = NAMES[name]
    pictures = [picture(box) for box in boxes]
    assert picture_names(boxes) == names
    assert [region.name for region in whole_regions(pictures, "tongue")] == [
        ", ".join(filter(None, ("tongue", place))) for place in names
    ]


def test_a_region_lies_in_the_picture_that_holds_most_of_it() -> None:
    boxes = [(0, 0, 100, 100), (100, 0, 200, 100)]
    (left, right) = whole_regions([picture(box) for box in boxes])
    wide = right.model_copy(update={"polygon": ((80.0, 0.0), (180.0, 0.0), (180.0, 90.0))})
    assert [picture_of(region, boxes) for region in (left, right, wide)] == [0, 1, 1]
