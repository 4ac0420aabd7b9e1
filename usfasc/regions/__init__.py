"""Muscle regions: polygons, naming, counting."""

from __future__ import annotations

from usfasc.regions.automatic import Outline, outline
from usfasc.regions.drawn import follow_drawn
from usfasc.regions.drift import carried_on, lines_of, lower_px, nearest, where_drawn
from usfasc.regions.naming import (
    WHOLE_AREA,
    assign,
    choose_regions,
    picture_names,
    picture_of,
    whole_regions,
)
from usfasc.regions.neighbours import name_lines, name_neighbours
from usfasc.regions.polygons import check_regions, contains, region_mask
from usfasc.regions.said import with_header
from usfasc.regions.screen import over_pictures
from usfasc.regions.vocabulary import find_muscle, muscle_name

__all__ = [
    "WHOLE_AREA",
    "Outline",
    "assign",
    "carried_on",
    "check_regions",
    "choose_regions",
    "contains",
    "find_muscle",
    "follow_drawn",
    "lines_of",
    "lower_px",
    "muscle_name",
    "name_lines",
    "name_neighbours",
    "nearest",
    "outline",
    "over_pictures",
    "picture_names",
    "picture_of",
    "region_mask",
    "where_drawn",
    "whole_regions",
    "with_header",
]
