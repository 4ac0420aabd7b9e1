"""The pictures of a clip as they are judged: each on its own grids."""

from __future__ import annotations

from dataclasses import dataclass

from usfasc.model import Bmode, Cine
from usfasc.motion.stream import Setting, setting


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewing:
    """One picture and its grids."""

    picture: Bmode
    spacing_mm: tuple[float, float]
    layout: Setting


def lay_out(cine: Cine, assumed_depth_mm: float) -> list[Viewing]:
    """Lay each picture on its grids.

    Parameters
    ----------
    cine
        The clip, with its pictures.
    assumed_depth_mm
        Height of a picture without a scale.
    """
    views = []
    for picture in cine.pictures:
        spacing_mm = cine.spacing_of(picture) or assumed_mm(picture, assumed_depth_mm)
        layout = setting(picture, spacing_mm)
        views.append(Viewing(picture=picture, spacing_mm=spacing_mm, layout=layout))
    return views


def assumed_mm(picture: Bmode, depth_mm: float) -> tuple[float, float]:
    """Pixel size ``(dy, dx)`` of a picture without a scale, taken to be so high."""
    step_mm = depth_mm / (picture.box[3] - picture.box[1])
    return step_mm, step_mm
