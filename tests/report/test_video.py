"""The annotated video: true times, outlines while events last, nothing beside the area."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fixtures.outcomes import make_cine, make_event, make_result

from usfasc.errors import Code, InputError
from usfasc.io import open_cine
from usfasc.model import Cine, Kind, Reading
from usfasc.report.video import write_event_videos, write_video

EVENTS = (
    make_event(1, 1.0, peak_displacement_mm=0.4),
    make_event(2, 2.4, x_px=90.0, y_px=60.0, kind=Kind.UNSURE),
)
YELLOW = (240, 228, 66)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Cine:
    path = tmp_path_factory.mktemp("video") / "a.mp4"
    write_video(path, make_cine(), make_result(EVENTS), 1.0)
    return open_cine(path, Reading())


def test_every_frame_stands_as_long_as_in_the_clip(made: Cine, tmp_path: Path) -> None:
    cine = make_cine()
    assert made.times_s is not None
    np.testing.assert_allclose(made.times_s, cine.times_s, atol=1e-4)
    uneven = replace(cine, times_s=np.cumsum(np.random.default_rng(1).uniform(0.01, 0.09, 80)))
    write_video(tmp_path / "a.mp4", uneven, make_result(EVENTS), 0.5)
    slow = open_cine(tmp_path / "a.mp4", Reading())
    assert slow.times_s is not None
    np.testing.assert_allclose(slow.times_s, 2 * (uneven.times_s - uneven.times_s[0]), atol=1e-4)


def yellow_px(cine: Cine, index: int) -> int:
    apart = np.abs(cine.frames.colour(index).astype(int) - YELLOW).max(axis=-1)
    return int((apart < 60).sum())


def test_a_twitch_is_outlined_while_it_lasts(made: Cine) -> None:
    # It lasts from 1.0 to 1.3 s, at 20 Hz; the other movement's outline is white.
    shown = [index for index in range(0, 80, 2) if yellow_px(made, index) > 200]
    assert shown == [20, 22, 24, 26]


def test_the_cursor_moves_with_the_time(made: Cine) -> None:
    def cursor_x(index: int) -> float:
        rgb = made.frames.colour(index).astype(int)[-150:-80]
        red = (rgb[..., 0] - rgb[..., 2] > 80) & (rgb[..., 1] < 130)
        return float(np.median(np.nonzero(red)[1]))

    early, middle, late = (cursor_x(index) for index in (8, 40, 72))
    assert middle - early == pytest.approx(late - middle, abs=3)
    assert middle - early > 100


def test_the_same_result_gives_the_same_bytes_whatever_lies_outside(tmp_path: Path) -> None:
    result = make_result(EVENTS)
    for name, grey in (("black", 0), ("white", 255), ("again", 0)):
        write_video(tmp_path / name, make_cine(outside=grey), result, 1.0)
    black = (tmp_path / "black").read_bytes()
    assert black == (tmp_path / "again").read_bytes() == (tmp_path / "white").read_bytes()


def test_an_unsure_area_gives_no_video(tmp_path: Path) -> None:
    with pytest.raises(InputError) as raised:
        write_video(tmp_path / "a.mp4", make_cine(sure=False), make_result(EVENTS), 1.0)
    assert raised.value.code is Code.BMODE_UNSURE
    assert list(tmp_path.iterdir()) == []


def test_progress_is_told_and_a_stop_leaves_nothing(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []

    def stop_half_way(done: int, total: int) -> None:
        told.append((done, total))
        if done == 40:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_video(tmp_path / "a.mp4", make_cine(), make_result(EVENTS), 1.0, stop_half_way)
    assert told == [(done, 80) for done in range(1, 41)]
    assert list(tmp_path.iterdir()) == []


def test_each_event_from_near_at_half_speed(tmp_path: Path) -> None:
    older = tmp_path / "clip.event-007.mp4"
    older.write_bytes(b"of an older result")
    written = list(write_event_videos((tmp_path, "clip"), make_cine(), make_result(EVENTS), 0.5))
    assert written == [tmp_path / f"clip.event-00{number}.mp4" for number in (1, 2)]
    assert sorted(tmp_path.iterdir()) == written
    film = open_cine(written[0], Reading())
    # 0.5 to 2.0 s at 20 Hz, both included; the twitch is from 1.0 to 1.3 s.
    assert film.times_s is not None
    assert film.times_s[-1] == pytest.approx(2 * 1.5)
    assert film.frames.count == 31
    assert [yellow_px(film, index) > 100 for index in (5, 12, 25)] == [True, False, True]
