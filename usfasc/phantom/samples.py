"""The sample clips: what a newcomer tries the program on."""

from __future__ import annotations

from typing import Final

from usfasc.phantom.scene import LookAlike, LookAlikeKind, Scene
from usfasc.phantom.sets import NamedScene

_FRAME: Final = Scene(
    height_px=280,
    width_px=340,
    depth_mm=33.6,
    width_mm=40.8,
    frame_rate_hz=25.0,
    duration_s=9.0,
    jpeg_quality=75,
)
_K = LookAlikeKind


def samples() -> tuple[NamedScene, ...]:
    """The clips of ``sample_videos/``, 8-12 s each, with a seed that shows what they are for."""
    from dataclasses import replace

    return (
        NamedScene(
            name="two_muscles",
            scene=replace(_FRAME, twitches_per_min=42.0, sites=6, amplitude_mm=(0.15, 0.9)),
            seed=34,
        ),
        NamedScene(
            name="few_twitches_artery",
            scene=replace(
                _FRAME,
                twitches_per_min=18.0,
                sites=2,
                amplitude_mm=(0.2, 0.7),
                look_alikes=(LookAlike(kind=_K.PULSATION),),
            ),
            seed=54,
        ),
        NamedScene(
            name="probe_movement",
            scene=replace(
                _FRAME,
                duration_s=12.0,
                twitches_per_min=30.0,
                sites=4,
                amplitude_mm=(0.2, 0.9),
                look_alikes=(
                    LookAlike(kind=_K.DRIFT, strength=0.7),
                    LookAlike(kind=_K.SWAY, strength=0.6),
                    LookAlike(kind=_K.JERK, start_s=4.2),
                ),
            ),
            seed=25,
        ),
        NamedScene(name="quiet_muscle", scene=replace(_FRAME, noise="low"), seed=14),
        NamedScene(
            name="voluntary_contraction",
            scene=replace(
                _FRAME,
                duration_s=11.0,
                look_alikes=(LookAlike(kind=_K.CONTRACTION, start_s=4.0, stop_s=8.0),),
            ),
            seed=15,
        ),
        NamedScene(
            name="transverse_twitches",
            scene=replace(
                _FRAME,
                view="transverse",
                twitches_per_min=30.0,
                sites=4,
                amplitude_mm=(0.15, 0.8),
                look_alikes=(LookAlike(kind=_K.BREATHING, strength=0.4),),
            ),
            seed=33,
        ),
    )
