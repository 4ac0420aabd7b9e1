"""What a clip is, and whether twitches can be counted in it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from usfasc.clip_facts import ClipFacts, FrameFacts, clip_facts
from usfasc.io import memory_cine
from usfasc.model import Bmode, Cine, Grey, Reading
from usfasc.pipeline import read_cine
from usfasc.regions import outline
from usfasc.tissue import with_pictures

RATE_HZ = 30


def noise(seconds: float, rate_hz: float = RATE_HZ) -> Grey:
    shape = (round(seconds * rate_hz), 60, 80)
    return np.random.default_rng(1).integers(20, 200, shape, np.uint8)


def cine_of(frames: Grey, rate_hz: float | None = RATE_HZ, **changes: Any) -> Cine:
    times_s = None if rate_hz is None else np.arange(len(frames)) / rate_hz
    return replace(memory_cine(frames, times_s, (0.1, 0.1)), **changes)


def bmode_of(cine: Cine, sure: bool = True, visible: float = 1.0) -> Bmode:
    height, width = cine.frames.shape
    mask = np.zeros((height, width), bool)
    mask[:, : round(width * visible)] = True
    return Bmode(box=(0, 0, width, height), mask=mask, origin="found", sure=sure)


def facts_of(cine: Cine, **bmode: Any) -> ClipFacts:
    return clip_facts(replace(cine, pictures=(bmode_of(cine, **bmode),)))


def frames_of(facts: ClipFacts) -> FrameFacts:
    (picture,) = facts.pictures
    return picture.frame_facts


def test_a_good_clip_is_fit() -> None:
    facts = facts_of(cine_of(noise(5)))
    assert facts.fitness.fit and facts.fitness.sentence == "fit for counting: yes"
    assert frames_of(facts).repeated == facts.gaps == 0
    assert frames_of(facts).real_frame_rate_hz == pytest.approx(RATE_HZ)
    assert facts.duration_s == pytest.approx(5)


UNFIT = {
    "untimed": (cine_of(noise(5), None), {}, "--frame-rate"),
    "slow": (cine_of(noise(5, 15), 15), {}, "15 different pictures a second"),
    "short": (cine_of(noise(2)), {}, "lasts 2 s"),
    "frozen": (cine_of(np.repeat(noise(0.04), 150, axis=0)), {}, "frozen"),
    "every picture twice": (
        cine_of(np.repeat(noise(2.5), 2, axis=0)),
        {},
        "15 different pictures a second",
    ),
    "area unsure": (cine_of(noise(5)), {"sure": False}, "--bmode"),
    "covered": (cine_of(noise(5)), {"visible": 0.2}, "only 20 % of the B-mode area"),
}


@pytest.mark.parametrize("name", UNFIT)
def test_an_unfit_clip_says_why(name: str) -> None:
    cine, bmode, reason = UNFIT[name]
    fitness = facts_of(cine, **bmode).fitness
    assert not fitness.fit
    assert fitness.sentence.startswith("fit for counting: no, because ")
    assert len(fitness.reasons) == 1 and reason in fitness.reasons[0]


def test_what_is_masked_is_named_by_its_reason() -> None:
    frames = noise(5)
    frames[:, 20:] = 0
    depth = np.arange(20)[:, np.newaxis]
    beside = np.abs(np.arange(80) - 40) > 12 + depth // 2
    frames[:, :20][:, beside] = 0
    box = Bmode(box=(0, 0, 80, 60), mask=np.ones((60, 80), bool), origin="tag")
    cine = with_pictures(cine_of(frames, pictures=(box,)), Reading())
    (reason,) = clip_facts(cine).fitness.reasons
    assert reason.endswith("can be judged (the rest: dark or outside the sector)")


@pytest.mark.parametrize("rate_hz", [24.8, 25.0, 29.97, 75.0])
def test_rates_that_are_enough(rate_hz: float) -> None:
    assert facts_of(cine_of(noise(4, rate_hz), rate_hz)).fitness.fit


def test_repeats_that_a_codec_has_coded_anew_are_seen() -> None:
    frames = np.repeat(noise(2.5), 2, axis=0)
    frames[1::2, ::7, ::7] += 1
    assert frames_of(facts_of(cine_of(frames))).repeated == len(frames) // 2


def test_quiet_tissue_is_not_repeated() -> None:
    still = noise(0.04).astype(int)
    flicker = np.random.default_rng(2).integers(0, 2, (150, 60, 80))
    frames = (still + flicker).astype(np.uint8)
    frames[100:] = noise(50 / RATE_HZ)
    # A strong movement belittles the few frames just before it, and no others.
    assert frames_of(facts_of(cine_of(frames))).repeated <= 4


def test_gaps_are_counted() -> None:
    frames = noise(5)
    times_s = np.arange(len(frames)) / RATE_HZ
    times_s[40:] += 0.5
    times_s[90:] += 0.2
    facts = facts_of(replace(cine_of(frames), times_s=times_s))
    assert facts.gaps == 2
    assert facts.longest_gap_s == pytest.approx(0.5 + 1 / RATE_HZ)


def test_what_to_know_of_a_fit_clip() -> None:
    notes = facts_of(cine_of(noise(5), spacing_mm=None)).fitness.notes
    assert any("--depth-mm" in note for note in notes)
    assert any("5 s of the 60 s" in note and "3 clips of 21 s" in note for note in notes)
    deep = facts_of(cine_of(noise(5), spacing_mm=(2.0, 0.5))).fitness.notes
    assert any("120 mm deep" in note for note in deep)


def dual(left: Grey, right: Grey) -> Cine:
    cine = cine_of(np.concatenate([left, right], axis=2))
    height, width = cine.frames.shape
    pictures = []
    for x0, spacing in ((0, (0.1, 0.1)), (width // 2, (0.2, 0.2))):
        box = (x0, 0, x0 + width // 2, height)
        mask = np.zeros((height, width), bool)
        mask[:, x0 : x0 + width // 2] = True
        pictures.append(Bmode(box=box, mask=mask, origin="tag", spacing_mm=spacing))
    return replace(cine, pictures=tuple(pictures), spacing_mm=None)


def test_of_a_dual_screen_each_half_is_told() -> None:
    still = np.repeat(noise(0.04), 150, axis=0)
    facts = clip_facts(dual(noise(5), still))
    left, right = facts.pictures
    assert (left.name, right.name) == ("left picture", "right picture")
    assert (left.spacing_mm, right.spacing_mm) == ((0.1, 0.1), (0.2, 0.2))
    assert right.frame_facts.frozen and not left.frame_facts.frozen
    assert facts.fitness.fit
    assert any("Right picture: the picture is frozen" in note for note in facts.fitness.notes)
    frozen = clip_facts(dual(still, still)).fitness
    assert not frozen.fit and len(frozen.reasons) == 2


REAL = {
    "biceps_longitudinal_75hz.mp4": True,
    "tibialis_rest_then_contraction_30hz.mov": True,
    "frozen_eye_phantom.mp4": False,
    "duplicated_frames_eye_phantom.mp4": False,
}


@pytest.mark.parametrize("name", REAL)
def test_real_clips(shared_data: Path, name: str) -> None:
    facts = clip_facts(read_cine(shared_data / name))
    assert facts.fitness.fit == REAL[name]
    assert frames_of(facts).frozen == ("frozen" in name)
    repeats = frames_of(facts).repeated / facts.frames
    assert repeats < 0.01 if REAL[name] else repeats > 0.2


def test_muscles_and_lines_are_those_that_a_detection_starts_from(sample_videos: Path) -> None:
    cine = read_cine(sample_videos / "two_muscles.dcm")
    facts = clip_facts(cine)
    found = outline(cine, Reading())
    assert facts.regions == found.regions and len(facts.regions) == 2
    assert facts.lines == found.lines and facts.vessels == found.vessels


def test_why_the_whole_picture_is_one_region_is_told() -> None:
    facts = facts_of(cine_of(noise(5)))
    assert [region.name for region in facts.regions] == ["whole image"]
    assert facts.warnings[-1].startswith("The whole image is one region, since")
