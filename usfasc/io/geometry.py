"""How large a pixel is and where the picture lies, by a DICOM file's tags.

Ultrasound regions (PS3.3, C.8.5.5) may lie outside a downsized export, be off by
one, or describe a trace; only two-dimensional tissue regions that fit are taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from usfasc.io.header import Header
from usfasc.model import SPACING_RANGE_MM, Bmode, Box

_CENTIMETRES, _TWO_DIMENSIONAL = 3, 1
_TISSUE, _COLOUR_FLOW = 1, 2
_FINEST_MM, _COARSEST_MM = SPACING_RANGE_MM
_OVERHANG: Final = 0.02
"""Of the image's side, by which a region may lie outside it."""
_LEAST_SIDE_PX: Final = 16
_SAME_SHARE: Final = 0.1
"""Of a region, from which another that covers it tells of the same picture."""
_SMALLEST_SHARE: Final = 0.1
"""Of the largest picture, below which a region is an inset."""
_SCREEN_SHARE: Final = 0.98
"""Of the image, from which a region stands for all of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Geometry:
    """Pixel size ``(dy, dx)`` in mm of the frame, and its pictures, with their origins."""

    spacing_mm: tuple[float, float] | None
    spacing_origin: str
    pictures: tuple[Bmode, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _TissueRegion:
    box: Box
    spacing_mm: tuple[float, float] | None
    flow: bool

    @property
    def area_px(self) -> int:
        x0, y0, x1, y1 = self.box
        return (x1 - x0) * (y1 - y0)


def dicom_geometry(header: Header, shape: tuple[int, int]) -> Geometry:
    """Pixel size and pictures of an image of ``shape`` ``(height, width)``.

    Every tissue region with a place of its own is a picture; regions beat
    PixelSpacing, which holds where they tell no size.
    """
    told, warnings = _tissue_regions(header, shape)
    regions = _separate(told, shape)
    scales = {region.spacing_mm for region in regions}
    spacing_mm, origin = _frame_spacing(header, scales)
    return Geometry(
        spacing_mm=spacing_mm,
        spacing_origin=origin,
        pictures=tuple(
            _tagged(region.box, shape, region.spacing_mm if len(scales) > 1 else None)
            for region in regions
        ),
        warnings=tuple(warnings),
    )


def _within_screen(regions: list[_TissueRegion], shape: tuple[int, int]) -> list[_TissueRegion]:
    """Without a region that stands for the whole screen, where others tell its pictures."""
    screen_px = shape[0] * shape[1]
    smaller = [region for region in regions if region.area_px < _SCREEN_SHARE * screen_px]
    told = any(
        not region.flow and region.area_px > _SMALLEST_SHARE * screen_px for region in smaller
    )
    return smaller if told else regions


def _frame_spacing(
    header: Header, scales: set[tuple[float, float] | None]
) -> tuple[tuple[float, float] | None, str]:
    """The one scale of the whole frame and its origin; none where pictures differ."""
    if len(scales) > 1:
        return None, "DICOM tags of the ultrasound regions"
    if scales - {None}:
        return scales.pop(), "DICOM tag of the ultrasound region"
    spacing_mm = _pixel_spacing(header)
    return spacing_mm, "unknown" if spacing_mm is None else "DICOM tag PixelSpacing"


def _separate(regions: list[_TissueRegion], shape: tuple[int, int]) -> list[_TissueRegion]:
    """One region a picture, from left to right.

    A colour box and a region told twice lie in a larger one, which stands; so
    does what is too small beside it to be a picture to judge.
    """
    kept: list[_TissueRegion] = []
    for region in sorted(_within_screen(regions, shape), key=lambda region: -region.area_px):
        small = kept and region.area_px < _SMALLEST_SHARE * kept[0].area_px
        if not small and all(_shared(region, other) <= _SAME_SHARE for other in kept):
            kept.append(region)
    return sorted(kept, key=lambda region: region.box)


def _tagged(box: Box, shape: tuple[int, int], spacing_mm: tuple[float, float] | None) -> Bmode:
    """A picture as a tag gives it: everything in the box."""
    x0, y0, x1, y1 = box
    mask = np.zeros(shape, bool)
    mask[y0:y1, x0:x1] = True
    return Bmode(box=box, mask=mask, origin="tag", spacing_mm=spacing_mm)


def _tissue_regions(
    header: Header, shape: tuple[int, int]
) -> tuple[list[_TissueRegion], list[str]]:
    regions, outside = [], False
    for item in header.sequence("SequenceOfUltrasoundRegions"):
        if item.number("RegionSpatialFormat") != _TWO_DIMENSIONAL:
            continue
        if item.number("RegionDataType") not in (_TISSUE, _COLOUR_FLOW):
            continue
        box = _box(item, shape)
        if box is None:
            outside = True
        else:
            flow = item.number("RegionDataType") == _COLOUR_FLOW
            regions.append(_TissueRegion(box, _region_spacing(item), flow))
    if outside and not regions:
        return [], [
            "The ultrasound region of the header does not lie inside the image, which was "
            "probably made smaller after the scan; its pixel size was not used."
        ]
    return regions, []


def _box(item: Header, shape: tuple[int, int]) -> Box | None:
    """The region half-open and clipped to the image; None where it does not fit it."""
    corners = [
        item.number(f"RegionLocation{corner}") for corner in ("MinX0", "MinY0", "MaxX1", "MaxY1")
    ]
    if None in corners:
        return None
    x0, y0, x1, y1 = (int(corner or 0) for corner in corners)
    height, width = shape
    fits = x1 < width * (1 + _OVERHANG) and y1 < height * (1 + _OVERHANG)
    x1, y1 = min(x1 + 1, width), min(y1 + 1, height)
    large_enough = min(x1 - x0, y1 - y0) >= _LEAST_SIDE_PX and min(x0, y0) >= 0
    return (x0, y0, x1, y1) if fits and large_enough else None


def _region_spacing(item: Header) -> tuple[float, float] | None:
    units = {item.number(f"PhysicalUnits{axis}Direction") for axis in "XY"}
    if units != {_CENTIMETRES}:
        return None
    deltas = [item.number(f"PhysicalDelta{axis}") or 0.0 for axis in "YX"]
    return _plausible(abs(deltas[0]) * 10, abs(deltas[1]) * 10)


def _pixel_spacing(header: Header) -> tuple[float, float] | None:
    spacing = header.numbers("PixelSpacing")
    # 1 x 1 mm is what exporters write when they do not know.
    if len(spacing) != 2 or spacing == (1.0, 1.0):
        return None
    return _plausible(*spacing)


def _plausible(dy: float, dx: float) -> tuple[float, float] | None:
    return (dy, dx) if all(_FINEST_MM <= step <= _COARSEST_MM for step in (dy, dx)) else None


def _shared(small: _TissueRegion, large: _TissueRegion) -> float:
    """Share of the smaller region that lies in the larger one."""
    x0, y0 = np.maximum(small.box[:2], large.box[:2])
    x1, y1 = np.minimum(small.box[2:], large.box[2:])
    return float(max(x1 - x0, 0) * max(y1 - y0, 0)) / small.area_px
