"""How well muscles outline themselves, on pictures whose boundaries are known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np

from usfasc.benchmark.figures import Figure, Table
from usfasc.benchmark.judge import side_by_side
from usfasc.benchmark.outline_grafts import Graft, draw_graft, grafts
from usfasc.benchmark.outline_pictures import (
    Drawn,
    LayeredPicture,
    draw_picture,
    layered_pictures,
)
from usfasc.model import Bmode, Line, Mask, Region
from usfasc.phantom.sets import Split
from usfasc.regions.layers import Layers, Naming, lay_layers
from usfasc.regions.polygons import region_mask
from usfasc.tissue import find_fasciae, rows_at

_SAME_LINE_MM: Final = 1.0
_OFF_MM: Final = 2.0
"""Places nearer to a boundary may be of either muscle."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutlineScore:
    """What one picture's outline is worth.

    ``dice`` is the mean over its muscles of the overlap with the best region, the whole
    picture where there are none. ``places`` and ``right`` count pixels 2 mm off each
    boundary within muscles, and those of them in a region that belongs to their muscle.
    """

    outlined: bool
    lines: int
    found: int
    false: int
    dice: float
    places: int
    right: int


def outline_tables(split: Split, count: int = 120, workers: int = 2) -> list[Table]:
    """Easy and hard pictures: all, each family of phantoms, and each layout.

    Parameters
    ----------
    split
        ``dev`` may be looked at; figures are quoted on ``test``.
    count
        Pictures in all; the first ones of a longer set.
    workers
        Processes.
    """
    pictures = layered_pictures(split, count)
    scores = side_by_side(_score_picture, pictures, workers=workers)
    tables = []
    for hard in (False, True):
        members = [each for each in zip(pictures, scores, strict=True) if each[0].hard == hard]
        tables += [
            _table(name, [score for picture, score in members if belongs(picture)], hard=hard)
            for name, belongs in _parts("hard" if hard else "easy")
        ]
    return [table for table in tables if table.figures]


def graft_tables(split: Split, data: Path, count: int = 120, workers: int = 2) -> list[Table]:
    """Layers put into real tissue: easy ones and hard ones, and tissue without any.

    Parameters
    ----------
    split
        ``dev`` may be looked at; figures are quoted on ``test``.
    data
        Folder of the real clips.
    count
        Pictures in all.
    workers
        Processes.
    """
    wanted = grafts(split, count)
    scores = side_by_side(partial(_score_graft, data=data), wanted, workers=workers)
    pairs = list(zip(wanted, scores, strict=True))
    layered = [
        _table(
            f"{'hard' if hard else 'easy'} layers in real tissue",
            [score for graft, score in pairs if graft.muscles and graft.hard == hard],
            hard=hard,
        )
        for hard in (False, True)
    ]
    without = [score for graft, score in pairs if not graft.muscles]
    title = f"outlines, real tissue without layers: {len(without)} pictures"
    return [*layered, Table(title=title, figures=(_false_lines(without),))]


def _score_picture(picture: LayeredPicture) -> OutlineScore:
    return score_outline(draw_picture(picture))


def _score_graft(graft: Graft, data: Path) -> OutlineScore:
    return score_outline(draw_graft(graft, data))


def _parts(name: str) -> list[tuple[str, Callable[[LayeredPicture], bool]]]:
    """What tables are made of one half of the set, and which pictures belong to each."""
    return [
        (name, lambda _: True),
        (f"{name}, family points", lambda picture: picture.name.startswith("points")),
        (f"{name}, family beams", lambda picture: picture.name.startswith("beams")),
        (f"{name}, one muscle", lambda picture: picture.scene.muscles == 1),
        (f"{name}, two muscles", lambda picture: picture.scene.muscles == 2),
        (f"{name}, with bone", lambda picture: picture.scene.bone),
        (f"{name}, without bone", lambda picture: not picture.scene.bone),
    ]


