"""Sector pictures: masked to their outline, whose still edge costs nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.tissue.screens import _through_video, sector
from usfasc._cv import cv2
from usfasc.io import memory_cine
from usfasc.model import WHOLE_IMAGE, Bmode, Cine, Grey, Kind, Mask
from usfasc.phantom import LookAlike, LookAlikeKind, Scene, Twitch, render
from usfasc.pipeline import analyse
from usfasc.tissue import find_pictures

TOP, LEFT = 30, 40
TWITCH = Twitch(onset_s=1.2, x_mm=15.0, y_mm=16.0, amplitude_mm=0.5, length_mm=8.0, width_mm=4.0)
BREATHES = LookAlike(kind=LookAlikeKind.BREATHING, strength=1.0)
SCENE = Scene(
    height_px=220,
    width_px=220,
    depth_mm=34.0,
    width_mm=34.0,
    duration_s=5.0,
    twitches=(TWITCH, replace(TWITCH, onset_s=3.0, x_mm=20.0, y_mm=22.0, direction_deg=90.0)),
    look_alikes=(BREATHES,),
)


@pytest.fixture(scope="module")
def tissue() -> Cine:
    return render(SCENE, 6).cine


def cut_out(tissue: Cine, shape: str) -> tuple[Grey, Mask]:
    """The tissue seen through a sector, black around it, and the sector on the screen."""
    frames = np.stack([frame.grey for frame in tissue.frames.stream()])
    count, height, width = frames.shape
    screen = np.zeros((count, height + 2 * TOP, width + 2 * LEFT), np.uint8)
    inside = np.zeros(screen.shape[1:], bool)
    place = np.s_[TOP : TOP + height, LEFT : LEFT + width]
    inside[place] = sector(width, height, shape)
    screen[:, *place] = np.where(inside[place], frames, 0)
    return screen, inside


def clip(tissue: Cine, shape: str, tagged: bool) -> tuple[Cine, Mask]:
    screen, inside = cut_out(tissue, shape)
    cine = memory_cine(screen, tissue.times_s, tissue.spacing_mm)
    if tagged:
        x, y, width, height = cv2.boundingRect(inside.astype(np.uint8))
        whole = np.ones(inside.shape, bool)
        tag = Bmode(box=(x, y, x + width, y + height), mask=whole, origin="tag")
        cine = replace(cine, pictures=(tag,))
    return replace(cine, pictures=find_pictures(cine, None)), inside


@pytest.mark.parametrize("tagged", [True, False], ids=["tagged", "found"])
@pytest.mark.parametrize("shape", ["curved", "phased"])
def test_breathing_tissue_in_a_sector(tissue: Cine, shape: str, tagged: bool) -> None:
    cine, inside = clip(tissue, shape, tagged)
    (picture,) = cine.pictures
    assert picture.sure and picture.origin == ("tag" if tagged else "found")
    assert not (picture.mask & ~inside).any()
    assert (picture.mask & inside).sum() > 0.85 * inside.sum()
    result = analyse(cine)
    counted = [event for event in result.events if event.kind is Kind.FASCICULATION]
    assert [event.onset_s for event in counted] == pytest.approx([1.2, 3.0], abs=0.06)
    assert all(inside[int(event.y_px), int(event.x_px)] for event in result.events)
    (whole,) = (row for row in result.summaries if row.region == WHOLE_IMAGE)
    assert whole.assessable_s == pytest.approx(5.0 - 0.5, abs=0.1)


@pytest.mark.parametrize("shape", ["curved", "phased"])
def test_a_codec_that_freezes_tissue_hides_no_sector(tissue: Cine, shape: str) -> None:
    screen, inside = cut_out(tissue, shape)
    rgb, keys = _through_video(np.repeat(screen[..., np.newaxis], 3, axis=3), 700_000)
    x, y, width, height = cv2.boundingRect(inside.astype(np.uint8))
    tag = Bmode(box=(x, y, x + width, y + height), mask=np.ones(inside.shape, bool), origin="tag")
    coded = memory_cine(np.ascontiguousarray(rgb[..., 1]), tissue.times_s, tissue.spacing_mm)
    (picture,) = find_pictures(replace(coded, key_frames=keys, pictures=(tag,)), None)
    assert (picture.mask & ~inside).sum() < 0.01 * inside.sum()
    assert (picture.mask & inside).sum() > 0.8 * inside.sum()
