"""The rules of the B-mode area: who is believed, and what is masked."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.tissue.boxes import overlap
from tests.tissue.screens import colour_cine
from usfasc._cv import cv2
from usfasc.errors import Code, InputError
from usfasc.io import memory_cine
from usfasc.model import Bmode, Box, Cine, Grey
from usfasc.tissue import find_pictures

HEIGHT, WIDTH, FRAMES = 200, 260, 40
PICTURE: Box = (40, 30, 220, 180)


def _speckle(noise: float = 4.0) -> Grey:
    """``(t, y, x)``: speckle that sways, in a black screen."""
    rng = np.random.default_rng(7)
    field = cv2.GaussianBlur(rng.standard_normal((HEIGHT, WIDTH)).astype(np.float32), (0, 0), 1.5)
    frames = np.zeros((FRAMES, HEIGHT, WIDTH), np.uint8)
    x0, y0, x1, y1 = PICTURE
    for i, frame in enumerate(frames):
        grain = noise * rng.standard_normal(field.shape)
        swayed = 90 + 120 * np.roll(field, int(3 * np.sin(i / 5.0)), axis=1) + grain
        frame[y0:y1, x0:x1] = np.clip(swayed, 5, 255)[y0:y1, x0:x1]
    return frames


def _cine(frames: Grey) -> Cine:
    return memory_cine(frames, np.arange(len(frames)) / 30.0, None)


def _tagged(box: Box) -> Cine:
    tag = Bmode(box=box, mask=np.ones((HEIGHT, WIDTH), bool), origin="tag")
    return replace(_cine(_speckle()), pictures=(tag,))


@pytest.mark.parametrize(
    "box",
    [(0, 0, 261, 100), (-1, 0, 100, 100), (50, 50, 50, 90), (90, 50, 50, 90), (10, 10, 20, 90)],
    ids=["too wide", "negative", "empty", "reversed", "narrow"],
)
def test_bad_box_is_refused(box: Box) -> None:
    with pytest.raises(InputError) as caught:
        find_pictures(_cine(_speckle()), box)
    assert caught.value.code is Code.BAD_BMODE


def test_given_box_beats_the_tag() -> None:
    (bmode,) = find_pictures(_tagged((0, 0, 260, 200)), (50, 40, 150, 140))
    assert (bmode.origin, bmode.box, bmode.sure) == ("given", (50, 40, 150, 140), True)
    assert not bmode.mask[:40].any()
    assert bmode.mask[40:140, 50:150].mean() > 0.97


@pytest.mark.parametrize(
    ("tag", "origin", "box"),
    [
        (PICTURE, "tag", PICTURE),
        ((30, 20, 300, 400), "tag", (30, 20, 260, 200)),
        ((200, 20, 300, 400), "found", PICTURE),
        ((500, 500, 600, 600), "found", PICTURE),
    ],
    ids=["right", "reaches out of the image", "of a larger picture", "outside"],
)
def test_tag_is_checked(tag: Box, origin: str, box: Box) -> None:
    (bmode,) = find_pictures(_tagged(tag), None)
    assert bmode.origin == origin
    assert overlap(bmode.box, box) > 0.95


def test_frozen_clip_is_guessed_and_says_so() -> None:
    (bmode,) = find_pictures(_cine(np.repeat(_speckle()[:1], 20, axis=0)), None)
    assert not bmode.sure
    assert "--bmode" in bmode.note
    assert overlap(bmode.box, PICTURE) > 0.9
    assert bmode.mask[bmode.box[1] : bmode.box[3], bmode.box[0] : bmode.box[2]].mean() > 0.9


@pytest.mark.parametrize("level", [0, 128, 255])
@pytest.mark.parametrize("count", [1, 2, 5, 40])
def test_blank_frames_do_not_crash(level: int, count: int) -> None:
    (bmode,) = find_pictures(_cine(np.full((count, 60, 80), level, np.uint8)), None)
    assert not bmode.sure
    assert bmode.mask.shape == (60, 80)


def test_bright_still_skin_is_not_cut() -> None:
    frames = _speckle()
    frames[:, 30:38, 40:220] = 255
    (bmode,) = find_pictures(_cine(frames), None)
    assert overlap(bmode.box, PICTURE) > 0.97
    assert bmode.mask[31:37, 50:210].mean() > 0.9, "skin is no drawing"


def test_a_picture_that_fades_into_the_background_is_unsure() -> None:
    fade = np.exp(-np.clip(np.arange(HEIGHT) - PICTURE[1], 0, None) / 40)[:, np.newaxis]
    (bmode,) = find_pictures(_cine((_speckle() * fade).astype(np.uint8)), None)
    assert not bmode.sure and "lower end" in bmode.note


def test_a_strip_below_that_is_taken_for_tissue_makes_the_area_unsure() -> None:
    frames = _speckle()
    frames[:, 120:128] = 0
    (bmode,) = find_pictures(_cine(frames), None)
    assert not bmode.sure and "strip" in bmode.note


def test_letters_and_calipers_are_masked_and_little_else() -> None:
    frames = _speckle()
    drawn = np.zeros((HEIGHT, WIDTH), np.uint8)
    cv2.putText(drawn, "BICEPS", (60, 165), cv2.FONT_HERSHEY_SIMPLEX, 0.5, 255, 1)
    cv2.drawMarker(drawn, (120, 90), 255, cv2.MARKER_CROSS, 15, 1)
    frames[:, drawn > 0] = 250
    (bmode,) = find_pictures(_cine(frames), PICTURE)
    mask = bmode.mask
    assert (~mask)[drawn > 0].mean() > 0.9
    near = cv2.dilate(drawn, np.ones((7, 7), np.uint8)) > 0
    inside = np.zeros_like(mask)
    inside[PICTURE[1] : PICTURE[3], PICTURE[0] : PICTURE[2]] = True
    assert mask[inside & ~near].mean() > 0.995


def test_a_fascia_that_rests_in_places_is_no_drawing() -> None:
    frames = _speckle()
    flicker = np.random.default_rng(3).integers(-40, 41, (FRAMES, 1, WIDTH))
    for x in (80, 120, 165):
        flicker[:, :, x : x + 8] = 0
    frames[:, 100:102, 50:210] = (200 + flicker)[:, :, 50:210]
    (bmode,) = find_pictures(_cine(frames), PICTURE)
    assert bmode.mask[98:104, 50:210].all()


def _tinted(tint: tuple[float, float, float]) -> Grey:
    return np.clip(_speckle()[..., np.newaxis] * np.array(tint), 0, 255).astype(np.uint8)


@pytest.mark.parametrize("tint", [(1, 1, 1), (1.1, 1.0, 0.75), (0.85, 0.9, 1.2)])
def test_colour_is_masked_but_a_tint_is_not(tint: tuple[float, float, float]) -> None:
    rgb = _tinted(tint)
    rgb[20:, 80:100, 100:130] = (220, 30, 20)
    (bmode,) = find_pictures(colour_cine(rgb), PICTURE)
    mask = bmode.mask
    assert not mask[80:100, 100:130].any()
    assert mask[110:170, 50:210].mean() > 0.99


def test_gate_line_is_masked_even_half_transparent() -> None:
    frames = _speckle()
    line = np.zeros((HEIGHT, WIDTH), np.uint8)
    cv2.line(line, (150, 30), (110, 179), 255, 1)
    frames[:, line > 0] = np.clip(frames[:, line > 0].astype(int) // 2 + 110, 0, 255)
    (bmode,) = find_pictures(_cine(frames), PICTURE)
    mask = bmode.mask
    assert (~mask)[line > 0].mean() > 0.9
    assert mask[30:180, 40:105].mean() > 0.99


def test_tissue_without_lines_keeps_its_mask() -> None:
    (bmode,) = find_pictures(_cine(_speckle()), PICTURE)
    assert bmode.mask[30:180, 40:220].mean() > 0.999
