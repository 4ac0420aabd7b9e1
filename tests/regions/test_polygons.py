"""Which points a polygon holds, and which drawings are refused."""

from __future__ import annotations

import numpy as np
import pytest
from fixtures.outcomes import BOX, SHAPE, make_cine, make_region
from hypothesis import assume, given
from hypothesis import strategies as st
from skimage.draw import polygon as filled

from usfasc.errors import Code, InputError
from usfasc.model import Region
from usfasc.regions.polygons import area_px2, check_regions, contains, region_mask

SQUARE = make_region("a", (10, 10, 30, 30))
RING = Region(name="a", polygon=((10, 10), (10, 10), (30, 10), (30, 30), (10, 30), (10, 10)))
HOLLOW = Region(
    name="a",
    polygon=((10, 10), (40, 10), (40, 40), (30, 40), (30, 20), (20, 20), (20, 40), (10, 40)),
)


@pytest.mark.parametrize(
    ("region", "x", "y", "inside"),
    [
        (SQUARE, 20, 20, True),
        (SQUARE, 10, 20, True),
        (SQUARE, 30, 30, True),
        (SQUARE, 20, 10, True),
        (SQUARE, 9.99, 20, False),
        (SQUARE, 30.01, 20, False),
        (SQUARE, 40, 10, False),
        (RING, 20, 20, True),
        (HOLLOW, 25, 30, False),
        (HOLLOW, 15, 30, True),
        (HOLLOW, 25, 20, True),
        (HOLLOW, 25, 15, True),
    ],
)
def test_contains(region: Region, x: float, y: float, inside: bool) -> None:
    assert contains(region, np.array([x]), np.array([y]))[0] == inside
    backwards = region.model_copy(update={"polygon": region.polygon[::-1]})
    assert contains(backwards, np.array([x]), np.array([y]))[0] == inside


def test_area() -> None:
    assert area_px2(SQUARE) == area_px2(RING) == 400
    assert area_px2(HOLLOW) == 30 * 30 - 10 * 20


CORNERS = st.lists(
    st.tuples(st.floats(0, 60), st.floats(0, 60)), min_size=3, max_size=9, unique=True
)


@given(CORNERS)
def test_contains_agrees_with_filling(corners: list[tuple[float, float]]) -> None:
    region = Region(name="a", polygon=tuple(corners))
    rows, columns = np.mgrid[:64, :64]
    ours = contains(region, columns.astype(float), rows.astype(float))
    theirs = np.zeros((64, 64), bool)
    x, y = np.array(corners).T
    theirs[filled(y, x, (64, 64))] = True
    # They may differ on the outline itself, which has no area.
    step = 1e-3
    near = [
        contains(region, columns + dx * step, rows + dy * step)
        for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1))
    ]
    clear = (np.all(near, axis=0) == ours) & (np.any(near, axis=0) == ours)
    assert np.array_equal(ours[clear], theirs[clear])


@given(CORNERS, st.integers(0, 3))
def test_contains_does_not_depend_on_the_first_corner(
    corners: list[tuple[float, float]], turn: int
) -> None:
    assume(len(set(corners)) == len(corners))
    region = Region(name="a", polygon=tuple(corners))
    turned = Region(name="a", polygon=tuple(corners[turn:] + corners[:turn]))
    x = np.linspace(-1, 61, 50)
    assert np.array_equal(contains(region, x, x[::-1]), contains(turned, x, x[::-1]))


def test_mask_of_a_rectangle() -> None:
    mask = region_mask(make_region("a", (9.5, 9.5, 29.5, 19.5)), SHAPE)
    assert mask.shape == SHAPE
    assert mask.sum() == 200
    assert mask[10:20, 10:30].all()


GOOD = make_region("good", (20, 20, 60, 60))
REFUSED = {
    "left": (make_region("a", (-1, 10, 30, 30)), "outside the image, which is 128 x 96 pixels"),
    "right": (make_region("a", (10, 10, 128, 30)), "outside the image"),
    "below": (make_region("a", (10, 10, 30, 96)), "outside the image"),
    "far": (make_region("a", (10, 10, 1e300, 30)), "outside the image"),
    "small": (make_region("a", (10, 10, 19, 19)), "smaller than 100 square pixels"),
    "line": (Region(name="a", polygon=((10, 10), (90, 10), (90, 10))), "smaller"),
    "point": (Region(name="a", polygon=((10, 10),) * 3), "smaller"),
    "bow tie": (
        Region(name="a", polygon=((10, 10), (80, 80), (80, 10), (10, 60))),
        "crosses itself",
    ),
    "twice": (make_region("good", (20, 20, 50, 50)), "same name as region 1"),
    "star": (make_region("*", (20, 20, 50, 50)), "needs a name"),
    "blank": (make_region("  ", (20, 20, 50, 50)), "needs a name"),
    "escape": (make_region("a\x1b[31m", (20, 20, 50, 50)), "needs a name"),
    "muscle": (make_region("a", (20, 20, 50, 50), muscle="\x07"), "cannot be printed"),
    "beside": (make_region("a", (121, 10, 127, 80)), "outside the B-mode area"),
}


@pytest.mark.parametrize(("region", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_regions_that_cannot_be_counted_in(region: Region, words: str) -> None:
    with pytest.raises(InputError) as raised:
        check_regions([GOOD, region], SHAPE, make_cine().pictures)
    assert raised.value.code is Code.BAD_REGIONS
    assert raised.value.sentence.startswith("Region 2 ")
    assert words in raised.value.sentence


@pytest.mark.parametrize(
    "region",
    [
        GOOD,
        RING,
        HOLLOW,
        make_region("image", (-0.5, -0.5, SHAPE[1] - 0.5, SHAPE[0] - 0.5)),
        make_region("partly outside the area", (0, 0, BOX[0] + 20, BOX[1] + 20)),
    ],
)
def test_regions_that_are_fine(region: Region) -> None:
    check_regions([region], SHAPE, make_cine().pictures)


def test_a_drawing_of_ten_thousand_corners_is_checked_in_time() -> None:
    turn = np.linspace(0, 2 * np.pi, 10_000, endpoint=False)
    circle = zip((60 + 30 * np.cos(turn)).tolist(), (45 + 30 * np.sin(turn)).tolist(), strict=True)
    check_regions([Region(name="a", polygon=tuple(circle))], SHAPE, make_cine().pictures)
