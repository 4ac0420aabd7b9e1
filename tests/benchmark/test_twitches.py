"""The displacement model of implants: its ranges, and that its truth is what it does."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from usfasc.benchmark.twitches import Tissue, draw_site, draw_twitch, tissue_of, true_event
from usfasc.model import Kind

SPACING_MM = 0.2
BOX = (20, 30, 180, 170)


@pytest.fixture(scope="module")
def tissue() -> Tissue:
    return tissue_of([BOX], (200, 200), SPACING_MM, fascicles_deg=5.0)


def test_tissue_is_held_at_its_edges(tissue: Tissue) -> None:
    assert tissue.share[10, 10] == 0
    assert tissue.share[31, 100] < 0.15
    assert tissue.share[100, 100] == 1


@given(seed=st.integers(0, 500), amplitude_mm=st.floats(0.05, 1.0))
def test_a_twitch_does_what_its_truth_says(tissue: Tissue, seed: int, amplitude_mm: float) -> None:
    rng = np.random.default_rng(seed)
    twitch = draw_twitch(tissue, draw_site(tissue, rng), 1.0, amplitude_mm, rng)
    event = true_event(twitch, 1, np.arange(0, 4, 1 / 60), SPACING_MM)

    length_mm = np.linalg.norm(twitch.field, axis=-1)
    assert length_mm.max() == pytest.approx(amplitude_mm, rel=1e-4)
    assert max(np.abs(np.gradient(twitch.field, SPACING_MM, axis=(0, 1))).ravel()) < 0.7
    assert event.kind is Kind.FASCICULATION
    assert 1.0 <= event.onset_s < event.peak_s < event.offset_s
    assert 0.04 <= event.peak_s - 1.0 <= 0.16 + 0.03 + 1e-3
    assert event.offset_s - event.peak_s <= 0.35 + 0.03 + 1e-3
    x0, y0, x1, y1 = event.box_px
    assert BOX[0] <= x0 <= event.x_px <= x1 <= BOX[2]
    assert BOX[1] <= y0 <= event.y_px <= y1 <= BOX[3]


@given(seed=st.integers(0, 500))
def test_a_twitch_starts_and_ends_at_rest(tissue: Tissue, seed: int) -> None:
    rng = np.random.default_rng(seed)
    twitch = draw_twitch(tissue, draw_site(tissue, rng), 1.0, 0.5, rng)
    ends_s = 1.0 + twitch.waveform.ends_s + twitch.lag_s
    assert not twitch.is_moving(1.0)
    assert not twitch.is_moving(ends_s + 1e-6)
    assert np.abs(twitch.moved(1.0 + 1e-6)).max() < 1e-3
    assert np.abs(twitch.moved(ends_s - 1e-6)).max() < 0.05 * 0.5


def test_the_same_seed_gives_the_same_twitch(tissue: Tissue) -> None:
    drawn = []
    for _ in range(2):
        rng = np.random.default_rng(3)
        drawn.append(draw_twitch(tissue, draw_site(tissue, rng), 1.0, 0.3, rng))
    np.testing.assert_array_equal(drawn[0].field, drawn[1].field)
    assert drawn[0].waveform == drawn[1].waveform
