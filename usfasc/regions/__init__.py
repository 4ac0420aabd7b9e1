"""Muscle regions: polygons, naming, counting."""

from __future__ import annotations

from usfasc.regions.naming import (
    WHOLE_AREA,
    assign,
    choose_regions,
    picture_names,
    picture_of,
    whole_regions,
)
from usfasc.regions.polygons import check_regions, contains, region_mask
from usfasc.regions.screen import over_pictures

__all__ = [
    "WHOLE_AREA",
    "assign",
    "check_regions",
    "choose_regions",
    "contains",
    "over_pictures",
    "picture_names",
    "picture_of",
    "region_mask",
    "whole_regions",
]
