"""Pictures of known layers, and what is said of their outlines."""

from __future__ import annotations

import numpy as np
import pytest

from usfasc.benchmark.outline_pictures import LayeredPicture, draw_picture, layered_pictures
from usfasc.benchmark.outlines import OutlineScore, _parts, _table, score_outline

PICTURES = layered_pictures("dev", 16)


def test_the_set_has_every_layout() -> None:
    wanted = layered_pictures("test")
    assert len({picture.name for picture in wanted}) == len(wanted) == 120
    layouts = {(p.name[:6], p.hard, p.scene.muscles, p.scene.bone) for p in wanted}
    assert len(layouts) == 16
    assert not {p.seed for p in wanted} & {p.seed for p in layered_pictures("dev")}


@pytest.mark.parametrize("picture", [PICTURES[12], PICTURES[13]], ids=lambda picture: picture.name)
def test_a_drawn_picture_knows_its_layers(picture: LayeredPicture) -> None:
    drawn = draw_picture(picture)
    assert set(np.unique(drawn.layers)) == {-1, 0, 1, 2}
    assert len(drawn.lines_px) == 3
    row = np.arange(drawn.grey.shape[0])[:, np.newaxis]
    near = [np.abs(row - line) * drawn.spacing_mm[0] < 0.3 for line in drawn.lines_px]
    assert all(drawn.grey[each].mean() > 1.4 * drawn.grey.mean() for each in near)
    again = draw_picture(picture)
    assert np.array_equal(drawn.grey, again.grey)


def test_a_weak_boundary_is_darker() -> None:
    contrast = []
    for picture in (PICTURES[4], PICTURES[6]):
        drawn = draw_picture(picture)
        row = np.arange(drawn.grey.shape[0])[:, np.newaxis]
        near = np.abs(row - drawn.lines_px[1]) * drawn.spacing_mm[0] < 0.3
        contrast.append(drawn.grey[near].mean() / drawn.grey.mean())
    assert contrast[1] < contrast[0]


def test_an_easy_picture_is_outlined() -> None:
    score = score_outline(draw_picture(PICTURES[12]))
    assert score.outlined
    assert (score.found, score.false) == (3, 0)
    assert score.dice > 0.97
    assert score.right > 0.99 * score.places > 0


def test_figures_of_a_table() -> None:
    scores = [
        OutlineScore(
            outlined=found > 0,
            lines=3,
            found=found,
            false=0,
            dice=0.9 + 0.03 * found,
            places=100,
            right=50 * found,
        )
        for found in (0, 1, 2)
    ]
    table = _table("easy", scores, hard=False)
    values = {figure.name: figure.value for figure in table.figures}
    assert values["median Dice of a muscle"] == pytest.approx(0.93)
    assert values["median Dice where outlined"] == pytest.approx(0.945)
    assert values["share of the lines proposed"] == pytest.approx(3 / 9)
    assert values["places 2 mm off a line in the right region, where outlined"] == 0.75
    assert _table("none", [], hard=False).figures == ()


def test_each_half_of_the_set_is_told_by_family_and_by_layout() -> None:
    members = [picture for picture in layered_pictures("test") if picture.hard]
    parts = {name: sum(map(belongs, members)) for name, belongs in _parts("hard")}
    assert parts.pop("hard") == len(members) == 60
    pairs = (("family points", "family beams"), ("one muscle", "two muscles"))
    for one, other in (*pairs, ("with bone", "without bone")):
        assert parts.pop(f"hard, {one}") + parts.pop(f"hard, {other}") == 60
    assert not parts
