"""Lines on the walls of vessels are told from those that pass one."""

from __future__ import annotations

import numpy as np
import pytest

from usfasc.model import Line, Vessel
from usfasc.tissue import without_walls

SPACING_MM = (0.1, 0.2)
"""Pixels are twice as wide as high: 400 of them are 80 mm."""


def vessel(x0_px: float, x1_px: float, depth_px: float, thick_px: float, slope: float) -> Vessel:
    x = np.linspace(x0_px, x1_px, 20)
    upper, lower = (depth_px + side * thick_px / 2 + slope * x for side in (-1, 1))
    around = [*zip(x, upper, strict=True), *zip(x[::-1], lower[::-1], strict=True)]
    return Vessel(polygon=tuple((float(a), float(b)) for a, b in around), area_mm2=40.0)


def line(depth_px: float, slope: float = 0.0) -> Line:
    points = tuple((float(x), depth_px + slope * x) for x in (0, 200, 399))
    return Line(points=points, kind="fascia", confidence=0.9, proposed=True)


@pytest.mark.parametrize(
    ("name", "fascia", "lumen", "kept"),
    [
        ("its upper wall", line(75), vessel(0, 399, 100, 40, 0.0), False),
        ("its lower wall, aslant", line(124, 0.1), vessel(0, 399, 100, 40, 0.1), False),
        ("within it", line(100), vessel(0, 399, 100, 40, 0.0), False),
        ("well above it", line(60), vessel(0, 399, 100, 40, 0.0), True),
        ("across it", line(20, 0.4), vessel(0, 399, 100, 20, 0.0), True),
        ("past a short one", line(80), vessel(120, 220, 100, 40, 0.0), True),
    ],
)
def test_a_line_along_a_vessel_is_no_fascia(
    name: str, fascia: Line, lumen: Vessel, kept: bool
) -> None:
    assert without_walls((fascia,), (lumen,), SPACING_MM) == ((fascia,) if kept else ()), name


def test_without_a_vessel_all_lines_stay() -> None:
    assert without_walls((line(50), line(90)), (), SPACING_MM) == (line(50), line(90))
