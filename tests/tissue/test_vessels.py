"""Which dark patches are taken for a vessel."""

import numpy as np
import pytest
from scipy import ndimage

from usfasc.benchmark.beds import BICEPS, BRACHIAL
from usfasc.model import Bmode, Frame
from usfasc.pipeline import read_cine
from usfasc.tissue import find_vessels, moments, steady_vessels
from usfasc.tissue.joining import joined

HEIGHT, WIDTH, STEP_MM = 260, 240, 0.15
ROWS, COLUMNS = np.indices((HEIGHT, WIDTH))
EVERYWHERE = np.ones((HEIGHT, WIDTH), bool)


def tissue(lumen, seed=0):
    """Speckle about grey 90, and next to nothing in the lumen."""
    speckle = 90 * np.random.default_rng(seed).rayleigh(0.8, (HEIGHT, WIDTH))
    return np.clip(np.where(lumen, speckle / 12, speckle), 0, 255).astype(np.uint8)


def disk(radius_mm, row=130, column=120):
    return np.hypot(ROWS - row, COLUMNS - column) * STEP_MM < radius_mm


CASES = {
    "an artery across": (disk(2.0), True),
    "an artery along, out of both sides": (abs(ROWS - 130 + COLUMNS // 20) < 14, True),
    "no dark patch": (disk(0), False),
    "a gap too thin": (abs(ROWS - 130) < 3, False),
    "a lake too thick": (disk(8.0), False),
    "a bone's shadow": (disk(3.0) | ((ROWS > 130) & (abs(COLUMNS - 120) < 20)), False),
    "the dead depth": (ROWS > 200, False),
    "gel over the skin": (ROWS < 25, False),
}


@pytest.mark.parametrize("name", CASES)
def test_a_lumen_has_walls_all_around(name):
    lumen, is_vessel = CASES[name]
    found = find_vessels(tissue(lumen), EVERYWHERE, (STEP_MM, STEP_MM))
    assert found.any() == is_vessel
    if is_vessel:
        assert (found & lumen).sum() > 0.6 * lumen.sum()
        assert (found & ~lumen).sum() < 0.05 * lumen.sum()


def test_pixels_need_not_be_square():
    lumen = np.hypot((ROWS - 130) * STEP_MM, (COLUMNS - 120) * 2 * STEP_MM) < 2
    found = find_vessels(tissue(lumen), EVERYWHERE, (STEP_MM, 2 * STEP_MM))
    assert (found & lumen).sum() > 0.6 * lumen.sum()


def test_what_is_masked_is_no_lumen():
    lumen = disk(2.0)
    assert not find_vessels(tissue(lumen), ~disk(4.0), (STEP_MM, STEP_MM)).any()


def first_frame(clip, shared_data):
    cine = read_cine(shared_data / clip.file, clip.reading)
    (frame,) = cine.frames.stream(0, 1)
    assert cine.bmode is not None and cine.spacing_mm is not None
    return find_vessels(frame.grey, cine.bmode.mask, cine.spacing_mm)


def test_the_brachial_artery_is_seen_on_either_side_of_its_colour_box(shared_data):
    lumen = first_frame(BRACHIAL, shared_data)
    columns = np.flatnonzero(lumen[150:290].any(axis=0))
    assert columns.min() < 100 and columns.max() > 400


def test_a_muscle_without_a_vessel_shows_none(shared_data):
    assert not first_frame(BICEPS, shared_data).any()


def test_a_vessel_is_tagged_where_most_moments_show_it() -> None:
    plain = np.full((200, 240), 90, np.uint8)
    row, column = np.indices(plain.shape)
    lumen = np.where((row - 100) ** 2 + (column - 120) ** 2 < 20**2, 5, plain).astype(np.uint8)
    picture = Bmode(box=(0, 0, 240, 200), mask=np.ones(plain.shape, bool), origin="given")
    for shown, expected in ((8, 1), (1, 0)):
        frames = [Frame(index=n, grey=lumen if n < shown else plain) for n in range(9)]
        vessels = steady_vessels(frames, picture, (0.1, 0.1))
        assert len(vessels) == expected
    (vessel,) = steady_vessels([Frame(index=0, grey=lumen)], picture, (0.1, 0.1))
    assert vessel.area_mm2 == pytest.approx(np.pi * 2.0**2, rel=0.25)
    assert np.mean(vessel.polygon, axis=0) == pytest.approx((120, 100), abs=3)


LENGTHWISE = abs(ROWS - 130 + COLUMNS // 20) < 14
HIDDEN = abs(COLUMNS - 120) < 30
PIECES = {
    "a stretch is hidden": (LENGTHWISE & ~HIDDEN, HIDDEN, 1),
    "a stretch is tissue": (LENGTHWISE & ~HIDDEN, np.zeros_like(HIDDEN), 2),
    "one above the other": (LENGTHWISE | (abs(ROWS - 180 + COLUMNS // 20) < 14), HIDDEN, 2),
    "ends that point elsewhere": (
        (LENGTHWISE & (COLUMNS < 90)) | ((abs(ROWS - 170) < 14) & (COLUMNS > 150)),
        HIDDEN,
        2,
    ),
    "of other thickness": (
        (LENGTHWISE & (COLUMNS < 90)) | ((abs(ROWS - 124) < 5) & (COLUMNS > 150)),
        HIDDEN,
        2,
    ),
    "two across, side by side": (disk(2.0, column=90) | disk(2.0, column=150), HIDDEN, 2),
    "three pieces": (
        LENGTHWISE & (COLUMNS % 80 > 20),
        COLUMNS % 80 <= 20,
        1,
    ),
    "crumbs": (disk(2.0) | disk(0.2, row=40) | disk(0.1, row=60), HIDDEN, 3),
    "nothing": (disk(0), HIDDEN, 0),
}


@pytest.mark.parametrize("name", PIECES)
def test_pieces_of_one_vessel_are_one(name):
    lumens, hidden, count = PIECES[name]
    whole = joined(lumens, ~hidden, (STEP_MM, STEP_MM))
    assert ndimage.label(whole)[1] == count
    assert not (lumens & ~whole).any()


def test_a_hidden_stretch_is_as_thick_as_its_vessel():
    whole = joined(LENGTHWISE & ~HIDDEN, ~HIDDEN, (STEP_MM, STEP_MM))
    assert (whole & LENGTHWISE).sum() > 0.97 * LENGTHWISE.sum()
    assert (whole & ~LENGTHWISE).sum() < 0.03 * LENGTHWISE.sum()


def test_pieces_in_pixels_that_are_not_square():
    squeezed = (LENGTHWISE & ~HIDDEN)[:, ::2]
    assert ndimage.label(joined(squeezed, ~HIDDEN[:, ::2], (STEP_MM, 2 * STEP_MM)))[1] == 1


def test_the_brachial_artery_is_one_vessel_under_its_colour_box(shared_data):
    cine = read_cine(shared_data / BRACHIAL.file, BRACHIAL.reading)
    (picture,) = cine.pictures
    vessels = steady_vessels(moments(cine), picture, cine.spacing_mm)
    spans = [[x for x, _ in vessel.polygon] for vessel in vessels]
    assert [min(x) < 100 and max(x) > 400 for x in spans].count(True) == 1
