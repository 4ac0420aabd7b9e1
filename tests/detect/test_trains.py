"""Trains: what makes one of a site's strokes, and what comes out of the whole way."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from fixtures.movements import movement
from fixtures.outcomes import make_event, make_spans

from usfasc.detect.candidates import Candidate
from usfasc.detect.circumstances import Circumstances, Vessel
from usfasc.detect.recurrence import Rhythm
from usfasc.detect.train import Train, join_trains
from usfasc.detect.train_event import as_train, is_of, is_surely_else, judged_share, lead_of
from usfasc.detect.trains import find_trains
from usfasc.model import Kind
from usfasc.motion.field import Field
from usfasc.phantom import Scene, Twitch, render
from usfasc.pipeline import analyse

RATE_HZ = 30.0
TIMES_S = np.arange(0, 20, 1 / RATE_HZ)
CANDIDATE = movement(1.0).candidate


def field_of(strokes_s: list[float], first: float = 12.0) -> Field:
    """One cell that goes out fast and back slowly at given moments, over even noise."""
    rng = np.random.default_rng(2)
    course = rng.normal(0, 0.7, len(TIMES_S))
    for number, stroke_s in enumerate(strokes_s):
        size, since_s = 12.0 if number else first, TIMES_S - stroke_s
        course += size * np.exp(-((since_s / 0.03) ** 2))
        course -= 0.3 * size * np.exp(-(((since_s - 0.09) / 0.05) ** 2))
    shift = np.zeros((len(TIMES_S), 2, 1, 1), np.float32)
    shift[:, 0, 0, 0] = 0.8 * course
    shift[:, 1, 0, 0] = 0.6 * course
    given = {
        "times_s": TIMES_S,
        "shift_mm": shift,
        "z_per_mm": np.ones((1, 1), np.float32),
        "unexplained_mm": np.full((len(TIMES_S), 1, 1), 4.0, np.float32),
    }
    # A train asks no more of a field than these.
    return Field(**dict.fromkeys((each.name for each in fields(Field)), np.empty(0)) | given)


def leads(*onsets_s: float, strength: float = 20.0) -> list[Candidate]:
    return [
        replace(CANDIDATE, onset_s=onset_s, strength=strength, row=0, column=0)
        for onset_s in onsets_s
    ]


def every(rate_hz: float, count: int, start_s: float = 5.0) -> list[float]:
    return [start_s + number / rate_hz for number in range(count)]


CASES = {
    "6 Hz": (every(6, 12), 12),
    "3 Hz": (every(3, 6), 6),
    "pairs that recur at 2 Hz": ([t + d for t in every(2, 5) for d in (0, 0.17)], 10),
    "2 Hz are single firings": (every(2, 12), None),
    "four are too few": (every(6, 4), None),
    "nothing": ([], None),
}


@pytest.mark.parametrize(("strokes_s", "count"), CASES.values(), ids=CASES)
def test_what_is_a_train(strokes_s: list[float], count: int | None) -> None:
    found = find_trains(leads(*(strokes_s or [1.0, 2.0, 3.0])[:6]), (), field_of(strokes_s))
    assert [len(train.strokes_s) for train in found] == ([] if count is None else [count])
    for train in found:
        assert train.strokes_s == pytest.approx(strokes_s, abs=1.5 / RATE_HZ)


def test_one_large_stroke_makes_no_noise_of_the_others() -> None:
    strokes_s = every(4, 12)
    (train,) = find_trains(leads(*strokes_s[:6]), (), field_of(strokes_s, first=60.0))
    assert train.strokes_s == pytest.approx(strokes_s, abs=1.5 / RATE_HZ)


def test_few_or_faint_candidates_lead_nowhere() -> None:
    field = field_of(every(6, 12))
    assert find_trains(leads(5.0, 6.0), (), field) == ()
    assert find_trains(leads(5.0, 6.0, 7.0, strength=5.0), (), field) == ()


def test_a_restless_site_needs_no_other_candidates() -> None:
    strokes_s = every(5, 95, start_s=0.5)
    (train,) = find_trains((), leads(5.0), field_of(strokes_s))
    assert len(train.strokes_s) == len(strokes_s)


def test_a_site_that_fires_all_the_time_makes_no_train_by_chance() -> None:
    rng = np.random.default_rng(0)
    busy = np.cumsum(rng.exponential(0.4, 48) + 0.1)
    strokes_s = [float(t) for t in busy if t < 19.5]
    assert find_trains(leads(*strokes_s[:8]), (), field_of(strokes_s)) == ()


SIX_HZ = tuple(every(6, 24))
SIDES = {
    "near it at the same time": ((0.0, 6.0), SIX_HZ, True),
    "near it for a part of it": ((0.0, 6.0), SIX_HZ[:8], True),
    "near it, but afterwards": ((0.0, 6.0), tuple(t + 3.6 for t in SIX_HZ), False),
    "far away in step with it": ((0.0, 12.0), tuple(t + 0.01 for t in SIX_HZ), True),
    "far away at every other discharge": ((0.0, 12.0), SIX_HZ[::2], True),
    "far away at its own pace": ((0.0, 12.0), tuple(every(5, 20)), False),
}


@pytest.mark.parametrize(("place_mm", "strokes_s", "side"), SIDES.values(), ids=SIDES)
def test_what_is_another_side_of_a_train(
    place_mm: tuple[float, float], strokes_s: tuple[float, ...], side: bool
) -> None:
    one = Train(y_mm=0, x_mm=0, strokes_s=SIX_HZ)
    other = Train(y_mm=place_mm[0], x_mm=place_mm[1], strokes_s=strokes_s)
    assert one.is_side_of(other) is other.is_side_of(one) is side


def test_the_frequency_is_that_of_the_usual_interval() -> None:
    strokes_s = every(8, 20)
    missed = Train(y_mm=0, x_mm=0, strokes_s=tuple(strokes_s[:7] + strokes_s[8:]))
    assert missed.frequency_hz == pytest.approx(8)
    assert missed.rate_hz < 8


def test_a_train_cut_by_the_border_of_two_windows_is_one() -> None:
    first = Train(y_mm=10, x_mm=10, strokes_s=(18.0, 18.2, 18.4, 19.9))
    second = Train(y_mm=10.5, x_mm=11, strokes_s=(19.92, 20.1, 20.3))
    elsewhere = Train(y_mm=30, x_mm=10, strokes_s=(20.0, 20.2, 20.4))
    later = Train(y_mm=10, x_mm=10, strokes_s=(25.0, 25.2, 25.4))
    joined = join_trains([later, second, elsewhere, first])
    assert [len(train.strokes_s) for train in joined] == [6, 3, 3]
    assert joined[0].strokes_s == (18.0, 18.2, 18.4, 19.9, 20.1, 20.3)


TRAIN = Train(y_mm=15, x_mm=15, strokes_s=(2.0, 2.2, 2.4, 2.6, 2.8))


def test_what_moves_there_meanwhile_is_of_the_train() -> None:
    assert is_of(movement(2.4), TRAIN)
    assert is_of(movement(2.4, x_mm=20), TRAIN)
    assert not is_of(movement(2.4, x_mm=25), TRAIN)
    assert not is_of(movement(4.0), TRAIN)
    best = movement(2.6, score=0.4)
    assert lead_of(TRAIN, [movement(2.2, score=0.2), best, movement(9.0, score=0.9)]) is best
    assert lead_of(TRAIN, []) is None


def rhythm(rate_hz: float, area_mm2: float = 200) -> Rhythm:
    lasts_s = 8 / rate_hz
    return Rhythm(rate_hz=rate_hz, count=8, lasts_s=lasts_s, size=0.9, share=0.2, area_mm2=area_mm2)


def beats(rate_hz: float, area_mm2: float = 200) -> Circumstances:
    return Circumstances(beat=rhythm(rate_hz, area_mm2), vessel=Vessel(apart_mm=6.0, way="below"))


ELSE = {
    "nothing": (Circumstances(), False),
    "a pulse of two strokes a beat": (beats(2.5), True),
    "every third discharge": (beats(1.7), False),
    "wider than a motor unit": (beats(1.7, 600), True),
    "a tremor": (replace(beats(1.7), swing=rhythm(5.0, 600)), True),
}


@pytest.mark.parametrize(("around", "other"), ELSE.values(), ids=ELSE)
def test_what_a_train_surely_is_instead(around: Circumstances, other: bool) -> None:
    lead = replace(movement(2.4), circumstances=around)
    assert is_surely_else(TRAIN, lead) is other


def test_discharges_in_unjudged_time_are_told() -> None:
    spans = make_spans("*", (0, 2.3, None), (2.3, 2.5, "contraction"), (2.5, 9, None))
    assert judged_share(TRAIN, spans) == pytest.approx(0.8)


def test_a_train_as_an_event() -> None:
    event = as_train(make_event(onset_s=2.2, peak_frame=69), TRAIN, TIMES_S)
    assert (event.kind, event.train_hz) == (Kind.TRAIN, 5.0)
    assert event.onset_s < 2.0 < event.peak_s < 2.8 < event.offset_s
    assert event.start_frame <= event.peak_frame < event.stop_frame
    assert event.reason == ("5 discharges of one site in 1.1 s, 5.0 Hz, CV of the intervals 0.00")


def test_a_low_frame_rate_tells_no_frequency() -> None:
    event = as_train(make_event(onset_s=2.2), TRAIN, np.arange(0, 20, 1 / 15))
    assert event.train_hz is None
    assert "too low" in event.reason


def test_near_half_of_the_frame_rate_a_frequency_is_a_least_one() -> None:
    fast = Train(y_mm=15, x_mm=15, strokes_s=tuple(every(13, 14)))
    event = as_train(make_event(onset_s=5.2), fast, TIMES_S)
    assert event.train_hz is None
    assert event.reason.endswith("at least 12 Hz")


SCENE = Scene(height_px=160, width_px=160, depth_mm=24.0, width_mm=24.0, duration_s=7.0, muscles=1)
UNIT = Twitch(onset_s=0.0, x_mm=7.0, y_mm=12.0, amplitude_mm=0.4, contraction_s=0.05)
LONE = replace(UNIT, onset_s=1.5, x_mm=18.0, y_mm=15.0)


def test_the_whole_way_lists_a_train_and_counts_the_twitch() -> None:
    train = [replace(UNIT, onset_s=3.0 + number / 5) for number in range(11)]
    result = analyse(render(replace(SCENE, twitches=(LONE, *train)), 3).cine)
    (event,) = (each for each in result.events if each.kind is Kind.TRAIN)
    assert event.train_hz == pytest.approx(5, abs=0.4)
    assert event.onset_s == pytest.approx(3.0, abs=0.15)
    assert event.offset_s == pytest.approx(5.2, abs=0.25)
    assert result.summaries[-1].count == 1
    assert event.site == "S1"
    assert result.sites[0].events == (event.event,)
    at_site = [e for e in result.events if e.x_mm is not None and e.x_mm < 12]
    assert at_site == [event]


@pytest.mark.parametrize("rate_hz", [3, 6])
def test_a_train_that_fills_the_clip_is_found(rate_hz: int) -> None:
    onsets_s = np.arange(0.5, 6.2, 1 / rate_hz)
    train = tuple(replace(UNIT, onset_s=float(onset_s)) for onset_s in onsets_s)
    result = analyse(render(replace(SCENE, twitches=train), 3).cine)
    (event,) = (each for each in result.events if each.kind is Kind.TRAIN)
    assert event.train_hz == pytest.approx(rate_hz, abs=0.4)
    assert event.offset_s - event.onset_s > 4.5
    assert result.summaries[-1].count == 0
