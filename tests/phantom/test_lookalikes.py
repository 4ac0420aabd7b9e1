"""Every look-alike that the program must not count exists, and does what its name says."""

import numpy as np
import pytest

from usfasc.model import Kind
from usfasc.phantom import LookAlike, LookAlikeKind, render
from usfasc.phantom.layout import draw_layout
from usfasc.phantom.lookalikes import MOVEMENTS, margin_mm
from usfasc.phantom.motion import Stage, displacement
from usfasc.phantom.pulse import beats, pulse_waveform
from usfasc.phantom.scatterers import scatter

ELSEWHERE = {LookAlikeKind.SWALLOWING, LookAlikeKind.SLIDING_BELOW}
"""What the other family shows."""
KINDS = [kind for kind in LookAlikeKind if kind not in ELSEWHERE]


def stage_of(scene, seed=0):
    layout = draw_layout(scene, np.random.default_rng(seed))
    tissue = scatter(scene, layout, margin_mm(scene), np.random.default_rng(seed))
    return Stage(scene=scene, layout=layout, tissue=tissue)


@pytest.mark.parametrize("kind", KINDS)
def test_a_look_alike_changes_the_clip(scene, frames, kind):
    look = LookAlike(kind=kind, start_s=0.2, strength=1.5)
    plain = render(scene(duration_s=3.0, frame_rate_hz=20.0), 3)
    with_it = render(scene(duration_s=3.0, frame_rate_hz=20.0, look_alikes=(look,)), 3)
    one, other = frames(plain), frames(with_it)
    assert len(one) != len(other) or not np.array_equal(one, other)
    assert not any(event.kind is Kind.FASCICULATION for event in with_it.truth)


@pytest.mark.parametrize("kind", KINDS)
def test_a_look_alike_after_the_end_is_none(scene, frames, kind):
    late = LookAlike(kind=kind, start_s=9.0, stop_s=12.0)
    phantom = render(scene(duration_s=0.2, look_alikes=(late,)), 3)
    assert phantom.cine.frames.count == 6
    assert phantom.truth == ()


@pytest.mark.parametrize("kind", list(MOVEMENTS))
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_tissue_never_runs_out(scene, kind, seed):
    look = LookAlike(kind=kind, strength=1.5)
    asked = scene(duration_s=60.0, look_alikes=(look,))
    stage = stage_of(asked, seed)
    motions = MOVEMENTS[kind].make(stage, look, np.random.default_rng(seed))
    reach = np.array(margin_mm(asked))
    for t_s in np.linspace(0, 60, 80):
        moved = displacement(motions, float(t_s), len(stage.tissue.x_mm))[:2]
        assert np.all(np.abs(moved).max(axis=1) < reach)


def test_beats_vary_as_hearts_do():
    gaps = np.diff(beats(np.random.default_rng(1), 1.2, 0.06, 60.0))
    assert np.mean(gaps) == pytest.approx(1 / 1.2, rel=0.1)
    assert 0.03 < np.std(gaps) / np.mean(gaps) < 0.2


def test_no_two_beats_are_alike(scene):
    wave = pulse_waveform(np.random.default_rng(1), scene(duration_s=30.0))
    w = np.array([wave(t) for t in np.arange(0, 30, 0.01)])
    peaks = w[1:-1][(w[1:-1] > w[:-2]) & (w[1:-1] > w[2:]) & (w[1:-1] > 0.4 * w.max())]
    assert len(peaks) > 15
    assert np.std(peaks) / np.mean(peaks) > 0.08


def test_walls_of_an_artery_part(scene):
    look = LookAlike(kind=LookAlikeKind.PULSATION)
    stage = stage_of(scene(depth_mm=30.0, width_mm=30.0, duration_s=5.0, look_alikes=(look,)))
    walls, *_ = MOVEMENTS[look.kind].make(stage, look, np.random.default_rng(2))
    vessel, tissue = stage.layout.vessel, stage.tissue
    below = tissue.y_mm - vessel.axis.at(tissue.x_mm)
    near = np.abs(np.abs(below) - vessel.radius_mm) < 0.3
    assert np.all(walls.basis[1][near & (below > 0)] >= 0)
    assert np.all(walls.basis[1][near & (below < 0)] <= 0)
    assert np.abs(walls.basis[1][near]).max() > 0.02


def test_tremor_keeps_its_rate(scene):
    look = LookAlike(kind=LookAlikeKind.TREMOR)
    (motion,) = MOVEMENTS[look.kind].make(
        stage_of(scene(duration_s=20.0)), look, np.random.default_rng(4)
    )
    t = np.arange(0, 20, 0.01)
    spectrum = np.abs(np.fft.rfft([motion.waveform(each) for each in t]))
    strongest = np.fft.rfftfreq(len(t), 0.01)[spectrum.argmax()]
    assert 3.5 < strongest < 8.5


DISCRETE = {
    LookAlikeKind.CONTRACTION: Kind.CONTRACTION,
    LookAlikeKind.TREMOR: Kind.TREMOR,
    LookAlikeKind.JERK: Kind.PROBE_MOTION,
    LookAlikeKind.SWEEP: Kind.PROBE_MOTION,
    LookAlikeKind.LIFT_OFF: Kind.ARTEFACT,
}


@pytest.mark.parametrize(("look", "kind"), DISCRETE.items())
def test_discrete_look_alikes_stand_in_the_truth(scene, look, kind):
    alike = LookAlike(kind=look, start_s=0.5, stop_s=1.5)
    phantom = render(scene(duration_s=2.0, frame_rate_hz=6.0, look_alikes=(alike,)), 1)
    (event,) = phantom.truth
    assert (event.kind, event.onset_s) == (kind, 0.5)
