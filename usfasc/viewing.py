"""The pictures of a clip as they are judged: each on its own grids, with the regions in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from usfasc._cv import cv2
from usfasc.model import WHOLE_IMAGE, Bmode, Cine, Mask, Region
from usfasc.motion.stream import Setting, setting
from usfasc.regions import picture_of, region_mask


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewing:
    """One picture, its grids, and the cells of its regions; the whole of it is ``*``."""

    picture: Bmode
    spacing_mm: tuple[float, float]
    layout: Setting
    inside: Mapping[str, Mask]


def lay_out(cine: Cine, regions: Sequence[Region], assumed_depth_mm: float) -> list[Viewing]:
    """Lay each picture on its grids; a region belongs to the picture it lies in.

    Parameters
    ----------
    cine
        The clip, with its pictures.
    regions
        Muscle regions of the stored frame.
    assumed_depth_mm
        Height of a picture without a scale.
    """
    shape, pictures = cine.frames.shape, cine.pictures
    owners = [picture_of(region, pictures, shape) for region in regions]
    views = []
    for number, picture in enumerate(pictures):
        spacing_mm = cine.spacing_of(picture) or assumed_mm(picture, assumed_depth_mm)
        layout = setting(picture, spacing_mm)
        inside = {WHOLE_IMAGE: layout.coverage > 0} | {
            region.name: _cells_of(region, shape, layout)
            for region, owner in zip(regions, owners, strict=True)
            if owner == number
        }
        views.append(Viewing(picture=picture, spacing_mm=spacing_mm, layout=layout, inside=inside))
    return views


def assumed_mm(picture: Bmode, depth_mm: float) -> tuple[float, float]:
    """Pixel size ``(dy, dx)`` of a picture without a scale, taken to be so high."""
    step_mm = depth_mm / (picture.box[3] - picture.box[1])
    return step_mm, step_mm


def _cells_of(region: Region, shape: tuple[int, int], layout: Setting) -> Mask:
    mask = layout.cells.grid.shrink_mask(region_mask(region, shape))
    rows, columns = layout.cells.shape
    share = cv2.resize(mask.astype(np.float32), (columns, rows), interpolation=cv2.INTER_AREA)
    return np.asarray(share > 0.5)
