"""Sketches: what they show lies where their truth says."""

from __future__ import annotations

import numpy as np
import pytest

from usfasc.benchmark.outline_sketches import sketch_layers, sketch_nothing

SEEDS = range(12)


@pytest.mark.parametrize("seed", SEEDS)
def test_layers_lie_between_their_lines(seed: int) -> None:
    drawn = sketch_layers(np.random.default_rng(seed))
    height = len(drawn.grey)
    assert 1 <= len(drawn.lines_px) <= 4
    row = np.arange(height)[:, np.newaxis]
    below = np.sum([row >= np.nan_to_num(line, nan=-9) for line in drawn.lines_px], axis=0)
    shown = np.isfinite(drawn.lines_px).all(axis=0)
    known = shown & (drawn.layers >= 0)
    assert (drawn.layers == below)[known].all()
    assert set(np.unique(drawn.layers)) <= {-1, *range(len(drawn.lines_px) + 1)}
    for upper, lower in zip(drawn.lines_px, drawn.lines_px[1:], strict=False):
        assert np.nanmin(lower - upper) * drawn.spacing_mm[0] > 2.4


def test_most_lines_are_brighter_than_what_lies_beside_them() -> None:
    brighter = []
    for seed in SEEDS:
        drawn = sketch_layers(np.random.default_rng(seed))
        reach = round(1.2 / drawn.spacing_mm[0])
        for line in drawn.lines_px:
            columns = np.flatnonzero((line > reach + 1) & (line < len(drawn.grey) - reach - 2))
            at = np.rint(line[columns]).astype(int)
            sides = [drawn.grey[at + side, columns].mean() for side in (-reach, reach)]
            if len(columns):
                brighter.append(drawn.grey[at, columns].mean() > np.mean(sides) + 3)
    assert np.mean(brighter) > 0.85


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_has_no_lines(seed: int) -> None:
    drawn = sketch_nothing(np.random.default_rng(seed))
    assert drawn.lines_px == ()
    assert (drawn.layers == 1).all()
    assert drawn.grey.std() > 1
