"""The field against shifts that are known: rendered by scatterers, never warped."""

from dataclasses import replace

import numpy as np
import pytest

from usfasc.io import memory_cine
from usfasc.motion.field import carried_path, motion_field, running_median
from usfasc.motion.store import FrameStore
from usfasc.motion.stream import Track, setting, watch
from usfasc.phantom import LookAlike, LookAlikeKind, Scene, Twitch, render

SCENE = Scene(
    height_px=240, width_px=240, depth_mm=30.0, width_mm=30.0, duration_s=3.0, twitches=()
)
TWITCH = Twitch(onset_s=1.5, x_mm=15.0, y_mm=15.0, amplitude_mm=0.4, length_mm=10.0, width_mm=6.0)


def solved(cine):
    layout = setting(cine.bmode, cine.spacing_mm)
    with FrameStore(layout.fine.shape) as store:
        ((_, window),) = watch(cine, [Track(cine, layout, store, 30.0)])
    return motion_field(window.evidence, layout.cells, layout.coverage), layout


def test_a_twitch_moves_its_place_and_not_the_rest():
    field, layout = solved(render(replace(SCENE, twitches=(TWITCH,)), 4).cine)
    during = (field.times_s > 1.5) & (field.times_s < 1.62)
    z = field.z[during].max(axis=0)
    row, column = np.unravel_index(int(z.argmax()), z.shape)
    y_mm, x_mm = layout.cells.centre_mm(row, column)
    assert np.hypot(y_mm - 15, x_mm - 15) < 5
    far = np.hypot(*np.meshgrid(np.arange(30) - 15, np.arange(30) - 15)) > 12
    assert z.max() > 5 * np.percentile(z[far[: z.shape[0], : z.shape[1]]], 90)
    assert field.probe_mm[during].max() < 0.03


def test_sway_of_the_probe_is_taken_out():
    swaying = replace(SCENE, look_alikes=(LookAlike(kind=LookAlikeKind.SWAY, strength=0.8),))
    field, _ = solved(render(swaying, 4).cine)
    still, _ = solved(render(SCENE, 4).cine)
    assert np.median(field.probe_mm) > 5 * np.median(still.probe_mm)
    assert np.median(np.linalg.norm(field.shift_mm, axis=1)) < 0.02
    path = carried_path(field, 15, 15)
    assert np.ptp(path, axis=0).max() > 0.2


def test_a_gain_step_moves_nothing():
    cine = render(SCENE, 4).cine
    frames = np.stack([frame.grey for frame in cine.frames.stream()])
    frames[45:] = np.clip(frames[45:].astype(int) + 12, 0, 255).astype(np.uint8)
    stepped = memory_cine(frames, cine.times_s, cine.spacing_mm, cine.bmode)
    field, _ = solved(stepped)
    plain, _ = solved(cine)
    assert np.percentile(field.z, 99.9) < 1.5 * np.percentile(plain.z, 99.9)


@pytest.mark.parametrize("width_s", [0.3, 0.8])
def test_a_running_median_keeps_ramps_and_drops_pulses(width_s):
    times_s = np.arange(0, 5, 0.03)
    ramp = times_s.astype(np.float32)
    pulsed = ramp.copy()
    pulsed[80:83] += 5
    found = running_median(pulsed[:, None], times_s, width_s)[:, 0]
    inside = (times_s > 0.5) & (times_s < 4.5)
    # Three samples in a window can shift its median along the ramp, never up the pulse.
    assert np.abs(found - ramp)[inside].max() < width_s / 2
