"""What a survey keeps of pixels: a mean picture and three small loops, and no name in them."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pytest
from fixtures.outcomes import BOX, make_cine, make_event, make_result
from PIL import Image

from usfasc.errors import Code, InputError
from usfasc.io import memory_cine
from usfasc.model import Cine, Kind
from usfasc.report import kept_pictures as module
from usfasc.report.kept_pictures import clearest, kept_pictures
from usfasc.report.view import BLANK_GREY

EVENTS = (
    make_event(1, 0.5, score=0.7),
    make_event(2, 1.0, score=0.9, peak_displacement_mm=0.2),
    make_event(3, 1.5, score=0.99, kind=Kind.PULSATION),
    make_event(4, 2.0, score=0.9, peak_displacement_mm=0.8),
    make_event(5, 2.5, score=None, peak_displacement_mm=None),
    make_event(6, 2.9, score=0.95),
)


def picture(data: bytes) -> np.ndarray:
    return np.array(Image.open(io.BytesIO(data)))


def test_the_clearest_are_first() -> None:
    assert [event.event for event in clearest(EVENTS)] == [3, 6, 4, 2, 1, 5]


def test_loops_are_of_the_clearest_counted_twitches() -> None:
    cine = make_cine()
    kept = kept_pictures(cine, make_result(EVENTS))
    assert list(kept) == ["still.png", "event-006.webp", "event-004.webp", "event-002.webp"]
    for name, data in kept.items():
        assert len(data) <= 150_000, name
    loop = Image.open(io.BytesIO(kept["event-006.webp"]))
    assert loop.n_frames > 10


def test_the_same_bytes_twice() -> None:
    assert kept_pictures(make_cine(), make_result(EVENTS)) == kept_pictures(
        make_cine(), make_result(EVENTS)
    )


def test_the_still_is_the_mean_of_what_may_be_shown() -> None:
    cine = make_cine(outside=255)
    still = picture(kept_pictures(cine, make_result())["still.png"])
    x0, y0, x1, y1 = BOX
    assert still.shape == (y1 - y0, x1 - x0)
    assert cine.bmode is not None
    shown = cine.bmode.mask[y0:y1, x0:x1]
    assert (still[~shown] == BLANK_GREY).all()
    first = next(cine.frames.stream()).grey[y0:y1, x0:x1]
    assert np.abs(still[shown].astype(int) - first[shown]).mean() < 20


def test_millimetres_are_square_and_large_pictures_are_reduced() -> None:
    frames = np.random.default_rng(1).integers(0, 255, (30, 300, 900), np.uint8)
    cine = memory_cine(frames, np.arange(30) / 20, (0.2, 0.1))
    bmode = replace(make_cine().pictures[0], box=(0, 0, 900, 300), mask=np.ones((300, 900), bool))
    still = picture(kept_pictures(replace(cine, pictures=(bmode,)), make_result())["still.png"])
    assert still.shape == (320, 480)


def test_what_is_not_shown_changes_no_byte() -> None:
    black, white = (make_cine(outside=grey) for grey in (0, 255))
    assert kept_pictures(black, make_result(EVENTS)) == kept_pictures(white, make_result(EVENTS))


def test_an_unsure_area_gives_none() -> None:
    assert kept_pictures(make_cine(sure=False), make_result(EVENTS)) == {}


def test_a_clip_without_a_sound_frame_has_no_still(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "moments", lambda _: [])
    assert kept_pictures(make_cine(), make_result()) == {}


def test_other_errors_are_not_swallowed(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(cine: Cine) -> None:
        raise InputError(Code.CORRUPT, "A frame cannot be decoded.")

    monkeypatch.setattr(module, "view_of", broken)
    with pytest.raises(InputError, match="CORRUPT"):
        kept_pictures(make_cine(), make_result())
