"""One small, quick scene that the tests change to their need."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from usfasc.phantom import Phantom, Scene, Twitch

SMALL = Scene(
    height_px=160,
    width_px=160,
    depth_mm=18.0,
    width_mm=18.0,
    frame_rate_hz=30.0,
    duration_s=1.0,
    muscles=1,
    bone=False,
    noise="low",
    persistence=0.0,
    jpeg_quality=None,
    twitches=(),
)


@pytest.fixture
def scene() -> Callable[..., Scene]:
    """The small scene with changes."""

    def change(**changes: Any) -> Scene:
        return replace(SMALL, **changes)

    return change


@pytest.fixture
def twitch() -> Callable[..., Twitch]:
    """A plain twitch in the middle of the small scene, with changes."""
    plain = Twitch(onset_s=0.4, x_mm=9.0, y_mm=10.0, amplitude_mm=0.4, length_mm=10.0, width_mm=6.0)

    def change(**changes: Any) -> Twitch:
        return replace(plain, **changes)

    return change


@pytest.fixture
def frames() -> Callable[[Phantom], NDArray[np.uint8]]:
    """All frames ``(t, y, x)`` of a phantom."""

    def collect(phantom: Phantom) -> NDArray[np.uint8]:
        return np.array([frame.grey for frame in phantom.cine.frames.stream()])

    return collect
