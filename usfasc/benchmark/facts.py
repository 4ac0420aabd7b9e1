"""What is known of a case, under the same keys wherever they mean the same.

Breakdowns of the figures go by these keys:

=================== =================================================================
family              ``points``, ``beams``, ``implants``, ``real`` or ``own``
scene               phantom: body site (``limb``, ``tongue``, ...); else the real clip
view                ``longitudinal`` or ``transverse``
geometry            ``linear`` or ``sector``
frame_rate_hz       frames a second
spacing_mm          height of a pixel
depth_mm            height of the picture
noise               ``low``, ``medium`` or ``high`` (phantoms)
probe_mhz           centre frequency (the family ``beams``)
codec               ``jpeg``, ``mpeg4`` or ``h264``
kbit_s              bit rate, where the codec was held to one
twitches_per_min    as asked for; 0 without twitches
sites               motor units as asked for
model               how a twitch moves the tissue: ``gaussian`` or ``elastic`` (phantoms),
                    ``patch``, ``window``, ``spline`` or ``arc`` (implants)
look                look-alikes mixed in, joined by ``+``; empty without
=================== =================================================================

A key that does not apply is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from usfasc.benchmark.beds import RealClip
from usfasc.benchmark.planting import Plan
from usfasc.phantom import BeamScene, LookAlikeKind, Scene, family_of

Facts = Mapping[str, str | float]

_MODELS: Final = {"points": "gaussian", "beams": "elastic"}
CODEC_NAMES: Final = {"libx264": "h264", "mpeg4": "mpeg4", "jpeg": "jpeg"}
"""By the encoder that writes them."""


def phantom_facts(scene: Scene) -> Facts:
    """What is known of a phantom."""
    family = family_of(scene)
    facts: dict[str, str | float] = {
        "family": family,
        "scene": "limb",
        "view": scene.view,
        "geometry": "linear",
        "frame_rate_hz": scene.frame_rate_hz,
        "spacing_mm": scene.spacing_mm[0],
        "depth_mm": scene.depth_mm,
        "noise": scene.noise,
        "codec": "jpeg",
        "twitches_per_min": scene.twitches_per_min,
        "sites": scene.sites,
        "model": _MODELS[family],
        "look": "+".join(look.value for look in dict.fromkeys(_looks(scene))),
    }
    return {**facts, **_beam_facts(scene)} if isinstance(scene, BeamScene) else facts


def clip_facts(clip: RealClip) -> Facts:
    """What is known of a real clip."""
    return {
        "family": "real",
        "scene": clip.name.partition("-")[0],
        "view": "longitudinal",
        "geometry": "linear",
        "frame_rate_hz": clip.frame_rate_hz,
        "spacing_mm": clip.spacing_mm,
        "depth_mm": clip.depth_mm,
        "codec": CODEC_NAMES[clip.codec.name],
    }


def implant_facts(clip: RealClip, plan: Plan) -> Facts:
    """What is known of a copy of a real clip, which without implants stays a real one."""
    return {
        **clip_facts(clip),
        "family": "implants" if plan.rate_per_min else "real",
        "twitches_per_min": plan.twitches_per_min,
        "sites": plan.sites * (1 + plan.pairs),
        "model": plan.model,
    }


def _looks(scene: Scene) -> list[LookAlikeKind]:
    return [look.kind for look in scene.look_alikes]


def _beam_facts(scene: BeamScene) -> Facts:
    facts: dict[str, str | float] = {
        "scene": scene.site,
        "geometry": "sector" if scene.machine.radius_mm else "linear",
        "probe_mhz": scene.machine.centre_mhz,
        "codec": scene.codec,
    }
    return facts if scene.codec == "jpeg" else {**facts, "kbit_s": scene.kbit_s}
