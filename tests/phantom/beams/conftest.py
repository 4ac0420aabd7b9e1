"""Two small, quick scenes of the second family, that the tests change to their need."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from usfasc.phantom.beams import BeamScene, Machine
from usfasc.phantom.beams.anatomy import draw_anatomy
from usfasc.phantom.beams.geometry import lay_fan, sector_size_mm
from usfasc.phantom.beams.nodes import lay_nodes
from usfasc.phantom.beams.twitch import FascicleTwitch

_LINEAR = BeamScene(
    height_px=170,
    width_px=170,
    depth_mm=22.0,
    width_mm=22.0,
    frame_rate_hz=25.0,
    duration_s=0.4,
    muscles=1,
    bone=False,
    noise="low",
    persistence=0.0,
    jpeg_quality=None,
    twitches=(),
    machine=Machine(centre_mhz=7.0, f_number=4.0, focus_mm=(11.0,), angles_deg=(0.0,)),
)
_CURVED = Machine(
    centre_mhz=4.0,
    bandwidth=0.5,
    f_number=3.0,
    focus_mm=(20.0,),
    angles_deg=(0.0,),
    tones=(0.9, 1.1),
    radius_mm=40.0,
    half_angle_deg=20.0,
)


@pytest.fixture
def linear() -> Callable[..., BeamScene]:
    """The small scene of a linear probe, with changes."""

    def change(**changes: Any) -> BeamScene:
        return replace(_LINEAR, **changes)

    return change


@pytest.fixture
def sector() -> Callable[..., BeamScene]:
    """The small scene of a curved probe over the back, with changes."""
    height_mm, width_mm = sector_size_mm(_CURVED, 45.0)

    def change(**changes: Any) -> BeamScene:
        usual = {
            "site": "paraspinal",
            "machine": _CURVED,
            "depth_mm": height_mm,
            "width_mm": width_mm,
            "height_px": int(height_mm / 0.3) // 2 * 2,
            "width_px": int(width_mm / 0.3) // 2 * 2,
        }
        return replace(_LINEAR, **(usual | changes))

    return change


@pytest.fixture
def twitch() -> Callable[..., FascicleTwitch]:
    """A plain twitch in the middle of the linear scene, with changes."""
    plain = FascicleTwitch(
        onset_s=0.4, x_mm=11.0, y_mm=13.0, amplitude_mm=0.4, length_mm=10.0, width_mm=6.0
    )

    def change(**changes: Any) -> FascicleTwitch:
        return replace(plain, **changes)

    return change


@pytest.fixture
def ground() -> Callable[..., Any]:
    """Fan, anatomy and nodes of a scene and a seed."""

    def lay(scene: BeamScene, seed: int = 0) -> Any:
        fan = lay_fan(scene)
        anatomy = draw_anatomy(scene, fan, np.random.default_rng(seed))
        return fan, anatomy, lay_nodes(scene, fan, anatomy)

    return lay
