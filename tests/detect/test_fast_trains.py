"""Fast trains: how a site goes from frame to frame, and which of its strokes make a train."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest

from usfasc.detect.fast_trains import FastTrains, find_fast_trains, in_step_mm2
from usfasc.detect.site_speed import Speed
from usfasc.detect.train import Train, fullest
from usfasc.model import Floats, Kind
from usfasc.motion.field import Field
from usfasc.motion.grid import search_cells
from usfasc.phantom import LookAlike, LookAlikeKind, Scene, Twitch, render
from usfasc.pipeline import analyse

RATE_HZ = 30.0
FINER = 6
TIMES_S = np.arange(0, 8, 1 / (FINER * RATE_HZ))
NOISE_MM = 0.04
SWING_HZ = 4.0
"""Of what is the other way at every second stroke of 8 Hz."""


def speed_of(strokes_s: Floats, *, changed_mm: Floats | None = None, swing: float = 0.0) -> Speed:
    """A site that goes out fast and comes back slowly, over a little noise."""
    since_s = TIMES_S[:, None] - strokes_s
    out = np.exp(-((since_s / 0.018) ** 2)).sum(axis=1)
    back = np.exp(-(((since_s - 0.045) / 0.025) ** 2)).sum(axis=1)
    noise = np.random.default_rng(3).normal(0, 0.02, len(TIMES_S))
    goes_on = (since_s >= 0).any(axis=1) & (since_s <= 0).any(axis=1)
    noise += swing * goes_on * np.sin(2 * np.pi * SWING_HZ * TIMES_S)
    return Speed(
        times_s=TIMES_S,
        step_mm=NOISE_MM * (out - 0.7 * back + noise),
        changed_mm=np.full(len(TIMES_S), NOISE_MM) if changed_mm is None else changed_mm,
        unexplained_mm=np.full(len(TIMES_S), NOISE_MM),
        frame_rate_hz=RATE_HZ,
    )


def every(rate_hz: float, count: int, varies: float = 0.0) -> Floats:
    gaps_s = np.random.default_rng(1).normal(1 / rate_hz, varies / rate_hz, count)
    return np.asarray(1.0 + np.cumsum(gaps_s))


@pytest.mark.parametrize("rate_hz", [5, 8, 10, 12])
def test_strokes_are_told_apart(rate_hz: float) -> None:
    strokes_s = every(rate_hz, 20, varies=0.05)
    speed = speed_of(strokes_s)
    found_s = speed.times_s[speed.strokes(0.4 * NOISE_MM)]
    assert found_s == pytest.approx(strokes_s, abs=0.02)


CELLS = search_cells((0, 0, 100, 100), (0.1, 0.1))


def field_of(strokes_s: Floats) -> Field:
    """A site in 1 cm2 that goes to and fro, and noise everywhere: what makes it suspect."""
    times_s = np.arange(0, 8, 1 / RATE_HZ)
    course = 0.02 * np.cos(2 * np.pi * np.interp(times_s, strokes_s, np.arange(len(strokes_s))))
    course[(times_s < strokes_s[0]) | (times_s > strokes_s[-1])] = 0
    shift = np.zeros((len(times_s), 2, *CELLS.shape), np.float32)
    shift[:, 0, 5, 5] = course
    given = {
        "times_s": times_s,
        "shift_mm": shift,
        "z_per_mm": np.full(CELLS.shape, 200, np.float32),
        "unexplained_mm": np.full((len(times_s), *CELLS.shape), 0.04, np.float32),
        "valid": np.ones(CELLS.shape, bool),
    }
    return Field(**dict.fromkeys((each.name for each in fields(Field)), np.empty(0)) | given)


AT_ONCE = np.full(len(TIMES_S), 0.1 * NOISE_MM)
EVEN_S = every(8, 24, varies=0.08)
AT_ONCE[np.abs(TIMES_S[:, None] - EVEN_S).min(axis=1) < 0.01] = NOISE_MM

CASES = {
    "even strokes": (EVEN_S, speed_of(EVEN_S), 24),
    "uneven ones": (EVEN_S, speed_of(every(8, 24, varies=0.6)), None),
    "too few": (EVEN_S, speed_of(EVEN_S[:8]), None),
    "for too short a time": (EVEN_S, speed_of(every(12, 11)), None),
    "slow ones": (every(3, 15), speed_of(every(3, 15)), None),
    "a codec that changes the picture at once": (
        EVEN_S,
        speed_of(EVEN_S, changed_mm=AT_ONCE),
        None,
    ),
    "nothing": (EVEN_S, speed_of(np.array([])), None),
}


@pytest.mark.parametrize(("swings_s", "speed", "count"), CASES.values(), ids=CASES)
def test_what_is_a_fast_train(swings_s: Floats, speed: Speed, count: int | None) -> None:
    found = find_fast_trains(field_of(swings_s), CELLS, lambda cell, span_s: speed)
    assert [len(train.strokes_s) for train in found.trains] == ([] if count is None else [count])


@pytest.mark.parametrize(("count", "told"), [(12, False), (40, True)])
def test_a_train_that_goes_on_may_be_less_alike(count: int, told: bool) -> None:
    speed = speed_of(every(8, count), swing=0.47)
    found = find_fast_trains(field_of(EVEN_S), CELLS, lambda cell, span_s: speed)
    assert bool(found.trains) is told


def test_a_site_at_rest_is_not_looked_at() -> None:
    field = field_of(EVEN_S)
    still = replace(field, shift_mm=0 * field.shift_mm)
    assert find_fast_trains(still, CELLS, lambda cell, span_s: pytest.fail("looked")).trains == ()


def test_the_frames_are_asked_again_about_a_slow_train() -> None:
    field = field_of(EVEN_S)
    still = replace(field, shift_mm=0 * field.shift_mm)
    y_mm, x_mm = CELLS.centre_mm(5, 5)
    slow = Train(y_mm=y_mm, x_mm=x_mm, strokes_s=tuple(EVEN_S[::2].tolist()))
    (train,) = find_fast_trains(still, CELLS, lambda cell, span_s: speed_of(EVEN_S), [slow]).trains
    assert len(train.strokes_s) == 2 * len(slow.strokes_s)


def test_trains_that_are_sides_of_one_are_told_by_the_fullest() -> None:
    half = Train(y_mm=10, x_mm=10, strokes_s=(1.0, 1.2, 1.4, 1.6, 1.8))
    full = Train(y_mm=12, x_mm=12, strokes_s=tuple(np.arange(1.0, 1.85, 0.1).tolist()))
    elsewhere = Train(y_mm=30, x_mm=30, strokes_s=(1.0, 1.27, 1.55, 1.81, 2.0))
    assert set(fullest([half, full, elsewhere])) == {full, elsewhere}


def test_a_train_is_none_while_the_picture_shakes() -> None:
    train = Train(y_mm=10, x_mm=10, strokes_s=(1.0, 1.2, 1.4))
    assert FastTrains(trains=(), shaken_s=((2.0, 3.0),)).are_apart_from(train)
    assert not FastTrains(trains=(), shaken_s=((1.3, 3.0),)).are_apart_from(train)


def test_what_moves_in_step_with_a_train_is_measured() -> None:
    one = field_of(EVEN_S)
    all_of_it = replace(
        one, shift_mm=np.broadcast_to(one.shift_mm[:, :, 5:6, 5:6], one.shift_mm.shape)
    )
    cell_mm2 = np.prod(CELLS.size_mm)
    strokes_s = tuple(EVEN_S.tolist())
    assert in_step_mm2(strokes_s, (5, 5), one, CELLS) == pytest.approx(cell_mm2)
    assert in_step_mm2(strokes_s, (5, 5), all_of_it, CELLS) == pytest.approx(
        one.valid.size * cell_mm2
    )


SCENE = Scene(height_px=160, width_px=160, depth_mm=24.0, width_mm=24.0, duration_s=7.0, muscles=1)
UNIT = Twitch(onset_s=0.0, x_mm=10.0, y_mm=12.0, amplitude_mm=0.4, contraction_s=0.05)


@pytest.mark.parametrize(("rate_hz", "frame_rate_hz"), [(9, 25), (11, 30), (11.5, 50)])
def test_the_whole_way_tells_a_fast_train(rate_hz: float, frame_rate_hz: float) -> None:
    train = tuple(replace(UNIT, onset_s=float(t)) for t in every(rate_hz, 24, varies=0.08))
    scene = replace(SCENE, frame_rate_hz=float(frame_rate_hz), twitches=train)
    result = analyse(render(scene, 3).cine)
    (event,) = (each for each in result.events if each.kind is Kind.TRAIN)
    true_hz = 23 / (train[-1].onset_s - train[0].onset_s)
    assert event.train_hz == pytest.approx(true_hz, rel=0.06)
    assert result.summaries[-1].count == 0


def test_a_tremor_is_no_train() -> None:
    tremor = LookAlike(kind=LookAlikeKind.TREMOR, strength=1.5)
    scene = replace(SCENE, twitches=(), look_alikes=(tremor,), width_mm=32, depth_mm=30)
    result = analyse(render(scene, 5).cine)
    assert all(event.kind is not Kind.TRAIN for event in result.events)
