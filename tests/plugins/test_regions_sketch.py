"""Sketches: lines and outlines told from regions, and regions from them; edits. No window."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from usfasc_napari import regions_edits as edits
from usfasc_napari.regions_layers import ID, changes_of, handle_points, line_paths
from usfasc_napari.regions_sketch import (
    Name,
    Sheet,
    Sketch,
    band_names,
    line_origin,
    lines_of,
    regions_of,
    sketch_of,
)

from usfasc.model import Bmode, Line, Point, Region, Side
from usfasc.regions import check_regions
from usfasc.regions.layers import Naming, lay_layers
from usfasc.regions.polygons import area_px2
from usfasc.regions.snapping import find_ridges
from usfasc.tissue import rows_at

SHAPE = (300, 420)
SPACING_MM = (0.1, 0.1)
LEFT, RIGHT, ALL = (10, 20, 200, 280), (220, 20, 410, 280), (10, 20, 410, 280)


def sheet(box: tuple[int, int, int, int] = ALL, place: str = "") -> Sheet:
    """A picture with speckle and no boundary: lines lie where they are put."""
    grey = np.random.default_rng(3).gamma(2, 25, SHAPE).clip(0, 255).astype(np.uint8)
    mask = np.zeros(SHAPE, bool)
    mask[box[1] : box[3], box[0] : box[2]] = True
    picture = Bmode(box=box, mask=mask, origin="given")
    return Sheet(picture=picture, place=place, ridges=find_ridges(grey, picture, SPACING_MM))


ONE = (sheet(),)
TWO = (sheet(LEFT, "left picture"), sheet(RIGHT, "right picture"))


def line(y: float, box: tuple[int, int, int, int] = ALL, **fields: object) -> Line:
    points = ((box[0] - 0.5, y), (box[2] - 0.5, y + 10))
    return Line.model_validate({"points": points, **fields})


def found(*lines: Line) -> Sketch:
    """The sketch of regions as they find themselves between lines."""
    regions = lay_layers(lines, ONE[0].picture, SPACING_MM, Naming()).regions
    return sketch_of(regions, lines, ONE)


FASCIAE = (line(80), line(170))
BONE = line(230, kind="shadow")
SKIN = line(25, kind="skin", confidence=0.8)
THICK = line(150, confidence=0.9)
CASES: dict[str, tuple[Line, ...]] = {
    "two fasciae": FASCIAE,
    "down to a bone": (*FASCIAE, BONE),
    "skin above": (SKIN, *FASCIAE),
    "a guess between": (FASCIAE[0], line(120, proposed=False, confidence=0.5), FASCIAE[1]),
    "muscle above the first one, below skin": (SKIN, THICK, BONE),
    "muscle above the first one, from the top": (THICK, BONE),
    "too little below the last one": (*FASCIAE, line(240)),
}


@pytest.mark.parametrize("lines", CASES.values(), ids=CASES.keys())
def test_found_regions_come_back_from_their_lines(lines: tuple[Line, ...]) -> None:
    # Before a line in doubt left a picture whole, results held regions beside guesses.
    sure = [line for line in lines if line.proposed]
    regions = lay_layers(sure, ONE[0].picture, SPACING_MM, Naming()).regions
    sketch = sketch_of(regions, lines, ONE)
    assert regions
    assert not sketch.polygons
    again = regions_of(sketch, ONE)
    assert [(r.name, r.polygon, r.origin) for r in again] == [
        (r.name, r.polygon, r.origin) for r in regions
    ]
    twice = sketch_of(again, lines_of(sketch), ONE)
    assert regions_of(twice, ONE) == again
    assert set(lines_of(twice)) == set(lines_of(sketch))


def test_where_a_line_comes_from_is_told_and_an_edge_is_nobody_s() -> None:
    top, first, *_ = found(THICK, BONE).strokes
    assert line_origin(top.line, ONE[0]) == "upper edge of the picture"
    assert line_origin(first.line, ONE[0]) == "found, confidence 0.90"
    pulled = edits.pull_stroke(top, 1, (210.0, 60.0), ONE, snapping=False)
    assert line_origin(pulled.line, ONE[0]) == "by a person"


def test_names_stay_with_their_line() -> None:
    sketch = edits.name_below(
        found(*FASCIAE), 0, Name(muscle="biceps brachii", side=Side.LEFT), ONE
    )
    first, second = regions_of(sketch, ONE)
    assert (first.name, first.muscle) == ("biceps brachii, left", "biceps brachii")
    assert (second.name, second.side) == ("deep muscle, left", Side.LEFT)
    again = sketch_of((first, second), lines_of(sketch), ONE)
    assert again.strokes[0].name == Name(muscle="biceps brachii", side=Side.LEFT)
    assert band_names(again, ONE) == {0: first.name, 1: second.name}


def test_regions_of_one_name_are_told_apart() -> None:
    sketch = found(*FASCIAE)
    for number in (0, 1):
        sketch = edits.name_below(sketch, number, Name(muscle="tongue"), ONE)
    assert [r.name for r in regions_of(sketch, ONE)] == ["tongue (1)", "tongue (2)"]


def test_each_picture_has_its_own_lines_and_side() -> None:
    lines = (line(100, LEFT), line(100, RIGHT))
    empty = Sketch(wholes=(Name(), Name()))
    names = ["left picture", "right picture"]
    assert [r.name for r in regions_of(empty, TWO)] == names
    sketch = sketch_of((), lines, TWO)
    for number in (0, 1):
        sketch = edits.set_muscle_below(sketch, number, is_muscle=True)
    sketch = edits.name_below(sketch, 0, Name(muscle="masseter", side=Side.LEFT), TWO)
    sketch = edits.name_below(sketch, 1, Name(muscle="masseter", side=Side.RIGHT), TWO)
    assert [r.name for r in regions_of(sketch, TWO)] == [
        "masseter, left, left picture",
        "masseter, right, right picture",
    ]


def test_the_whole_area_keeps_lines_as_guesses() -> None:
    sketch = edits.take_whole(found(*FASCIAE))
    (region,) = regions_of(sketch, ONE)
    assert (region.name, region.origin) == ("whole image", "whole")
    sketch = edits.name_whole(sketch, 0, Name(muscle="tongue"))
    assert sketch_of(regions_of(sketch, ONE), lines_of(sketch), ONE).wholes[0].muscle == "tongue"
    for number in (0, 1):
        sketch = edits.take_up(sketch, number)
    assert [r.name for r in regions_of(sketch, ONE)] == ["superficial muscle", "deep muscle"]


def test_no_muscle_below_a_bone() -> None:
    sketch = edits.set_muscle_below(found(*FASCIAE), 1, is_muscle=False)
    assert [r.name for r in regions_of(sketch, ONE)] == ["muscle"]
    again = sketch_of(regions_of(sketch, ONE), lines_of(sketch), ONE)
    assert [stroke.line.kind for stroke in again.strokes] == ["fascia", "shadow"]


def test_outlines_lie_beside_lines() -> None:
    nerve = Region(name="nerve", polygon=((50, 100), (90, 100), (90, 130), (50, 130)))
    sketch = edits.set_polygons(found(*FASCIAE), [nerve])
    assert [r.name for r in regions_of(sketch, ONE)] == [
        "superficial muscle",
        "deep muscle",
        "nerve",
    ]
    again = sketch_of(regions_of(sketch, ONE), lines_of(sketch), ONE)
    assert again.polygons == (nerve,)
    named = edits.name_outline(again, 0, Name(muscle="brachialis", side=Side.RIGHT))
    assert regions_of(named, ONE)[-1].name == "brachialis, right"
    assert not edits.remove_outline(named, 0).polygons


def test_a_copied_outline_gets_a_name_of_its_own() -> None:
    nerve = Region(name="nerve", polygon=((50, 100), (90, 100), (90, 130), (50, 130)))
    drawn = Region(name="region 1", polygon=((150, 100), (190, 100), (190, 130)))
    names = [r.name for r in edits.fresh_names([nerve, nerve, drawn], ["nerve"])]
    assert names == ["nerve", "outline 1", "outline 2"]


def row(sketch: Sketch, number: int, x: float) -> float:
    return float(rows_at(sketch.strokes[number].line, np.array(x)))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2), st.floats(-400, 400), st.floats(-100, 400), st.booleans())
def test_a_pulled_handle_bends_its_line_no_farther_than_the_next(
    handle: int, dx: float, y: float, snapping: bool
) -> None:
    sketch = found(*FASCIAE)
    stroke = sketch.strokes[0]
    x, _ = stroke.handles[handle]
    pulled = edits.pull_stroke(stroke, handle, (x + dx, y), ONE, snapping=snapping)
    assert list(pulled.handles_px) == sorted(pulled.handles_px)
    xs = np.array(pulled.line.points)[:, 0]
    assert (np.diff(xs) > 0).all()
    assert (xs[0], xs[-1]) == (ALL[0] - 0.5, ALL[2] - 0.5)
    untouched = {0: xs > stroke.handles_px[1], 2: xs < stroke.handles_px[1]}.get(handle)
    if untouched is not None:
        away = rows_at(pulled.line, xs) - rows_at(stroke.line, xs)
        assert np.abs(away[untouched]).max(initial=0) < 0.5  # its ends go on level
    if not snapping:
        assert pulled.handles[handle][1] == pytest.approx(y, abs=0.1)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.floats(10, 409), st.floats(20, 279)), min_size=1, max_size=6))
def test_whatever_is_clicked_gives_regions_that_can_be_counted_in(points: list[Point]) -> None:
    sketch = Sketch(wholes=(Name(),))
    for point in points:
        sketch = edits.draw_line(sketch, point, ONE, snapping=False)
    regions = regions_of(sketch, ONE)
    kept = [region for region in regions if area_px2(region) >= 100]
    check_regions(kept, SHAPE, [ONE[0].picture])
    depths = [np.mean([y for _, y in each.points]) for each in lines_of(sketch)]
    assert depths == sorted(depths)


def test_a_handle_more_and_less() -> None:
    sketch = found(*FASCIAE)
    more = edits.hold(sketch, 0, (130.0, 95.0), ONE, snapping=False)
    assert len(more.strokes[0].handles_px) == 4
    assert row(more, 0, 130.0) == pytest.approx(95, abs=0.1)
    moved = edits.hold(more, 0, (132.0, 90.0), ONE, snapping=False)
    assert len(moved.strokes[0].handles_px) == 4
    less = edits.let_go(moved, 0, [1], ONE, snapping=False)
    assert row(less, 0, 130.0) == pytest.approx(row(sketch, 0, 130.0), abs=0.5)
    assert len(edits.let_go(less, 0, [0, 1], ONE).strokes) == 1
    assert edits.stroke_near(sketch, (130.0, 86.0), 20) == 0
    assert edits.stroke_near(sketch, (130.0, 130.0), 20) is None


def laid_out(sketch: Sketch) -> tuple[np.ndarray, np.ndarray]:
    data, features = handle_points(sketch.strokes)
    return data, features[ID]


def test_what_was_done_to_handles_is_told() -> None:
    guess = line(250, proposed=False, confidence=0.4)
    sketch = sketch_of((), (*(each for each in FASCIAE), guess), ONE)
    data, own = laid_out(sketch)
    assert len(data) == 7  # of a guess one
    assert not changes_of(sketch, data, {ID: own}).any
    moved = data.copy()
    moved[4] += (5, 3)
    y, x = moved[4]
    assert changes_of(sketch, moved, {ID: own}).pulled == ((1, 1, (x, y)),)
    fewer = changes_of(sketch, np.delete(data, [0, 5], axis=0), {ID: np.delete(own, [0, 5])})
    assert fewer.lost == {0: (0,), 1: (2,)}
    # A pasted handle says that it is the one it was copied from.
    copied = changes_of(sketch, np.vstack([data, [[7, 9]]]), {ID: [*own, own[2]]})
    assert copied.put == ((9.0, 7.0),)


def test_guesses_are_dashed() -> None:
    sketch = sketch_of((), (line(100), line(200, proposed=False)), ONE)
    paths, colours = line_paths(sketch.strokes)
    assert len(paths) == len(colours) > 10
    assert len(set(colours)) == 2
    gaps = np.array([path[0, 1] for path in paths[2:]]) - [path[-1, 1] for path in paths[1:-1]]
    assert (gaps > 2).all()


def test_a_pulled_guess_is_taken_up() -> None:
    sketch = sketch_of((), (line(150, proposed=False, confidence=0.4),), ONE)
    pulled = edits.pull(sketch, 0, 1, (200.0, 140.0), ONE, snapping=False)
    assert pulled.strokes[0].line.proposed and pulled.drawn
    assert [r.origin for r in regions_of(pulled, ONE)] == ["drawn"]


def test_an_ellipse_becomes_an_outline_beside_the_lines(screen: None) -> None:
    from napari.layers import Layer
    from usfasc_napari.layers import Axes, region_layer
    from usfasc_napari.regions_outlines import take_outlines

    sketch = found(*FASCIAE)
    regions = regions_of(sketch, ONE)
    layer = Layer.create(*region_layer(regions, Axes(), "regions"))
    assert take_outlines(layer, sketch, regions) == sketch
    corners = np.array([[100, 60], [100, 100], [130, 100], [130, 60]], float)
    layer.add(corners, shape_type="ellipse")
    drawn = take_outlines(layer, sketch, regions)
    assert drawn is not None and drawn.strokes == sketch.strokes
    (outline,) = drawn.polygons
    x, y = np.array(outline.polygon).T
    assert ((y - 115) / 15) ** 2 + ((x - 80) / 20) ** 2 == pytest.approx(np.ones(48))
    layer.add(corners[:2], shape_type="line")
    assert take_outlines(layer, sketch, regions) is None


def test_a_guess_without_its_handle_is_gone() -> None:
    sketch = sketch_of((), (line(100), line(150, proposed=False)), ONE)
    assert len(edits.let_go(sketch, 1, [1], ONE).strokes) == 1
