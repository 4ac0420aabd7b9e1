"""Clips made of arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.io.conftest import speckle
from usfasc.errors import InputError
from usfasc.io import memory_cine


def test_an_array_becomes_a_clip() -> None:
    clip = speckle()
    cine = memory_cine(clip, np.arange(6) / 30 + 5, (0.1, 0.2))
    assert cine.frames.count == 6 and cine.frames.shape == clip.shape[1:]
    assert cine.times_s[0] == 0 and cine.frame_rate_hz == pytest.approx(30)
    assert cine.spacing_mm == (0.1, 0.2) and cine.source.kind == "memory"
    assert [frame.index for frame in cine.frames.stream(2, 5)] == [2, 3, 4]
    np.testing.assert_array_equal([frame.grey for frame in cine.frames.stream()], clip)
    np.testing.assert_array_equal(cine.frames.colour(3)[..., 1], clip[3])


def test_the_digest_is_of_the_frames() -> None:
    def digest(frames: Any) -> str:
        return memory_cine(frames, None, None).source.sha256

    clip = speckle()
    assert digest(clip) == digest(clip.copy(order="F"))
    changed = clip.copy()
    changed[3, 4, 5] ^= 1
    assert digest(clip) != digest(changed)


@pytest.mark.parametrize(
    ("frames", "times_s"),
    [
        (np.zeros((4, 5), np.uint8), None),
        (np.zeros((4, 5, 6)), None),
        (np.zeros((0, 5, 6), np.uint8), None),
        (np.zeros((4, 5, 6), np.uint8), np.arange(3.0)),
        (np.zeros((4, 5, 6), np.uint8), np.array([0, 1, 1, 2.0])),
    ],
    ids=["one image", "floats", "no frames", "too few times", "times that stand"],
)
def test_what_is_no_clip_is_refused(frames: Any, times_s: Any) -> None:
    with pytest.raises(InputError):
        memory_cine(frames, times_s, None)
