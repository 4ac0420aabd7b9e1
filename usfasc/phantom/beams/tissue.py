"""How bright and how mirror-like the tissue is, at every sample of the scan."""

from __future__ import annotations

import numpy as np

from usfasc.model import Floats, Mask
from usfasc.phantom.beams.anatomy import Anatomy
from usfasc.phantom.beams.scene import BeamScene
from usfasc.phantom.layout import Curve, Muscle, wall_distance
from usfasc.phantom.scatterers import Echo, texture

_SILENT_DB = -30.0


def lay_tissue(
    scene: BeamScene, anatomy: Anatomy, place_mm: tuple[Floats, Floats], rng: np.random.Generator
) -> Echo:
    """Echo levels of a site.

    Parameters
    ----------
    scene, anatomy
        View, site and its layers.
    place_mm
        ``(x, depth)`` in mm of every sample ``(n,)``.
    rng
        Of this subject's tissue.

    Returns
    -------
    Echo
        Level in dB against plain muscle, and how specular, of each sample.
    """
    x, depth = place_mm
    echo = Echo(x=x, y=depth, level_db=np.full(len(x), -12.0), coherent=np.zeros(len(x)))
    _covering(echo, anatomy, rng)
    for muscle in anatomy.layout.muscles:
        _muscle(echo, muscle, anatomy, scene, rng)
    _fasciae(echo, anatomy, rng)
    _deep(echo, anatomy, scene, rng)
    _vessel(echo, anatomy, scene)
    return echo


def _covering(echo: Echo, anatomy: Anatomy, rng: np.random.Generator) -> None:
    """Skin, and fat in lobules between bright strands."""
    layout = anatomy.layout
    fat = echo.y < layout.fascia.at(echo.x)
    grain = texture(echo.x, echo.y, (5.0, 1.8), rng)
    echo.level_db[fat] = (-6 + 2 * grain)[fat]
    wave = 2.8 * texture(echo.x, echo.y, (9.0, 3.0), rng)
    strand = np.abs(np.sin(np.pi * echo.y / rng.uniform(1.8, 3.2) + wave))
    torn = texture(echo.x, echo.y, (4.0, 1.0), rng)
    echo.line(np.where(fat, strand, 9.0), 0.12, 5 + 6 * torn)
    skin = echo.y < layout.skin_mm
    echo.level_db[skin] = 5.0
    echo.line(echo.y - layout.skin_mm, 0.15, 13.0)


def _muscle(
    echo: Echo, muscle: Muscle, anatomy: Anatomy, scene: BeamScene, rng: np.random.Generator
) -> None:
    top, bottom = muscle.top.at(echo.x), muscle.bottom.at(echo.x)
    inside = (echo.y >= top) & (echo.y < bottom)
    if scene.view == "longitudinal":
        along, across = _fibre_axes(echo, muscle, anatomy)
        level, bright = _long_fascicles(along, across, rng)
    else:
        level, bright = _cut_fascicles(echo, rng)
    echo.level_db[inside] = np.maximum(level, bright)[inside]
    echo.coherent[inside] = np.where(bright > level, 0.45, 0.0)[inside]


def _fibre_axes(echo: Echo, muscle: Muscle, anatomy: Anatomy) -> tuple[Floats, Floats]:
    """Ways along and across the fascicles: straight, or spread from the root of a tongue."""
    deepest = muscle is anatomy.layout.muscles[-1]
    if anatomy.root_mm is not None and deepest:
        x, y = echo.x - anatomy.root_mm[0], echo.y - anatomy.root_mm[1]
        return np.hypot(x, y), 22.0 * np.arctan2(x, y)
    angle = np.deg2rad(muscle.pennation_deg)
    along = echo.x * np.cos(angle) + echo.y * np.sin(angle)
    return along, -echo.x * np.sin(angle) + echo.y * np.cos(angle)


