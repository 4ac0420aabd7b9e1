"""What was drawn into a file of muscle regions, as `usfasc detect --regions` reads it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from pydantic import ValidationError

from usfasc.errors import Code, InputError
from usfasc.io.results import write_regions
from usfasc.model import Floats
from usfasc_napari.layers import regions_of
from usfasc_napari.reader import shown_clips

_OUTLINES: Final = {"polygon", "rectangle"}


def save_regions(path: str, data: list[Floats], keywords: Mapping[str, Any]) -> list[str]:
    """Command ``usfasc.save_regions``: write a shapes layer as muscle regions.

    Parameters
    ----------
    path
        The file to write.
    data
        Vertices ``(..., y, x)`` of each shape.
    keywords
        The layer's other values.

    Returns
    -------
    list of str
        The file that was written.

    Raises
    ------
    InputError
        ``BAD_REGIONS``: there is nothing to save, or a shape that encloses no muscle.
    OutputError
        The file cannot be written.
    """
    if not data or not set(keywords["shape_type"]) <= _OUTLINES:
        raise InputError(
            Code.BAD_REGIONS, "Muscle regions are one or more polygons or rectangles, nothing else."
        )
    try:
        regions = regions_of(_in_pixels(data, keywords["scale"]), keywords["features"])
    except ValidationError:
        raise InputError(
            Code.BAD_REGIONS, "A region has a name, side or origin that is not allowed."
        ) from None
    write_regions(Path(path), regions)
    return [path]


def _in_pixels(data: list[Floats], scale: Floats) -> list[Floats]:
    """Vertices in pixels of the clip on display, whatever scale they were drawn in."""
    clips = shown_clips()
    pixel = np.array(clips[-1].axes.scale[1:] if clips else scale[-2:])
    return [vertices[:, -2:] * scale[-2:] / pixel for vertices in data]
