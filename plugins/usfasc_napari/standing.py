"""Layers that are on display already, moved into another scale of their clip."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from usfasc_napari.layers import METADATA_KEY, OpenClip, Over


def stand_in(layers: Iterable[Any], clip: OpenClip) -> None:
    """Give a clip's image, and all that lies over it, the clip's scale, units and axes.

    Parameters
    ----------
    layers
        A viewer's.
    clip
        As it is to be shown.
    """
    axes = clip.axes
    for layer in layers:
        if _sha256_of(layer) == clip.cine.source.sha256:
            layer.units = axes.units[-layer.ndim :]
            layer.scale = axes.scale[-layer.ndim :]
            layer.axis_labels = axes.labels[-layer.ndim :]


def _sha256_of(layer: Any) -> str | None:
    """Of the clip that a layer shows, or lies over."""
    kept = layer.metadata.get(METADATA_KEY)
    if isinstance(kept, OpenClip):
        return kept.cine.source.sha256
    return kept.sha256 if isinstance(kept, Over) else None
