"""From a scene and a seed to a clip: truth, regions, codec, black corners, files."""

from dataclasses import replace

import numpy as np
import pytest

from usfasc import read_cine
from usfasc.errors import InputError
from usfasc.model import Kind
from usfasc.phantom import LookAlike, LookAlikeKind, NamedScene, Twitch, render
from usfasc.phantom.catalogue import save_phantom
from usfasc.regions.polygons import check_regions

SITES = ("limb", "tongue", "paraspinal", "abdomen")
NAMES = {
    "limb": ["muscle"],
    "tongue": ["floor of mouth", "tongue"],
    "paraspinal": ["superficial muscle", "paraspinal muscle"],
    "abdomen": ["external oblique", "internal oblique", "transversus abdominis"],
}


def test_same_seed_same_bytes(linear, frames):
    first, second = (render(linear(), 5) for _ in range(2))
    assert np.array_equal(frames(first), frames(second))
    assert not np.array_equal(frames(first), frames(render(linear(), 6)))


@pytest.mark.parametrize(
    "change",
    [{"frame_rate_hz": 40.0}, {"height_px": 120, "width_px": 120}, {"noise": "high"}],
    ids=lambda change: next(iter(change)),
)
def test_movement_does_not_depend_on_how_it_is_seen(linear, change):
    drawn = {"twitches": None, "twitches_per_min": 60.0, "duration_s": 6.0, "frame_rate_hz": 5.0}
    plain, changed = render(linear(**drawn), 3), render(linear(**{**drawn, **change}), 3)
    assert len(plain.truth) > 2
    for one, other in zip(plain.truth, changed.truth, strict=True):
        assert one.onset_s == other.onset_s
        assert one.peak_displacement_mm == other.peak_displacement_mm
        assert one.x_mm == pytest.approx(other.x_mm, abs=0.1)


@pytest.mark.parametrize("site", SITES)
@pytest.mark.parametrize("view", ["longitudinal", "transverse"])
def test_regions_fit_the_picture_and_hold_the_sites(sector, site, view):
    scene = sector(
        site=site, view=view, twitches=None, twitches_per_min=200.0, sites=9, duration_s=2.0
    )
    phantom = render(replace(scene, frame_rate_hz=5.0), 2)
    check_regions(phantom.regions, phantom.cine.frames.shape, [phantom.cine.bmode])
    assert [region.name for region in phantom.regions] == NAMES[site]
    assert phantom.truth
    inside = [bool(event.region) for event in phantom.truth]
    assert np.mean(inside) > 0.8


def test_outside_the_sector_all_is_black(sector, frames):
    phantom = render(sector(duration_s=0.2), 1)
    clip, bmode = frames(phantom), phantom.cine.bmode
    assert not clip[:, ~bmode.mask].any()
    assert clip[:, bmode.mask].mean() > 20
    x0, y0, x1, y1 = bmode.box
    assert bmode.mask[y0:y1, x0:x1].any(axis=0).all()
    assert 0 < x0 < x1 < clip.shape[2]


def test_a_sector_on_disk_carries_its_true_box(sector, tmp_path):
    scene = sector(duration_s=0.4, jpeg_quality=90)
    box = render(scene, 1).cine.bmode.box
    clip, *_ = save_phantom(NamedScene(name="sector", scene=scene, seed=1), tmp_path)
    cine = read_cine(clip)
    assert cine.bmode.origin == "tag"
    assert cine.bmode.box == box
    assert cine.spacing_mm == pytest.approx(scene.spacing_mm, rel=1e-6)
    x0, y0, *_ = box
    assert not cine.bmode.mask[y0 + 2, x0 + 2]


def test_mirrored_is_the_picture_turned(sector, frames, twitch):
    at = twitch(x_mm=16.0, y_mm=22.0, along_deg=0.0, onset_s=0.1)
    plain, turned = (
        render(sector(twitches=(at,), mirrored=mirrored, duration_s=0.2), 4)
        for mirrored in (False, True)
    )
    assert np.array_equal(frames(plain)[:, :, ::-1], frames(turned))
    width = plain.cine.frames.shape[1]
    assert turned.truth[0].x_px == pytest.approx(width - 1 - plain.truth[0].x_px)
    assert turned.truth[0].region == plain.truth[0].region


@pytest.mark.parametrize("codec", ["h264", "mpeg4"])
def test_video_at_a_low_bit_rate_holds_still(linear, frames, codec):
    scene = linear(duration_s=1.0, noise="medium")
    raw, coded = (
        frames(render(replace(scene, codec=name, kbit_s=300), 3)) for name in ("jpeg", codec)
    )
    steps = [np.abs(np.diff(clip.astype(int), axis=0)).mean() for clip in (raw, coded)]
    assert 0 < steps[1] < 0.7 * steps[0]
    assert np.abs(raw.astype(int) - coded).mean() < 12


def test_lines_are_shot_one_after_the_other(linear, ground):
    from usfasc.phantom.beams.nodes import Mover
    from usfasc.phantom.motion import Motion

    scene = linear(frame_rate_hz=20.0)
    fan, _, nodes = ground(scene)
    basis = np.ones((3, len(nodes.x_mm)), np.float32)
    mover = Mover(scene, fan, nodes, [Motion(basis=basis, waveform=lambda t: t)])
    seen_s = mover.displaced(1.0)[0, 0]
    assert np.all(np.diff(seen_s) > 0)
    assert np.ptp(seen_s) == pytest.approx(scene.machine.line_share / 20.0, rel=1e-3)
    assert seen_s.mean() == pytest.approx(1.0, abs=1e-3)


def test_a_swallow_stands_in_the_truth_and_hides_no_twitch(sector):
    look = LookAlike(kind=LookAlikeKind.SWALLOWING, start_s=1.0)
    scene = sector(
        site="tongue", look_alikes=(look,), duration_s=4.0, frame_rate_hz=5.0, twitches=None
    )
    phantom = render(replace(scene, twitches_per_min=200.0), 2)
    (swallow,) = (event for event in phantom.truth if event.kind is Kind.SWALLOWING)
    assert (swallow.onset_s, swallow.offset_s) == (1.0, pytest.approx(2.2))
    for event in phantom.truth:
        if event.kind is Kind.FASCICULATION:
            assert event.offset_s < 1.0 or event.onset_s > 2.2


def test_negative_seed_is_refused(linear):
    with pytest.raises(InputError, match="seed"):
        render(linear(), -1)


def test_a_twitch_of_the_other_family_is_refused(linear):
    plain = Twitch(onset_s=0.1, x_mm=11.0, y_mm=12.0, amplitude_mm=0.3)
    with pytest.raises(InputError, match="FascicleTwitch"):
        render(linear(twitches=(plain,)), 1)
