"""Dual screens without tags: two pictures only where there surely are two."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.tissue.boxes import overlap
from tests.tissue.screens import FRAMES, _coded, _Picture, _surround, colour_cine, sector
from usfasc.model import Bmode, Box, Cine
from usfasc.tissue import find_pictures

WIDTH, HEIGHT = 640, 400
TOP, BOTTOM, LEFT = 40, 360, 40


def dual(gap_px: int, codec: str, shape: str = "linear", tone: int = 0) -> tuple[Cine, list[Box]]:
    """Two moving pictures, 250 px wide each, with a strip of one tone between them."""
    rng = np.random.default_rng(gap_px)
    second = LEFT + 250 + gap_px
    boxes = [(LEFT, TOP, LEFT + 250, BOTTOM), (second, TOP, second + 250, BOTTOM)]
    screen = _surround(rng, WIDTH, HEIGHT, (LEFT, TOP, second + 250, BOTTOM))
    rgb = np.repeat(screen[np.newaxis], FRAMES, axis=0)
    rgb[:, TOP:BOTTOM, LEFT + 250 : second] = tone
    inside = sector(250, BOTTOM - TOP, shape)
    for x0, y0, x1, y1 in boxes:
        frames = _Picture(rng, (x0, y0, x1, y1), shape).frames()
        rgb[:, y0:y1, x0:x1][:, inside] = frames[:, inside][..., np.newaxis]
    return colour_cine(*_coded(rng, rgb, codec)), boxes


@pytest.mark.parametrize(
    ("gap_px", "codec", "tone"),
    [(2, "none", 0), (6, "none", 150), (16, "jpeg", 0), (30, "jpeg", 0), (30, "video", 0)],
)
def test_the_halves_of_a_dual_screen_are_told_apart(gap_px: int, codec: str, tone: int) -> None:
    cine, boxes = dual(gap_px, codec, tone=tone)
    found = find_pictures(cine, None)
    assert min(overlap(p.box, box) for p, box in zip(found, boxes, strict=True)) > 0.93
    for picture in found:
        x0, y0, x1, y1 = picture.box
        assert picture.sure and picture.origin == "found"
        assert picture.mask.sum() == picture.mask[y0:y1, x0:x1].sum()
        assert picture.mask[y0:y1, x0:x1].mean() > 0.95


def test_two_sectors_are_unsure_rather_than_wrong() -> None:
    cine, _ = dual(30, "none", "curved")
    assert not all(picture.sure for picture in find_pictures(cine, None))


def with_shadow(width_px: int) -> Cine:
    """One picture with a shadow from top to bottom in its very middle, blurred as by a beam."""
    cine, ((x0, y0, _, y1), (_, _, x1, _)) = dual(0, "none")
    rgb = np.stack([cine.frames.colour(index) for index in range(FRAMES)]).astype(np.float32)
    away = np.abs(np.arange(x0, x1) - (x0 + x1) / 2)
    rgb[:, y0:y1, x0:x1] *= np.clip((away - width_px / 2) / 30, 0, 1)[:, np.newaxis]
    return colour_cine(rgb.astype(np.uint8))


@pytest.mark.parametrize("width_px", [4, 30])
def test_a_shadow_splits_no_picture(width_px: int) -> None:
    assert len(find_pictures(with_shadow(width_px), None)) == 1


def test_one_tag_over_both_halves_tells_their_scale() -> None:
    cine, boxes = dual(30, "none")
    tag = Bmode(box=(0, 0, WIDTH, HEIGHT), mask=np.ones((HEIGHT, WIDTH), bool), origin="tag")
    found = find_pictures(replace(cine, pictures=(tag,)), None)
    assert [picture.origin for picture in found] == ["tag", "tag"]
    assert min(overlap(p.box, box) for p, box in zip(found, boxes, strict=True)) > 0.95


def test_two_tags_stand_as_they_are() -> None:
    cine, boxes = dual(6, "none")
    tags = tuple(
        Bmode(box=box, mask=np.ones((HEIGHT, WIDTH), bool), origin="tag", spacing_mm=(step, step))
        for box, step in zip(boxes, (0.1, 0.2), strict=True)
    )
    found = find_pictures(replace(cine, pictures=tags), None)
    assert [(p.box, p.spacing_mm) for p in found] == [(t.box, t.spacing_mm) for t in tags]


def test_the_given_box_is_one_picture() -> None:
    cine, boxes = dual(12, "none")
    (given,) = find_pictures(cine, boxes[1])
    assert given.origin == "given" and given.box == boxes[1]
