"""One animation an event: the right moments and place, bounded, and no name in it."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fixtures.outcomes import BOX, make_cine, make_event, make_result
from PIL import Image

from usfasc.errors import Code, InputError
from usfasc.io import memory_cine
from usfasc.model import Bmode, Cine, Event, Kind
from usfasc.report.animation import LARGE, animation, write_animations
from usfasc.report.view import view_of

EVENTS = (make_event(1, 1.0), make_event(2, 2.4, x_px=90.0, y_px=60.0, kind=Kind.UNSURE))


def frames(data: bytes) -> tuple[list[np.ndarray], int]:
    """Pictures of an animation, and how long it lasts in ms."""
    picture = Image.open(io.BytesIO(data))
    shown, lasts_ms = [], 0
    for index in range(picture.n_frames):
        picture.seek(index)
        shown.append(np.array(picture.convert("RGB")))
        lasts_ms += picture.info["duration"]
    assert picture.info["loop"] == 0
    return shown, lasts_ms


def yellow_px(rgb: np.ndarray) -> int:
    return int((np.abs(rgb.astype(int) - (240, 228, 66)).max(axis=-1) < 60).sum())


def test_it_shows_the_second_and_a_half_around_the_onset() -> None:
    cine = make_cine()
    shown, lasts_ms = frames(animation(cine, view_of(cine), EVENTS[0]))
    # 0.5 to 2.0 s at 20 Hz, both included.
    assert len(shown) == 31
    assert lasts_ms == pytest.approx(1550, abs=31)


def test_the_outline_goes_while_the_tissue_moves() -> None:
    cine = make_cine()
    shown, _ = frames(animation(cine, view_of(cine), EVENTS[0]))
    outlined = [index for index, rgb in enumerate(shown) if yellow_px(rgb) > 100]
    assert outlined == [*range(10), *range(17, 31)]


EDGES = {
    "first frame": make_event(1, 0.0, x_px=8.0, y_px=6.0),
    "last frame": make_event(1, 3.95, x_px=119.0, y_px=89.0),
}


@pytest.mark.parametrize("event", EDGES.values(), ids=EDGES.keys())
@pytest.mark.parametrize("spacing_mm", [(0.3, 0.3), (0.4, 0.2), (3.0, 3.0), None])
def test_any_event_of_any_clip_can_be_shown(
    event: Event, spacing_mm: tuple[float, float] | None
) -> None:
    cine = make_cine(spacing_mm=spacing_mm)
    shown, _ = frames(animation(cine, view_of(cine), event))
    assert shown[0].shape[1] == 400


def test_fast_clips_are_thinned_and_noisy_ones_stay_small() -> None:
    noise = np.random.default_rng(2).integers(0, 255, (72, 300, 300), np.uint8)
    bmode = Bmode(box=(0, 0, 300, 300), mask=np.ones((300, 300), bool), origin="given")
    cine = memory_cine(noise, np.arange(72) / 120, (0.1, 0.1), bmode)
    data = animation(cine, view_of(cine), make_event(1, 0.1, x_px=150, y_px=150))
    assert len(data) <= LARGE.most_bytes
    shown, lasts_ms = frames(data)
    assert len(shown) == 18
    assert lasts_ms == pytest.approx(575, abs=20)


def write(folder: Path, cine: Cine, events: tuple[Event, ...] = EVENTS) -> list[str]:
    return [path.name for path in write_animations(folder, "clip", cine, make_result(events))]


def test_one_file_an_event_by_its_number_and_none_of_an_older_result(tmp_path: Path) -> None:
    for name in ("clip.event-003.webp", "clip.event-1000.webp", "clip2.event-003.webp", "mine"):
        (tmp_path / name).write_bytes(b"")
    assert write(tmp_path, make_cine()) == ["clip.event-001.webp", "clip.event-002.webp"]
    left = sorted(path.name for path in tmp_path.iterdir())
    assert left == ["clip.event-001.webp", "clip.event-002.webp", "clip2.event-003.webp", "mine"]


def test_the_same_result_gives_the_same_bytes_whatever_lies_outside(tmp_path: Path) -> None:
    # The first event lies beside the masked caliper, the second at the area's corner.
    events = (make_event(1, 1.0, x_px=24.0, y_px=60.0), make_event(2, 2.0, x_px=118.0, y_px=88.0))
    for name, grey in (("black", 0), ("white", 255), ("again", 0)):
        (tmp_path / name).mkdir()
        for file in write(tmp_path / name, make_cine(outside=grey), events):
            black = (tmp_path / "black" / file).read_bytes()
            assert (tmp_path / name / file).read_bytes() == black


def test_two_pictures_are_not_mixed() -> None:
    cine = make_cine()
    whole = cine.pictures[0]
    x0, y0, x1, y1 = BOX
    pictures = (replace(whole, box=(x0, y0, 60, y1)), replace(whole, box=(62, y0, x1, y1)))
    dual = replace(cine, pictures=pictures)
    changed = np.stack([frame.grey for frame in cine.frames.stream()])
    changed[:, :, 62:] = 255
    other = replace(memory_cine(changed, cine.times_s, (0.3, 0.3)), pictures=pictures)
    left = make_event(1, 1.0, x_px=55.0)
    assert animation(dual, view_of(dual), left) == animation(other, view_of(other), left)


def test_an_unsure_area_gives_none(tmp_path: Path) -> None:
    with pytest.raises(InputError) as raised:
        write(tmp_path, make_cine(sure=False))
    assert raised.value.code is Code.BMODE_UNSURE
    assert list(tmp_path.iterdir()) == []
