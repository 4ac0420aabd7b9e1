"""From a scene and a seed to a clip with its truth."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from usfasc.errors import Code, InputError
from usfasc.io.memory import memory_cine
from usfasc.model import Bmode, Cine, Event, Floats, Region
from usfasc.phantom.delivery import (
    frame_times,
    gain_steps,
    lift_off,
    through_jpeg,
    through_video,
)
from usfasc.phantom.extent import lay_net, twitch_area_mm2
from usfasc.phantom.firing import draw_twitches
from usfasc.phantom.layout import Layout, draw_layout
from usfasc.phantom.lookalikes import MOVEMENTS, margin_mm, unrest
from usfasc.phantom.motion import Motion, Stage, displacement
from usfasc.phantom.scanner import Scanner
from usfasc.phantom.scatterers import Scatterers, scatter
from usfasc.phantom.scene import Scene, Twitch
from usfasc.phantom.truth import TwitchTruth, blind_spans, tell
from usfasc.phantom.twitch import twitch_motion
from usfasc.regions.naming import assign

_ANATOMY, _SPECKLE, _MOVEMENT, _LOOKS, _NOISE, _TIMES, _REST = range(7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Phantom:
    """A synthetic clip, its truth and its muscles."""

    cine: Cine
    truth: tuple[Event, ...]
    twitches: tuple[TwitchTruth, ...]
    regions: tuple[Region, ...]


def _rng(seed: int, stream: int) -> np.random.Generator:
    """Anatomy, movement and noise have a stream each: one can change without the others."""
    return np.random.default_rng([seed, stream])


def render_points(scene: Scene, seed: int) -> Phantom:
    """Make a clip.

    The same seed gives the same tissue and the same movement at any frame rate,
    spacing, gain or noise level.

    Parameters
    ----------
    scene
        What to show.
    seed
        Seed of tissue, movement and noise.

    Raises
    ------
    InputError
        The seed is negative.
    """
    if seed < 0:
        raise InputError(Code.BAD_PARAMETER, "A phantom's seed is 0 or more.")
    layout = draw_layout(scene, _rng(seed, _ANATOMY))
    tissue = scatter(scene, layout, margin_mm(scene), _rng(seed, _SPECKLE))
    twitches = plan_twitches(scene, layout, seed)
    motions = _motions(scene, layout, tissue, seed)
    motions += [twitch_motion(each, tissue) for each in twitches]
    written, seen = frame_times(scene, _rng(seed, _TIMES))
    frames = _shoot(scene, tissue, motions, seen, seed)
    net = lay_net(scene)
    shown = [replace(each, area_mm2=twitch_area_mm2(each, net)) for each in twitches]
    events, extra = tell(scene, shown, written)
    height, width = frames.shape[1:]
    bmode = Bmode(
        box=(0, 0, width, height), mask=np.ones((height, width), np.bool_), origin="given"
    )
    cine = memory_cine(frames, written, scene.spacing_mm, bmode)
    regions = _regions(scene, layout)
    return Phantom(cine=cine, truth=assign(regions, events), twitches=extra, regions=regions)


def plan_twitches(scene: Scene, layout: Layout, seed: int) -> tuple[Twitch, ...]:
    """The twitches of a scene: as given, or drawn from the seed."""
    if scene.twitches is not None:
        return scene.twitches
    return draw_twitches(scene, layout, _rng(seed, _MOVEMENT), blind_spans(scene))


def _motions(scene: Scene, layout: Layout, tissue: Scatterers, seed: int) -> list[Motion]:
    stage = Stage(scene=scene, layout=layout, tissue=tissue)
    motions = unrest(stage, np.random.default_rng([seed, _REST]))
    for number, look in enumerate(scene.look_alikes):
        if look.kind in MOVEMENTS and scene.shows(look):
            rng = np.random.default_rng([seed, _LOOKS, number])
            motions += MOVEMENTS[look.kind].make(stage, look, rng)
    return motions


def _shoot(
    scene: Scene, tissue: Scatterers, motions: list[Motion], seen_s: Floats, seed: int
) -> NDArray[np.uint8]:
    """All frames ``(t, y, x)``."""
    scanner = Scanner(scene, tissue, _rng(seed, _NOISE))
    gain, coupling = gain_steps(scene, _rng(seed, _LOOKS)), lift_off(scene, _rng(seed, _LOOKS))
    frames = np.empty((len(seen_s), scene.height_px, scene.width_px), np.uint8)
    count = len(tissue.x_mm)
    for k, t in enumerate(seen_s):
        if k and t == seen_s[k - 1]:
            frames[k] = frames[k - 1]
            continue
        grey = scanner.image(displacement(motions, float(t), count), gain(float(t)), coupling(t))
        grey = grey[:, ::-1] if scene.mirrored else grey
        frames[k] = through_jpeg(grey, scene.jpeg_quality) if scene.jpeg_quality else grey
    return through_video(scene, frames)


def _regions(scene: Scene, layout: Layout) -> tuple[Region, ...]:
    dy, dx = scene.spacing_mm
    x = np.linspace(0, scene.width_mm, 13)
    regions = []
    names = ("superficial muscle", "deep muscle") if len(layout.muscles) == 2 else ("muscle",)
    for name, muscle in zip(names, layout.muscles, strict=True):
        top = np.clip(muscle.top.at(x) + 0.5, 0, scene.depth_mm)
        bottom = np.clip(muscle.bottom.at(x) - 0.5, 0, scene.depth_mm)
        across = np.concatenate([x, x[::-1]])
        across = scene.width_mm - across if scene.mirrored else across
        down = np.concatenate([top, bottom[::-1]])
        polygon = tuple(
            (
                float(np.clip(a / dx - 0.5, 0, scene.width_px - 1)),
                float(np.clip(b / dy - 0.5, 0, scene.height_px - 1)),
            )
            for a, b in zip(across, down, strict=True)
        )
        regions.append(Region(name=name, polygon=polygon))
    return tuple(regions)
