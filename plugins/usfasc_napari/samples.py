"""The phantoms of the sample clips, with their truth, made when they are asked for."""

from __future__ import annotations

from functools import partial
from typing import Final

from usfasc_napari.layers import LayerData, OpenClip, Over, clip_layer
from usfasc_napari.opening import over_events, over_regions


def make_sample(name: str) -> list[LayerData]:
    """Make a sample clip: its picture, its muscles, and what really moved.

    Parameters
    ----------
    name
        The scene, as ``usfasc phantom --list`` calls it.
    """
    from usfasc.phantom import render
    from usfasc.phantom.samples import samples

    (named,) = (each for each in samples() if each.name == name)
    phantom = render(named.scene, named.seed)
    clip = OpenClip(cine=phantom.cine)
    sha256 = clip.cine.source.sha256
    over = (
        *over_regions(phantom.regions, clip.axes, name, Over(sha256=sha256, role="regions")),
        *over_events(phantom.truth, clip.axes, name, Over(sha256=sha256, role="events")),
    )
    return [clip_layer(clip, name), *over]


# The manifest names a function for each.
two_muscles: Final = partial(make_sample, "two_muscles")
few_twitches_artery: Final = partial(make_sample, "few_twitches_artery")
probe_movement: Final = partial(make_sample, "probe_movement")
quiet_muscle: Final = partial(make_sample, "quiet_muscle")
voluntary_contraction: Final = partial(make_sample, "voluntary_contraction")
transverse_twitches: Final = partial(make_sample, "transverse_twitches")
