"""Named scenes, and how they go to disk."""

import json
from dataclasses import replace

import numpy as np
import pytest

from usfasc import read_cine
from usfasc.errors import UsageError
from usfasc.io.event_table import read_events_csv
from usfasc.io.results import read_regions
from usfasc.phantom.catalogue import SETS, find_scenes, save_phantom


def test_every_scene_is_found_by_its_name():
    names = [named.name for make in SETS.values() for named in make()]
    assert len(set(names)) == len(names)
    for name in ("two_muscles", "standard-dev-07", "key-frames-hard-test"):
        (found,) = find_scenes(name)
        assert found.name == name


def test_unknown_name_is_refused():
    with pytest.raises(UsageError, match="--list"):
        find_scenes("no such scene")


def test_a_phantom_on_disk_reads_back(tmp_path):
    (named,) = find_scenes("two_muscles")
    short = replace(named, scene=replace(named.scene, duration_s=2.0))
    clip, truth, regions = save_phantom(short, tmp_path)
    cine = read_cine(clip)
    assert cine.frames.count == 50
    assert cine.frame_rate_hz == pytest.approx(25.0)
    assert cine.spacing_mm == pytest.approx(short.scene.spacing_mm, rel=1e-6)
    assert [region.name for region in read_regions(regions)] == [
        "superficial muscle",
        "deep muscle",
    ]
    events = read_events_csv(truth)
    assert events
    assert all(event.origin == "simulated" for event in events)
    assert json.loads(regions.read_text())[0]["origin"] == "drawn"


def test_samples_in_the_folder_are_what_the_command_makes(checkout, tmp_path):
    """Truth equal, pixels within one grey level (issue: First light, item 9)."""
    (named,) = find_scenes("two_muscles")
    clip, truth, regions = save_phantom(named, tmp_path)
    folder = checkout / "sample_videos"
    for made in (truth, regions):
        assert made.read_bytes() == (folder / made.name).read_bytes()
    pairs = zip(
        read_cine(clip).frames.stream(), read_cine(folder / clip.name).frames.stream(), strict=True
    )
    for one, other in pairs:
        assert np.abs(one.grey.astype(int) - other.grey).max() <= 1


def test_samples_are_small_enough_to_ship(checkout):
    clips = sorted((checkout / "sample_videos").glob("*.dcm"))
    sizes = [clip.stat().st_size for clip in clips]
    assert len(clips) >= 5
    assert max(sizes) < 5_000_000
    assert sum(sizes) < 25_000_000
    assert all(clip.with_suffix(".truth.csv").exists() for clip in clips)
    assert {named.name for named in SETS["samples"]()} == {clip.stem for clip in clips}
