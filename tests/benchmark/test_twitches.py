"""The displacement models of implants: their ranges, and that their truth is what they do."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from usfasc.benchmark.fields import draw_arc, draw_spline, draw_window
from usfasc.benchmark.patches import draw_patch
from usfasc.benchmark.planting import Draw
from usfasc.benchmark.twitches import Tissue, draw_site, tissue_of, true_event
from usfasc.model import Kind

SPACING_MM = 0.2
BOX = (20, 30, 180, 170)
OTHERS = (draw_window, draw_spline, draw_arc)
ALL = (draw_patch, *OTHERS)


@pytest.fixture(scope="module")
def tissue() -> Tissue:
    return tissue_of([BOX], (200, 200), SPACING_MM, fascicles_deg=5.0)


def test_tissue_is_held_at_its_edges(tissue: Tissue) -> None:
    assert tissue.share[10, 10] == 0
    assert tissue.share[31, 100] < 0.15
    assert tissue.share[100, 100] == 1


@pytest.mark.parametrize("draw", ALL)
@given(seed=st.integers(0, 500), amplitude_mm=st.floats(0.05, 1.0))
def test_a_twitch_does_what_its_truth_says(
    tissue: Tissue, draw: Draw, seed: int, amplitude_mm: float
) -> None:
    rng = np.random.default_rng(seed)
    twitch = draw(tissue, draw_site(tissue, rng), 1.0, amplitude_mm, rng)
    event = true_event(twitch, 1, np.arange(0, 4, 1 / 60), SPACING_MM)

    length_mm = np.linalg.norm(twitch.field, axis=-1)
    assert length_mm.max() == pytest.approx(amplitude_mm, rel=1e-4)
    assert np.abs(np.gradient(twitch.field, SPACING_MM, axis=(0, 1))).max() < 0.9
    assert event.kind is Kind.FASCICULATION
    assert 1.0 <= event.onset_s < event.peak_s < event.offset_s
    assert 0.04 <= event.peak_s - 1.0 <= 0.16 + 0.03 + 1e-3
    assert event.offset_s - event.peak_s <= 0.45
    assert event.peak_velocity_mm_s is not None
    assert event.peak_velocity_mm_s < 45 * amplitude_mm
    x0, y0, x1, y1 = event.box_px
    beyond = 1.5 / SPACING_MM  # two lobes may have their middle outside the stronger one
    assert BOX[0] <= x0 < x1 <= BOX[2]
    assert BOX[1] <= y0 < y1 <= BOX[3]
    assert x0 - beyond <= event.x_px <= x1 + beyond
    assert y0 - beyond <= event.y_px <= y1 + beyond


@pytest.mark.parametrize("draw", ALL)
@given(seed=st.integers(0, 500))
def test_a_twitch_starts_and_ends_at_rest(tissue: Tissue, draw: Draw, seed: int) -> None:
    rng = np.random.default_rng(seed)
    twitch = draw(tissue, draw_site(tissue, rng), 1.0, 0.5, rng)
    ends_s = 1.0 + twitch.waveform.ends_s + twitch.lag_s
    assert not twitch.is_moving(1.0)
    assert not twitch.is_moving(ends_s + 1e-6)
    assert np.abs(twitch.moved(1.0 + 1e-6)).max() < 1e-3
    assert np.abs(twitch.moved(ends_s - 1e-6)).max() < 0.05 * 0.5


@pytest.mark.parametrize("draw", ALL)
def test_the_same_seed_gives_the_same_twitch(tissue: Tissue, draw: Draw) -> None:
    drawn = []
    for _ in range(2):
        rng = np.random.default_rng(3)
        drawn.append(draw(tissue, draw_site(tissue, rng), 1.0, 0.3, rng))
    np.testing.assert_array_equal(drawn[0].field, drawn[1].field)
    assert drawn[0].waveform == drawn[1].waveform


@pytest.mark.parametrize("draw", OTHERS)
def test_firings_of_one_site_resemble_each_other(tissue: Tissue, draw: Draw) -> None:
    rng = np.random.default_rng(5)
    site = draw_site(tissue, rng)
    one, other = (draw(tissue, site, 1.0, 0.2, rng) for _ in range(2))
    assert one.box == other.box
    likeness = (one.field * other.field).sum() / np.sqrt(
        (one.field**2).sum() * (other.field**2).sum()
    )
    assert likeness > 0.9


def test_fascicles_that_bend_keep_their_area(tissue: Tissue) -> None:
    rng = np.random.default_rng(8)
    site = replace(draw_site(tissue, rng), centre_px=(100.0, 100.0), along_mm=2.5, across_mm=1.2)
    field = draw_arc(tissue, site, 1.0, 0.5, rng).field
    by_row, by_column = (np.gradient(field[..., axis], axis=1 - axis) for axis in (1, 0))
    inside = np.s_[2:-2, 2:-2]  # differences at the border are one-sided
    steepest = np.abs(np.stack([by_row, by_column])).max()
    assert np.abs(by_row + by_column)[inside].max() < 0.05 * steepest