def score_outline(drawn: Drawn) -> OutlineScore:
    """Outline a picture as a clip's is, and compare."""
    height, width = drawn.grey.shape
    picture = Bmode(box=(0, 0, width, height), mask=drawn.mask, origin="given")
    lines = find_fasciae(drawn.grey, picture, drawn.spacing_mm)
    layers = lay_layers(lines, picture, drawn.spacing_mm, Naming())
    found, false = _matched(lines, drawn)
    places, right = _placed(layers.regions, drawn)
    return OutlineScore(
        outlined=bool(layers.regions),
        lines=len(drawn.lines_px),
        found=found,
        false=false,
        dice=_dice(layers, drawn),
        places=places,
        right=right,
    )


def _matched(lines: Sequence[Line], drawn: Drawn) -> tuple[int, int]:
    """True lines that are proposed, and proposed ones that are none; the skin is neither."""
    x_px = np.arange(drawn.grey.shape[1], dtype=float)
    found, false = set(), 0
    for line in lines:
        if line.kind == "skin" or not line.proposed:
            continue
        away_mm = [
            float(np.nanmedian(np.abs(rows_at(line, x_px) - true))) * drawn.spacing_mm[0]
            for true in drawn.lines_px
        ]
        if min(away_mm, default=np.inf) < _SAME_LINE_MM:
            found.add(int(np.argmin(away_mm)))
        else:
            false += 1
    return len(found), false


def _dice(layers: Layers, drawn: Drawn) -> float:
    masks = _masks(layers.regions, drawn) or [drawn.mask]
    muscles = [drawn.layers == number for number in range(1, int(drawn.layers.max()) + 1)]
    best = [
        max(2 * (mask & muscle).sum() / (mask.sum() + muscle.sum()) for mask in masks)
        for muscle in muscles
    ]
    return float(np.mean(best))


def _placed(regions: Sequence[Region], drawn: Drawn) -> tuple[int, int]:
    """Pixels well within muscles, and those in a region that is mostly of their muscle."""
    places = (drawn.layers > 0) & _off_boundaries(drawn)
    right = np.zeros_like(places)
    for mask in _masks(regions, drawn):
        shares = [
            (mask & (drawn.layers == number)).sum()
            for number in range(1, int(drawn.layers.max()) + 1)
        ]
        right |= mask & (drawn.layers == 1 + int(np.argmax(shares)))
    return int(places.sum()), int((places & right).sum())


def _off_boundaries(drawn: Drawn) -> Mask:
    row = np.arange(drawn.grey.shape[0])[:, np.newaxis]
    off = np.ones(drawn.grey.shape, bool)
    for line in drawn.lines_px:
        # Where a boundary lies outside the picture (NaN) no pixel is near it.
        off &= ~(np.abs(row - line) * drawn.spacing_mm[0] <= _OFF_MM)
    return off


def _masks(regions: Sequence[Region], drawn: Drawn) -> list[Mask]:
    return [region_mask(region, drawn.grey.shape) for region in regions]


def _table(name: str, scores: Sequence[OutlineScore], *, hard: bool) -> Table:
    title = f"outlines, {name}: {len(scores)} pictures"
    if not scores:
        return Table(title=title, figures=())
    outlined = [score for score in scores if score.outlined]
    lines, found = (sum(getattr(s, what) for s in scores) for what in ("lines", "found"))
    places, right = (sum(getattr(s, what) for s in outlined) for what in ("places", "right"))
    return Table(
        title=title,
        figures=(
            Figure(
                name="median Dice of a muscle",
                value=float(np.median([score.dice for score in scores])),
                at_least=0.93 if hard else 0.97,
            ),
            Figure(
                name="median Dice where outlined",
                value=float(np.median([score.dice for score in outlined])) if outlined else None,
            ),
            Figure(name="share outlined", value=len(outlined) / len(scores)),
            Figure(
                name="share of the lines proposed",
                value=found / lines,
                at_least=0.8 if hard else None,
                note=f"{found} of {lines}",
            ),
            _false_lines(scores),
            Figure(
                name="places 2 mm off a line in the right region, where outlined",
                value=right / places if places else None,
                at_least=0.97,
            ),
        ),
    )


def _false_lines(scores: Sequence[OutlineScore]) -> Figure:
    return Figure(
        name="false lines a picture",
        value=sum(score.false for score in scores) / len(scores),
        at_most=0.05,
    )