def _long_fascicles(
    along: Floats, across: Floats, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Fascicles of uneven thickness, parted by strands that thin out and end."""
    bundle = rng.uniform(1.1, 2.2)
    drift = texture(along, across, (14.0, 3.0), rng)
    beat = 0.5 + 0.5 * np.cos(2 * np.pi * across / bundle + 3.5 * drift)
    torn = texture(along, across, (rng.uniform(3.0, 6.0), 0.5), rng)
    present = texture(along, across, (9.0, 2.0), rng)
    level = -5 + 2.5 * texture(along, across, (7.0, 3.0), rng)
    level += 2.5 * texture(along, across, (2.5, 0.35), rng)
    bright = 4 + 5 * torn + 3 * present - 16 * (1 - beat**2)
    septum = 10 + 5 * torn + 3 * present
    septum -= 110 * np.abs(texture(along, across, (16.0, 3.5), rng))
    return level, np.minimum(np.maximum(bright, septum), 17)


def _cut_fascicles(echo: Echo, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Fascicles end on: dark islands in a fine net, and a few thick septa."""
    level = -5 + 2.5 * texture(echo.x, echo.y, (6.0, 4.0), rng)
    level += 1.5 * texture(echo.x, echo.y, (0.9, 0.7), rng)
    walls = np.minimum(
        np.abs(texture(echo.x, echo.y, (2.0, 1.4), rng)),
        np.abs(texture(echo.x, echo.y, (1.5, 1.8), rng)),
    )
    present = texture(echo.x, echo.y, (3.0, 2.2), rng)
    torn = texture(echo.x, echo.y, (0.8, 0.5), rng)
    bright = 6 + 4 * present + 4 * torn - 42 * walls
    septum = 10 + 3 * present + 4 * torn - 90 * np.abs(texture(echo.x, echo.y, (14.0, 6.0), rng))
    return level, np.minimum(np.maximum(bright, septum), 18)


def _fasciae(echo: Echo, anatomy: Anatomy, rng: np.random.Generator) -> None:
    flicker = texture(echo.x, echo.y, (7.0, 4.0), rng)
    torn = texture(echo.x, echo.y, (2.0, 2.0), rng)
    for muscle in anatomy.layout.muscles:
        below = echo.y - muscle.top.at(echo.x) + 0.12 * torn
        echo.line(below, 0.16, 16 + 3 * flicker + 2 * torn)
        echo.line(below - 0.6 - 0.25 * flicker, 0.12, 8 + 4 * flicker + 4 * torn)


def _deep(echo: Echo, anatomy: Anatomy, scene: BeamScene, rng: np.random.Generator) -> None:
    """What lies below the last muscle: bone, or air and what it throws back."""
    flicker = texture(echo.x, echo.y, (8.0, 5.0), rng)
    if anatomy.layout.bone is not None:
        depth = echo.y - anatomy.layout.bone.at(echo.x)
        _shade(echo, depth > 0, 2 - 4.0 * depth)
        echo.line(depth, 0.3, 24 + 3 * flicker)
    if anatomy.below is None:
        return
    depth = echo.y - anatomy.below.at(echo.x)
    if scene.site == "abdomen":
        _bowel(echo, depth, rng)
        echo.line(depth, 0.28, 17 + 4 * flicker)
    else:
        _air(echo, depth, rng)
        echo.line(depth, 0.28, 22 + 4 * flicker)
    for middle in anatomy.ribs_mm:
        _rib(echo, middle, anatomy.below, flicker)


def _shade(echo: Echo, inside: Mask, level_db: Floats) -> None:
    echo.level_db[inside] = np.maximum(level_db, _SILENT_DB)[inside]
    echo.coherent[inside] = 0.0


def _air(echo: Echo, depth_mm: Floats, rng: np.random.Generator) -> None:
    """Air: the echoes repeat the surface at even distances, fading into haze."""
    _shade(echo, depth_mm > 0, -4 - 0.9 * depth_mm + 3 * texture(echo.x, echo.y, (4.0, 1.0), rng))
    gap = rng.uniform(2.5, 6.0)
    for number in range(1, 5):
        strength = 9 - 5.0 * number + 4 * texture(echo.x, echo.y, (6.0, 3.0), rng)
        echo.line(depth_mm - number * gap, 0.3, strength)


def _bowel(echo: Echo, depth_mm: Floats, rng: np.random.Generator) -> None:
    """Loops with grey content, bright walls, and here and there gas with its dirty shadow."""
    loop = texture(echo.x, echo.y, (14.0, 8.0), rng)
    gas = texture(echo.x, np.zeros_like(echo.y), (8.0, 4.0), rng) > 0.6
    inside = depth_mm > 0
    _shade(echo, inside, -9 + 5 * loop - np.where(gas, 0.5 * depth_mm, 0.1 * depth_mm))
    echo.line(np.where(inside, 3.0 * (loop - 0.4), 9.0), 0.3, 10.0)


def _rib(echo: Echo, middle_mm: float, pleura: Curve, flicker: Floats) -> None:
    """A rib cut across: a bright cap, and black below it."""
    off = (echo.x - middle_mm) / 5.0
    cap = pleura.at(echo.x) - 3.5 + 2.5 * off**2
    depth = np.where(np.abs(off) < 1, echo.y - cap, -9.0)
    _shade(echo, depth > 0, -2 - 5.0 * depth)
    echo.line(depth, 0.3, 22 + 3 * flicker)


def _vessel(echo: Echo, anatomy: Anatomy, scene: BeamScene) -> None:
    vessel = anatomy.layout.vessel
    if vessel is None:
        return
    distance = wall_distance(vessel, scene, echo.x, echo.y)
    _shade(echo, distance < 0, np.full_like(echo.y, -24.0))
    echo.line(distance - 0.15, 0.15, 15.0)
