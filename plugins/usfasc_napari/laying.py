"""A new result over its clip: the layers of the one before go, its own come."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from napari.layers import Layer

from usfasc.io.results import read_result
from usfasc_napari.desk import Desk
from usfasc_napari.layers import METADATA_KEY, Axes, OpenClip, Over, event_layer
from usfasc_napari.opening import over_clip


def get_ready() -> None:
    """Let napari import what a result's layers take; meant for a thread beside the window.

    The first table of features brings pandas, which would hold the window up for a second.
    """
    Layer.create(*event_layer((), Axes(), ""))


def lay_result(viewer: Any, desk: Desk, path: Path) -> bool:
    """Lay a result over its clip, and let its review go on with it.

    Parameters
    ----------
    viewer
        A viewer, or its model.
    desk
        The viewer's.
    path
        A ``.usfasc.json``.

    Returns
    -------
    bool
        Whether the clip is in the viewer; where it is not, nothing is laid.
    """
    result = read_result(path)
    sha256 = result.source.sha256
    image = next((layer for layer in viewer.layers if _is_clip(layer, sha256)), None)
    if image is None:
        return False
    # First of all: a layer that brings a result which the desk does not know is one more signal.
    desk.take_result(path, image)
    active = viewer.layers.selection.active
    for layer in [each for each in viewer.layers if _is_over(each, sha256)]:
        viewer.layers.remove(layer)
    over = over_clip(result, path, image.metadata[METADATA_KEY].axes, image.name)
    viewer.layers.extend(Layer.create(*layer) for layer in over if desk.may_show(layer))
    viewer.layers.selection.active = active if active in viewer.layers else image
    return True


def _is_clip(layer: Any, sha256: str) -> bool:
    kept = layer.metadata.get(METADATA_KEY)
    return isinstance(kept, OpenClip) and kept.cine.source.sha256 == sha256


def _is_over(layer: Any, sha256: str) -> bool:
    kept = layer.metadata.get(METADATA_KEY)
    return isinstance(kept, Over) and kept.sha256 == sha256
