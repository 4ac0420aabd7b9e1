"""Layers put into real tissue: what they show lies where their truth says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from usfasc.benchmark.outline_grafts import Graft, draw_graft, grafts
from usfasc.benchmark.outline_pictures import Drawn
from usfasc.benchmark.outlines import graft_tables, score_outline

LAYERED = [graft for graft in grafts("dev", 24) if graft.muscles]


def test_the_set_has_every_layout() -> None:
    wanted = grafts("test", 120)
    assert len({graft.seed for graft in wanted}) == 120
    layouts = {(graft.muscles, graft.bone, graft.hard) for graft in wanted}
    assert len(layouts) == 10
    assert np.mean([graft.muscles == 0 for graft in wanted]) == 0.25
    assert not {graft.seed for graft in wanted} & {graft.seed for graft in grafts("dev", 2_000)}


@pytest.mark.parametrize("graft", LAYERED, ids=lambda graft: graft.name)
def test_layers_lie_between_their_lines(graft: Graft, shared_data: Path) -> None:
    drawn = draw_graft(graft, shared_data)
    row = np.arange(len(drawn.grey))[:, np.newaxis]
    shown = np.isfinite(drawn.lines_px).all(axis=0)
    below = np.sum([row > line for line in drawn.lines_px], axis=0)
    below[below > graft.muscles] = -1
    assert np.mean((drawn.layers == below)[:, shown]) > 0.99
    assert np.array_equal(drawn.grey, draw_graft(graft, shared_data).grey)


def test_plain_lines_are_bright_and_bone_casts_a_shadow(shared_data: Path) -> None:
    for graft in LAYERED:
        drawn = draw_graft(graft, shared_data)
        if not graft.hard:
            assert all(_brightness(drawn, line) > 1.3 for line in drawn.lines_px)
        if graft.bone and (drawn.layers == -1).any():
            above = drawn.grey[drawn.layers == graft.muscles].mean()
            assert drawn.grey[drawn.layers == -1].mean() < 0.5 * above


def _brightness(drawn: Drawn, line_px: np.ndarray) -> float:
    """Of a line beside what lies a millimetre and more about it."""
    away_mm = np.abs(np.arange(len(drawn.grey))[:, np.newaxis] - line_px) * drawn.spacing_mm[0]
    beside = drawn.grey[(away_mm > 1) & (away_mm < 3)].mean()
    return float(drawn.grey[away_mm < 0.15].mean() / beside)


def test_mere_tissue_fills_the_picture_as_unevenly_as_its_piece(shared_data: Path) -> None:
    for graft in [graft for graft in grafts("dev", 64) if not graft.muscles]:
        drawn = draw_graft(graft, shared_data)
        assert drawn.lines_px == ()
        assert (drawn.layers == 1).all()
        quarters = [
            half
            for part in np.array_split(drawn.grey, 2)
            for half in np.array_split(part, 2, axis=1)
        ]
        spreads = [quarter.std() for quarter in quarters]
        assert min(spreads) > 0.6 * max(spreads) > 2


def test_a_plain_graft_is_outlined_and_told_of(shared_data: Path) -> None:
    score = score_outline(draw_graft(LAYERED[0], shared_data))
    assert (score.found, score.false) == (score.lines, 0)
    assert score.dice > 0.95
    tables = graft_tables("dev", shared_data, 8, workers=1)
    assert [table.title for table in tables] == [
        "outlines, easy layers in real tissue: 3 pictures",
        "outlines, hard layers in real tissue: 3 pictures",
        "outlines, real tissue without layers: 2 pictures",
    ]
    assert all(table.figures for table in tables)
