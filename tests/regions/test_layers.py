"""Regions between lines."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from usfasc.model import Bmode, Line, Side
from usfasc.regions import check_regions, region_mask
from usfasc.regions.layers import Naming, lay_layers, layers_between
from usfasc.tissue import rows_at

SHAPE = (400, 300)
BOX = (20, 10, 280, 390)
STEP_MM = 0.1


def picture(cut_px: int = 0) -> Bmode:
    """A picture, its upper corners cut off as of a sector."""
    rows, columns = np.indices(SHAPE)
    x0, y0, x1, y1 = BOX
    mask = (columns >= x0) & (columns < x1) & (rows >= y0) & (rows < y1)
    mask &= (rows - y0) >= cut_px - np.minimum(columns - x0, x1 - 1 - columns)
    return Bmode(box=BOX, mask=mask, origin="given")


def line(depth_mm: float, kind: str = "fascia", confidence: float = 0.9) -> Line:
    row = BOX[1] + depth_mm / STEP_MM
    return Line.model_validate(
        {
            "points": [[BOX[0] - 0.5, row], [BOX[2] - 0.5, row]],
            "kind": kind,
            "confidence": confidence,
            "proposed": confidence >= 0.7,
        }
    )


SKIN, FASCIA, SEPTUM, BONE = line(1.5, "skin"), line(5), line(15), line(32, "shadow")
GUESS = line(24, confidence=0.5)

LAYERS: dict[str, tuple[list[Line], list[tuple[float, float]]]] = {
    "one muscle to the bottom": ([FASCIA], [(5, 38)]),
    "one muscle over bone": ([SKIN, FASCIA, BONE], [(5, 32)]),
    "two muscles over bone": ([FASCIA, SEPTUM, BONE], [(5, 15), (15, 32)]),
    "a thick layer above the first line": ([SKIN, SEPTUM], [(1.5, 15), (15, 38)]),
    "an artery between": ([FASCIA, line(15, "shadow"), line(20)], [(5, 15), (20, 38)]),
    "too thin for a muscle": ([FASCIA, SEPTUM, line(17), BONE], [(5, 15), (17, 32)]),
}


@pytest.mark.parametrize("name", LAYERS)
def test_layers(name: str) -> None:
    lines, bands = LAYERS[name]
    found = lay_layers(lines, picture(), (STEP_MM, STEP_MM), Naming())
    assert not found.reason
    rows = [np.array(region.polygon)[:, 1] for region in found.regions]
    shown = [((y.min() - BOX[1]) * STEP_MM, (y.max() - BOX[1]) * STEP_MM) for y in rows]
    assert np.allclose(shown, bands, atol=0.1)
    assert {region.origin for region in found.regions} == {"automatic"}
    check_regions(found.regions, SHAPE, [picture()])


NONE: dict[str, tuple[list[Line], Naming, str]] = {
    "nothing": ([], Naming(), "no fascia"),
    "skin alone": ([SKIN], Naming(), "no fascia"),
    "guesses alone": ([GUESS], Naming(), "no fascia"),
    "one line in doubt": ([FASCIA, SEPTUM, GUESS, BONE], Naming(), "a streak in it may be"),
    "four layers": ([line(depth) for depth in (4, 10, 17, 25)], Naming(), "more than 3"),
    "bone alone": ([line(4, "shadow")], Naming(), "no layer"),
    "names that do not fit": ([FASCIA], Naming(muscles=("a", "b")), "2 muscles are named, but 1"),
}


@pytest.mark.parametrize("name", NONE)
def test_no_layers_and_why(name: str) -> None:
    lines, naming, reason = NONE[name]
    found = lay_layers(lines, picture(), (STEP_MM, STEP_MM), naming)
    assert found.regions == ()
    assert found.reason.startswith(reason)


def test_muscles_are_laid_from_the_top() -> None:
    naming = Naming(muscles=("rectus femoris", "vastus intermedius"), side=Side.LEFT)
    found = lay_layers([FASCIA, SEPTUM, BONE], picture(), (STEP_MM, STEP_MM), naming).regions
    assert [region.name for region in found] == ["rectus femoris, left", "vastus intermedius, left"]
    assert [region.muscle for region in found] == list(naming.muscles)


def test_names_without_a_list_tell_the_place() -> None:
    lines = [FASCIA, SEPTUM, line(25)]
    beside = replace(Naming(), place="left picture")
    found = lay_layers(lines, picture(), (STEP_MM, STEP_MM), beside).regions
    assert [region.name for region in found] == [
        "superficial muscle, left picture",
        "middle muscle, left picture",
        "deep muscle, left picture",
    ]


def test_regions_keep_within_a_sector_and_do_not_overlap() -> None:
    sector = picture(cut_px=100)
    found = lay_layers([FASCIA, SEPTUM], sector, (STEP_MM, STEP_MM), Naming()).regions
    masks = [region_mask(region, SHAPE) for region in found]
    assert (masks[0] & masks[1]).any(axis=1).sum() <= 1  # the line itself is of both
    for mask in masks:
        assert (mask & ~sector.mask).sum() < 0.02 * mask.sum()
    check_regions(found, SHAPE, [sector])


def test_drawn_lines_part_regions_that_are_drawn() -> None:
    curved = Line(points=((20.0, 80.0), (150.0, 60.0), (280.0, 80.0)))
    (region,) = layers_between([curved, BONE], picture(), Naming(muscles=("soleus",))).regions
    assert (region.name, region.origin) == ("soleus", "drawn")
    assert rows_at(curved, np.array([150.0])) == pytest.approx([60.0])
