"""From a scene of this family and a seed to a clip with its truth."""

from __future__ import annotations

from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from usfasc.errors import Code, InputError
from usfasc.io.memory import memory_cine
from usfasc.io.video_out import VideoCodec
from usfasc.model import Bmode, Floats, Mask, Region
from usfasc.phantom.beams.anatomy import Anatomy, draw_anatomy
from usfasc.phantom.beams.display import Display
from usfasc.phantom.beams.front import Front
from usfasc.phantom.beams.geometry import EDGE_ROWS, Fan, lay_fan
from usfasc.phantom.beams.movements import movements
from usfasc.phantom.beams.nodes import Mover, lay_nodes
from usfasc.phantom.beams.scene import BeamScene, Site
from usfasc.phantom.beams.tissue import lay_tissue
from usfasc.phantom.beams.twitch import FascicleTwitch, twitch_motions
from usfasc.phantom.beams.units import draw_units
from usfasc.phantom.delivery import (
    frame_times,
    gain_steps,
    lift_off,
    through_bits,
    through_jpeg,
    through_video,
)
from usfasc.phantom.firing import fire
from usfasc.phantom.layout import Muscle
from usfasc.phantom.rendering import Phantom
from usfasc.phantom.scatterers import Echo, Float32s
from usfasc.phantom.scene import Twitch
from usfasc.phantom.truth import blind_spans, tell
from usfasc.regions.naming import assign

_ANATOMY, _SPECKLE, _MOVEMENT, _LOOKS, _NOISE, _TIMES = range(20, 26)
_KEY_FRAME_S: Final = 4.0


def render_beams(scene: BeamScene, seed: int) -> Phantom:
    """Make a clip, line by line.

    The same seed gives the same subject and the same movement at any frame rate, gain,
    noise level or number of pixels.

    Parameters
    ----------
    scene
        What to show.
    seed
        Seed of tissue, movement and noise.

    Raises
    ------
    InputError
        The seed is negative, or a given twitch is one of the other family.
    """
    if seed < 0:
        raise InputError(Code.BAD_PARAMETER, "A phantom's seed is 0 or more.")
    rng = partial(_rng, seed)
    fan = lay_fan(scene)
    anatomy = draw_anatomy(scene, fan, rng(_ANATOMY))
    nodes = lay_nodes(scene, fan, anatomy)
    motions = movements(scene, anatomy, nodes, partial(rng, _LOOKS))
    shown: list[Twitch] = []
    for each in plan_firing(scene, fan, anatomy, rng(_MOVEMENT)):
        parts, twitch = twitch_motions(each, nodes)
        motions += parts
        shown.append(twitch)
    written, seen = frame_times(scene, rng(_TIMES))
    display = Display(scene, fan, rng(_NOISE, 1))
    front = Front(scene, fan, _echo(scene, fan, anatomy, rng(_SPECKLE)), rng(_NOISE))
    frames = _shoot(scene, front, display, Mover(scene, fan, nodes, motions), (seen, seed))
    events, extra = tell(scene, shown, written)
    mask = display.mask[:, ::-1] if scene.mirrored else display.mask
    cine = memory_cine(frames, written, scene.spacing_mm, _bmode(mask))
    regions = _regions(scene, fan, anatomy)
    return Phantom(cine=cine, truth=assign(regions, events), twitches=extra, regions=regions)


def plan_firing(
    scene: BeamScene, fan: Fan, anatomy: Anatomy, rng: np.random.Generator
) -> tuple[FascicleTwitch, ...]:
    """The twitches of a scene: as given, or drawn.

    Raises
    ------
    InputError
        A given twitch is one of the other family.
    """
    if scene.twitches is not None:
        given = tuple(t for t in scene.twitches if isinstance(t, FascicleTwitch))
        if len(given) < len(scene.twitches):
            raise InputError(Code.BAD_PARAMETER, "This family's twitches are FascicleTwitch.")
        return given
    if scene.twitches_per_min <= 0:
        return ()
    return fire(draw_units(scene, fan, anatomy, rng), scene, rng, blind_spans(scene))


def _rng(seed: int, *stream: int) -> np.random.Generator:
    """Anatomy, movement and noise have a stream each: one can change without the others."""
    return np.random.default_rng([seed, *stream])


def _echo(scene: BeamScene, fan: Fan, anatomy: Anatomy, rng: np.random.Generator) -> Echo:
    """Echo levels of every sample of the scan."""
    x, y = (each.ravel() for each in fan.samples())
    return lay_tissue(scene, anatomy, (x, fan.body_depth_mm(x, y)), rng)


