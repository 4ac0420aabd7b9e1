"""Arrows point where tissue goes, and say by how much they are longer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fixtures.outcomes import make_event
from scipy import ndimage
from usfasc_napari.flow_arrows import find_arrows
from usfasc_napari.frames import LazyFrames

from usfasc.io import memory_cine, open_cine
from usfasc.model import Bmode, Reading, Result

SHAPE = (160, 200)
TIMES_S = np.arange(40) / 25.0
SPACING_MM = (0.1, 0.1)
CENTRE = (80, 100)


def moving(y_px: float, x_px: float, frame: int = 20) -> LazyFrames:
    """Speckle of which a patch about the centre moves at one frame, and the rest does not."""
    rng = np.random.default_rng(3)
    still = ndimage.gaussian_filter(rng.normal(size=SHAPE), 1.5)
    still = 120 + 40 * still / still.std()
    y, x = np.indices(SHAPE)
    weight = np.exp(-(((y - CENTRE[0]) / 14) ** 2 + ((x - CENTRE[1]) / 20) ** 2))
    moved = ndimage.map_coordinates(still, [y - y_px * weight, x - x_px * weight], mode="nearest")
    frames = np.repeat(still[None], len(TIMES_S), axis=0)
    frames[frame : frame + 3] = moved
    whole = Bmode(box=(0, 0, 200, 160), mask=np.ones(SHAPE, bool), origin="whole")
    stored = np.clip(frames, 0, 255).astype(np.uint8)
    return LazyFrames(memory_cine(stored, TIMES_S, (0.1, 0.1), whole).frames)


def event(**more: Any) -> Any:
    given = {"box_px": (75, 62, 125, 98), "peak_frame": 21, "x_px": 100.0, "y_px": 80.0}
    return make_event(1, 0.76, **given | more)


@pytest.mark.parametrize(("y_px", "x_px"), [(0, 2), (0, -2), (1.5, 0), (-1, 1)])
def test_they_point_where_the_tissue_goes(y_px: float, x_px: float) -> None:
    arrows = find_arrows(moving(y_px, x_px), event(), TIMES_S, SPACING_MM)
    assert arrows is not None and arrows.factor > 1
    begins, lengths = arrows.vectors_px[:, 0], arrows.vectors_px[:, 1]
    assert np.all(np.abs(begins - CENTRE) < 45)
    mean = lengths.mean(axis=0)
    wanted = np.array([y_px, x_px])
    assert mean @ wanted / np.linalg.norm(mean) / np.linalg.norm(wanted) > 0.95
    longest = np.linalg.norm(lengths, axis=1).max() / arrows.factor
    assert longest == pytest.approx(np.linalg.norm(wanted), rel=0.35)


def test_what_rests_has_none() -> None:
    assert find_arrows(moving(0, 0), event(), TIMES_S, SPACING_MM) is None


def test_they_point_as_a_phantom_moves(analysed: Result, sample_videos: Path) -> None:
    cine = open_cine(sample_videos / "two_muscles.dcm", Reading())
    frames = LazyFrames(cine.frames)
    assert cine.times_s is not None and cine.spacing_mm is not None
    # Of two twitches all tissue moves one way; the truth tells which.
    for onset_s, truth_deg in ((6.5883, 23.7), (7.168, 329.1)):
        near = min(analysed.events, key=lambda each: abs(each.onset_s - onset_s))
        arrows = find_arrows(frames, near, cine.times_s, cine.spacing_mm)
        assert arrows is not None
        y, x = arrows.vectors_px[:, 1].mean(axis=0)
        error_deg = (np.degrees(np.arctan2(y, x)) - truth_deg + 180) % 360 - 180
        assert abs(error_deg) < 20


def test_a_phantom_at_rest_has_none(sample_videos: Path) -> None:
    cine = open_cine(sample_videos / "quiet_muscle.dcm", Reading())
    frames = LazyFrames(cine.frames)
    assert cine.times_s is not None and cine.spacing_mm is not None
    for onset_s in (1.0, 2.5, 4.0, 5.5):
        resting = make_event(1, onset_s, box_px=(100, 80, 190, 150), x_px=145.0, y_px=115.0)
        assert find_arrows(frames, resting, cine.times_s, cine.spacing_mm) is None


@pytest.mark.parametrize("box", [(0, 0, 10, 10), (190, 150, 200, 160), (0, 0, 200, 160)])
def test_an_event_at_the_edge_is_no_trouble(box: tuple[int, int, int, int]) -> None:
    for onset_s, peak in ((0.0, 0), (1.56, 39), (0.76, 21)):
        moved = event(box_px=box).model_copy(update={"onset_s": onset_s, "peak_frame": peak})
        find_arrows(moving(0, 2), moved, TIMES_S, SPACING_MM)
