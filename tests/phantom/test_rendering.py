"""A seed is a subject: the same tissue and movement, however they are looked at."""

import numpy as np
import pytest

from usfasc._cv import cv2
from usfasc.errors import InputError
from usfasc.phantom import Scene, render


def onsets(phantom):
    return [event.onset_s for event in phantom.truth]


def flow_mm(clip, event, spacing_mm):
    """Median displacement (x, y) in mm at a twitch's middle, by dense flow from rest."""
    rest = clip[2 : event.start_frame].mean(axis=0)
    flow = cv2.DISOpticalFlow_create(2).calc(
        np.rint(rest).astype(np.uint8), clip[event.peak_frame], None
    )
    x, y = round(event.x_px), round(event.y_px)
    middle = flow[y - 5 : y + 6, x - 5 : x + 6].reshape(-1, 2)
    return np.median(middle, axis=0) * spacing_mm[::-1]


def test_same_seed_same_bytes(scene, frames):
    first, second = (render(scene(duration_s=0.3), 5) for _ in range(2))
    assert np.array_equal(frames(first), frames(second))
    assert first.cine.source.sha256 == second.cine.source.sha256


def test_another_seed_is_another_subject(scene, frames):
    first, second = (frames(render(scene(duration_s=0.2), seed)) for seed in (5, 6))
    assert np.corrcoef(first[0].ravel(), second[0].ravel())[0, 1] < 0.8


@pytest.mark.parametrize(
    "change",
    [
        {"frame_rate_hz": 47.0},
        {"height_px": 120, "width_px": 120},
        {"gain_db": 6.0},
        {"noise": "high"},
        {"persistence": 0.5, "jpeg_quality": 70},
    ],
    ids="-".join,
)
def test_movement_does_not_depend_on_how_it_is_seen(scene, change):
    drawn = {"twitches": None, "twitches_per_min": 40.0, "duration_s": 8.0, "frame_rate_hz": 6.0}
    plain, changed = render(scene(**drawn), 3), render(scene(**{**drawn, **change}), 3)
    assert len(plain.truth) > 2
    assert onsets(plain) == onsets(changed)
    for one, other in zip(plain.truth, changed.truth, strict=True):
        assert one.peak_displacement_mm == other.peak_displacement_mm
        # Pixel centres lie at integers: the same point to within half a pixel's difference.
        assert one.x_mm == pytest.approx(other.x_mm, abs=0.05)


def test_mirrored_is_the_picture_turned(scene, twitch, frames):
    shift = twitch(direction_deg=30.0, x_mm=6.0)
    plain = render(scene(twitches=(shift,)), 4)
    turned = render(scene(twitches=(shift,), mirrored=True), 4)
    assert np.array_equal(frames(plain)[:, :, ::-1], frames(turned))
    assert turned.truth[0].x_px == pytest.approx(159 - plain.truth[0].x_px)
    assert turned.truth[0].direction_deg == pytest.approx(150.0)


@pytest.mark.parametrize("direction_deg", [0.0, 75.0, 200.0])
def test_tissue_moves_as_the_truth_says(scene, twitch, frames, direction_deg):
    asked = scene(twitches=(twitch(direction_deg=direction_deg),), frame_rate_hz=50.0)
    phantom = render(asked, 8)
    event = phantom.truth[0]
    x, y = flow_mm(frames(phantom), event, asked.spacing_mm)
    # Dense flow sees about 0.8 of a local movement.
    assert 0.2 < np.hypot(x, y) < 0.48
    away = (np.rad2deg(np.arctan2(y, x)) - direction_deg + 180) % 360 - 180
    assert abs(away) < 25


def test_out_of_plane_movement_is_speckle_change_not_shift(scene, twitch, frames):
    changes, shifts = [], []
    for through in (0.0, 0.6):
        still = twitch(amplitude_mm=0.02, out_of_plane_mm=through)
        asked = scene(view="transverse", twitches=(still,), frame_rate_hz=50.0)
        phantom = render(asked, 8)
        event, clip = phantom.truth[0], frames(phantom)
        x, y = round(event.x_px), round(event.y_px)
        site = clip[:, y - 12 : y + 13, x - 12 : x + 13].astype(int)
        changes.append(np.abs(site[event.peak_frame] - site[event.start_frame - 2]).mean())
        shifts.append(np.hypot(*flow_mm(clip, event, asked.spacing_mm)))
    assert changes[1] > 3 * changes[0]
    assert max(shifts) < 0.2


def test_each_frame_has_its_own_noise_and_more_of_it_where_asked(scene, frames):
    steps = {}
    for noise in ("low", "medium", "high"):
        clip = frames(render(scene(noise=noise, duration_s=0.4), 2)).astype(int)
        steps[noise] = np.abs(np.diff(clip, axis=0)).mean()
    assert 0.1 < steps["low"] < steps["medium"] < steps["high"]


def test_persistence_smooths_in_time(scene, frames):
    step = [
        np.abs(np.diff(frames(render(scene(persistence=p, noise="high"), 2)).astype(int), axis=0))
        for p in (0.0, 0.5)
    ]
    assert step[1].mean() < 0.8 * step[0].mean()


def test_regions_fit_the_picture_and_hold_the_sites():
    from usfasc.regions.polygons import check_regions

    phantom = render(Scene(duration_s=4.0, frame_rate_hz=5.0, twitches_per_min=120.0, sites=8), 9)
    check_regions(phantom.regions, phantom.cine.frames.shape, phantom.cine.pictures)
    assert [region.name for region in phantom.regions] == ["superficial muscle", "deep muscle"]
    assert phantom.truth
    assert all(event.region for event in phantom.truth)


@pytest.mark.parametrize(
    "change",
    [{"height_px": 10}, {"frame_rate_hz": 0.0}, {"duration_s": 0.0}, {"depth_mm": 1.0}],
    ids=lambda change: next(iter(change)),
)
def test_impossible_scenes_are_refused(scene, change):
    with pytest.raises(InputError, match="BAD_PARAMETER"):
        scene(**change)


def test_negative_seed_is_refused(scene):
    with pytest.raises(InputError, match="seed"):
        render(scene(), -1)
