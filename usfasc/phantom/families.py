"""Two families of phantoms, each with its own physics: what holds for both.

``points`` lays point echoes on the grid of a linear probe's picture, over a limb;
``beams`` shoots lines, also in sectors, over limb, tongue, back and belly. An engine tuned
on one is found out by the other.
"""

from __future__ import annotations

from typing import Literal

from usfasc.phantom import sets
from usfasc.phantom.beams import BeamScene, render_beams
from usfasc.phantom.beams import sets as beam_sets
from usfasc.phantom.rendering import Phantom, render_points
from usfasc.phantom.scene import Scene
from usfasc.phantom.sets import NamedScene, Split

Family = Literal["points", "beams"]


def family_of(scene: Scene) -> Family:
    """Which family makes a scene."""
    return "beams" if isinstance(scene, BeamScene) else "points"


def render(scene: Scene, seed: int) -> Phantom:
    """Make a clip by the physics of its scene's family.

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
    if isinstance(scene, BeamScene):
        return render_beams(scene, seed)
    return render_points(scene, seed)


def standard(split: Split) -> tuple[NamedScene, ...]:
    """The scored set of both families: 80 clips of 10-14 s with twitches.

    Parameters
    ----------
    split
        ``dev`` may be looked at; figures are quoted on ``test``.
    """
    return (*sets.standard(split), *beam_sets.standard(split))


def negatives(split: Split) -> tuple[NamedScene, ...]:
    """Clips of both families without a twitch.

    Parameters
    ----------
    split
        ``dev`` may be looked at; figures are quoted on ``test``.
    """
    return (*sets.negatives(split), *beam_sets.negatives(split))
