"""When frames were taken: named headers and the time axis that each must give."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from tests.io.conftest import MakeDicom, speckle
from usfasc.errors import InputError
from usfasc.io import open_cine
from usfasc.model import Reading

COUNT = 6
VECTOR = [0, 20, 20, 40, 20, 20]
POINTER = {"FrameTime": 0x00181063, "FrameTimeVector": 0x00181065}
NO_TAGS = {"FrameTime": None, "FrameIncrementPointer": None}


@dataclass(frozen=True)
class Case:
    tags: dict[str, Any]
    rate_hz: float | None
    origin: str
    warning: str | None = None
    times_ms: list[float] | None = field(default=None)


CASES = {
    "frame time": Case({}, 25, "FrameTime"),
    "pointer to the vector beats frame time": Case(
        {"FrameTimeVector": VECTOR, "FrameIncrementPointer": POINTER["FrameTimeVector"]},
        50,
        "FrameTimeVector",
        "disagree",
        [0, 20, 40, 80, 100, 120],
    ),
    "frame time before the vector where nothing points": Case(
        {"FrameTimeVector": [0, 40, 40, 40, 40, 40], "FrameIncrementPointer": None},
        25,
        "FrameTime",
    ),
    "pointer to an absent tag": Case(
        {"FrameIncrementPointer": POINTER["FrameTimeVector"]}, 25, "FrameTime"
    ),
    "vector alone": Case(
        NO_TAGS | {"FrameTimeVector": [33, *VECTOR[1:]]},
        50,
        "FrameTimeVector",
        None,
        [0, 20, 40, 80, 100, 120],
    ),
    "vector of the wrong length": Case(
        NO_TAGS | {"FrameTimeVector": VECTOR[:4]}, None, "unknown", "does not fit"
    ),
    "vector with a step of nothing": Case(
        NO_TAGS | {"FrameTimeVector": [0, 20, 0, 20, 20, 20]}, None, "unknown", "does not fit"
    ),
    "cine rate alone": Case(NO_TAGS | {"CineRate": 30}, 30, "CineRate"),
    "cine rate that was cut to a whole number": Case(
        {"FrameTime": "33.367", "CineRate": 29}, 29.97, "FrameTime"
    ),
    "cine rate that contradicts": Case({"CineRate": 60}, 25, "FrameTime", "CineRate (60 Hz)"),
    "duration that contradicts": Case(
        {"EffectiveDuration": 60}, 25, "FrameTime", "EffectiveDuration"
    ),
    "frame duration that agrees to a millisecond": Case(
        {"ActualFrameDuration": 40}, 25, "FrameTime"
    ),
    "frame duration that contradicts": Case(
        {"ActualFrameDuration": 20}, 25, "FrameTime", "ActualFrameDuration (50 Hz)"
    ),
    "duration that agrees": Case({"EffectiveDuration": 0.24}, 25, "FrameTime"),
    "trimmed, and the duration is of what is left": Case(
        {"FrameTime": 400, "StartTrim": 2, "StopTrim": 4, "EffectiveDuration": 1.2},
        2.5,
        "FrameTime",
        "marks 3 of its 6 frames",
    ),
    "trimmed to all frames, counted from 1": Case(
        {"StartTrim": 1, "StopTrim": COUNT}, 25, "FrameTime"
    ),
    "trimmed from 0": Case({"StartTrim": 0, "StopTrim": COUNT - 1}, 25, "FrameTime", "marks 5"),
    "trimmed beyond the end": Case({"StartTrim": 3, "StopTrim": 60}, 25, "FrameTime"),
    "trimmed backwards": Case({"StartTrim": 5, "StopTrim": 2}, 25, "FrameTime"),
    "heart rate of zero": Case({"HeartRate": 0}, 25, "FrameTime"),
    "viewing rate beside a frame time": Case({"RecommendedDisplayFrameRate": 60}, 25, "FrameTime"),
    "vector that agrees but for its first step": Case(
        {
            "FrameTimeVector": [0, 40, 40, 40, 40, 40],
            "FrameIncrementPointer": POINTER["FrameTimeVector"],
        },
        25,
        "FrameTimeVector",
    ),
    "vector that does not start with zero": Case(
        {
            "FrameTimeVector": [5000, 40, 40, 40, 40, 40],
            "FrameIncrementPointer": POINTER["FrameTimeVector"],
        },
        25,
        "FrameTimeVector",
        None,
        [0, 40, 80, 120, 160, 200],
    ),
    "rates 2 % apart": Case({"FrameTime": 20, "CineRate": 51}, 50, "FrameTime"),
    "rates 5 % apart": Case(
        {"FrameTime": 10, "CineRate": 95}, 100, "FrameTime", "CineRate (95 Hz)"
    ),
    "nothing": Case(NO_TAGS, None, "unknown"),
    "frame time of zero": Case({"FrameTime": 0}, None, "unknown", "out of range"),
    "frame time of zero beside a cine rate": Case(
        {"FrameTime": 0, "CineRate": 50}, 50, "CineRate", "out of range"
    ),
    "empty frame time": Case({"FrameTime": ""}, None, "unknown", "out of range"),
    "negative frame time": Case({"FrameTime": -40}, None, "unknown", "out of range"),
    "frame time in seconds": Case({"FrameTime": "0.04"}, None, "unknown", "out of range"),
    "viewing rate alone": Case(
        NO_TAGS | {"RecommendedDisplayFrameRate": 30}, None, "--frame-rate 30"
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_time_axis_of(make_dicom: MakeDicom, name: str) -> None:
    case = CASES[name]
    cine = open_cine(make_dicom(speckle(COUNT), **case.tags), Reading())
    assert case.origin in cine.times_origin
    if case.rate_hz is None:
        assert cine.times_s is None and cine.duration_s is None
    else:
        assert cine.frame_rate_hz == pytest.approx(case.rate_hz, rel=1e-3)
        assert cine.times_s[0] == 0 and len(cine.times_s) == COUNT
    if case.times_ms is not None:
        np.testing.assert_allclose(cine.times_s, np.array(case.times_ms) / 1e3)
    if case.warning is None:
        assert cine.warnings == ()
    else:
        assert case.warning in " ".join(cine.warnings)


@pytest.mark.parametrize("tags", [{}, NO_TAGS, {"FrameTime": 0}], ids=["timed", "untimed", "zero"])
def test_the_rate_given_beats_the_file(make_dicom: MakeDicom, tags: dict[str, Any]) -> None:
    cine = open_cine(make_dicom(speckle(COUNT), **tags), Reading(frame_rate_hz=30))
    np.testing.assert_allclose(cine.times_s, np.arange(COUNT) / 30)
    assert "--frame-rate" in cine.times_origin
    assert any("replaces" in warning for warning in cine.warnings) == (tags == {})


@pytest.mark.parametrize("rate_hz", [0.0, -1.0, 1e-9, 5000.0, float("nan"), float("inf")])
def test_a_rate_given_outside_the_range_is_refused(make_dicom: MakeDicom, rate_hz: float) -> None:
    with pytest.raises(InputError) as refusal:
        open_cine(make_dicom(speckle(COUNT)), Reading(frame_rate_hz=rate_hz))
    assert refusal.value.code == "BAD_FRAME_RATE"