def _shoot(
    scene: BeamScene, front: Front, display: Display, mover: Mover, when: tuple[Floats, int]
) -> NDArray[np.uint8]:
    """All frames ``(t, y, x)`` at the given times, with the seed of what befalls them."""
    seen_s, seed = when
    gain, coupling = gain_steps(scene, _rng(seed, _LOOKS)), lift_off(scene, _rng(seed, _LOOKS))
    frames = np.empty((len(seen_s), scene.height_px, scene.width_px), np.uint8)
    for k, t in enumerate(seen_s.tolist()):
        if k and t == seen_s[k - 1]:
            frames[k] = frames[k - 1]
            continue
        envelope = front.envelope(mover.shift(t))
        contact = _per_line(coupling(t), mover.fan)
        grey = display.picture(envelope, gain(t), contact)
        frames[k] = grey[:, ::-1] if scene.mirrored else grey
    return _through_codec(scene, frames)


def _per_line(coupling: Float32s | None, fan: Fan) -> Float32s | None:
    """Coupling of the picture's columns as that of the scan's lines."""
    if coupling is None:
        return None
    lines = fan.shape[1]
    at = (np.arange(lines) - fan.edge) / (lines - 2 * fan.edge) * len(coupling)
    return np.interp(at, np.arange(len(coupling)), coupling).astype(np.float32)


def _through_codec(scene: BeamScene, frames: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A clip after the codec that its archive used, and after an artefact's own."""
    if scene.codec == "jpeg":
        quality = scene.jpeg_quality
        jpeg = [through_jpeg(each, quality) for each in frames] if quality else frames
        return through_video(scene, np.asarray(jpeg, np.uint8))
    codec = VideoCodec(
        name={"h264": "libx264", "mpeg4": "mpeg4"}[scene.codec],
        key_frame_every=max(2, round(_KEY_FRAME_S * scene.frame_rate_hz)),
        options=(("b", f"{scene.kbit_s}k"), ("preset", "fast")),
    )
    return through_video(scene, through_bits(frames, scene.frame_rate_hz, codec))


def _bmode(mask: Mask) -> Bmode:
    """The box that just holds what is not black."""
    rows, columns = (np.flatnonzero(mask.any(axis=axis)) for axis in (1, 0))
    box = (int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)
    return Bmode(box=box, mask=mask, origin="given")


def _regions(scene: BeamScene, fan: Fan, anatomy: Anatomy) -> tuple[Region, ...]:
    """Muscles as polygons along the first to the last line."""
    muscles = anatomy.layout.muscles
    names = _NAMES[scene.site] if scene.site != "limb" else _LIMB_NAMES[len(muscles)]
    return tuple(
        Region(name=name, polygon=_outline(scene, fan, muscle))
        for name, muscle in zip(names, muscles, strict=True)
    )


def _outline(scene: BeamScene, fan: Fan, muscle: Muscle) -> tuple[tuple[float, float], ...]:
    dy, dx = scene.spacing_mm
    lines = np.linspace(fan.edge, fan.shape[1] - fan.edge - 1, 17)
    rows = np.arange(EDGE_ROWS, fan.shape[0] - EDGE_ROWS, dtype=float)
    x, y = fan.place(*np.meshgrid(rows, lines, indexing="ij"))
    depth = fan.body_depth_mm(x, y)
    # Along a line the depth below a layer only grows: where it passes 0.5 mm is the edge.
    top = np.argmax(depth - muscle.top.at(x) > 0.5, axis=0)
    below = depth - muscle.bottom.at(x) > -0.5
    bottom = np.where(below.any(axis=0), np.argmax(below, axis=0), len(rows) - 1)
    order = np.arange(len(lines))
    down = np.concatenate([top, bottom[::-1]])
    across = np.concatenate([order, order[::-1]])
    x_px = x[down, across] / dx - 0.5
    x_px = scene.width_px - 1 - x_px if scene.mirrored else x_px
    y_px = y[down, across] / dy - 0.5
    return tuple(
        (
            float(np.clip(a, 0, scene.width_px - 1)),
            float(np.clip(b, 0, scene.height_px - 1)),
        )
        for a, b in zip(x_px, y_px, strict=True)
    )


_LIMB_NAMES: Final = {1: ("muscle",), 2: ("superficial muscle", "deep muscle")}
_NAMES: Final[dict[Site, tuple[str, ...]]] = {
    "tongue": ("floor of mouth", "tongue"),
    "paraspinal": ("superficial muscle", "paraspinal muscle"),
    "abdomen": ("external oblique", "internal oblique", "transversus abdominis"),
}
