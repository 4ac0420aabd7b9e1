"""Muscle regions: polygons, naming, counting."""

from __future__ import annotations

from usfasc.regions.naming import WHOLE_AREA, assign, choose_regions, whole_region
from usfasc.regions.polygons import check_regions, contains, region_mask

__all__ = [
    "WHOLE_AREA",
    "assign",
    "check_regions",
    "choose_regions",
    "contains",
    "region_mask",
    "whole_region",
]
