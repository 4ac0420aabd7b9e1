import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from usfasc.detect.waveform import Shape, fit_twitch, twitch

TIMES_S = np.arange(-0.65, 0.95, 0.02)


def shape(onset_s=0.0, contraction_s=0.06, relaxation_s=0.08):
    return Shape(onset_s=onset_s, contraction_s=contraction_s, relaxation_s=relaxation_s)


@given(
    onset_s=st.floats(-0.06, 0.06),
    contraction_s=st.floats(0.04, 0.13),
    size=st.floats(0.2, 3),
    seed=st.integers(0, 1000),
)
def test_a_twitch_is_found_as_it_is(onset_s, contraction_s, size, seed):
    noise = np.random.default_rng(seed).normal(0, 0.05 * size, len(TIMES_S))
    course = size * twitch(TIMES_S, shape(onset_s, contraction_s, 1.3 * contraction_s)) + noise
    fit = fit_twitch(TIMES_S, course)
    assert fit.onset_s == pytest.approx(onset_s, abs=0.04)
    assert fit.peak_s == pytest.approx(onset_s + contraction_s, abs=0.06)
    assert fit.size == pytest.approx(size, rel=0.25)
    assert fit.share > 0.8
    assert min(fit.over_step, fit.over_sinusoid, fit.over_flash) > 0


RIVALS = {
    "step": (np.clip(TIMES_S / 0.08, 0, 1), "over_step"),
    "oscillation": (np.sin(2 * np.pi * 3.9 * TIMES_S), "over_sinusoid"),
    "flash of one frame": (np.eye(len(TIMES_S))[36], "over_flash"),
    "twitch backwards": (twitch(0.12 - TIMES_S, shape()), "over_reversed"),
}


@pytest.mark.parametrize("name", RIVALS)
def test_a_rival_fits_itself_better(name):
    course, figure = RIVALS[name]
    assert getattr(fit_twitch(TIMES_S, np.asarray(course, float)), figure) < 0


@given(relaxation=st.floats(0.03, 0.3), contraction=st.floats(0.03, 0.2))
def test_the_model_starts_at_nothing_and_peaks_at_one(relaxation, contraction):
    model = shape(contraction_s=contraction, relaxation_s=relaxation)
    course = twitch(np.arange(-0.2, 1.5, 0.001), model)
    assert course[:200].max() == 0
    assert course.max() == pytest.approx(1, abs=1e-3)
    assert course.argmax() * 0.001 - 0.2 == pytest.approx(contraction, abs=0.002)


def test_a_silent_course_is_no_twitch():
    fit = fit_twitch(TIMES_S, np.zeros(len(TIMES_S)))
    assert fit.size == 0
    assert all(np.isfinite(getattr(fit, name)) for name in ("snr", "share", "over_step"))
