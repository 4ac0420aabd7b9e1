"""What another kind of movement shows, and what never takes a twitch out of the count."""

from dataclasses import replace

import pytest
from fixtures.movements import movement

from usfasc.detect.circumstances import Breath, Carried, Circumstances, Episode, Vessel
from usfasc.detect.classify import classify
from usfasc.detect.loss import Loss
from usfasc.detect.recurrence import Rhythm
from usfasc.model import Kind
from usfasc.params import Parameters

BELOW = Vessel(apart_mm=6.2, way="below")
RIGID = Carried(mm=0.8, even=0.9, own=0.1)
LARGE = Episode(share=0.38, lasts_s=2.1, resting=0.3)
GULP = Episode(share=0.9, lasts_s=0.8, resting=0.02)
CALM = Circumstances()


def rhythm(rate_hz: float, count: int = 9, *, size: float = 0.9, area_mm2: float = 120.0) -> Rhythm:
    share = area_mm2 / 1400
    lasts_s = count / rate_hz
    return Rhythm(
        rate_hz=rate_hz, count=count, lasts_s=lasts_s, size=size, share=share, area_mm2=area_mm2
    )


def jumping(near: float, around: float, at_once: float):
    item = movement(1.0)
    steps = {"jump": near, "jump_around": around, "sudden": at_once, "sudden_around": at_once}
    return replace(item, features=replace(item.features, **steps))


def amid(circumstances: Circumstances, *, score: float = 0.9):
    return replace(movement(1.0, score=score), circumstances=circumstances)


VETOES = [
    pytest.param(
        Circumstances(beat=rhythm(1.2), vessel=BELOW),
        Kind.PULSATION,
        "72/min, 9 beats in a row, in step with the vessel 6 mm below",
        id="a vessel's beat",
    ),
    pytest.param(
        Circumstances(beat=rhythm(1.2, area_mm2=500.0)),
        Kind.PULSATION,
        "in step over 5 cm2",
        id="a beat wider than any motor unit",
    ),
    pytest.param(
        Circumstances(swing=rhythm(5.2, 16, area_mm2=600.0)),
        Kind.TREMOR,
        "5.2 Hz for 3.1 s",
        id="a tremor",
    ),
    pytest.param(
        Circumstances(carried=RIGID), Kind.PROBE_MOTION, "moves 0.8 mm in 0.4 s", id="a slip"
    ),
    pytest.param(
        Circumstances(episode=LARGE),
        Kind.CONTRACTION,
        "38 % of the picture moves for 2.1 s",
        id="a contraction",
    ),
    pytest.param(
        Circumstances(episode=GULP, sector=True), Kind.SWALLOWING, "rests again", id="a swallow"
    ),
    pytest.param(
        Circumstances(episode=GULP), Kind.CONTRACTION, "90 %", id="a gulp in a limb is none"
    ),
]
KEPT = [
    pytest.param(CALM, id="nothing about it"),
    pytest.param(Circumstances(beat=rhythm(1.0)), id="a unit that fires evenly, no vessel near"),
    pytest.param(
        Circumstances(beat=rhythm(1.0), vessel=Vessel(apart_mm=20.0, way="below")),
        id="a unit that fires evenly, a vessel far away",
    ),
    pytest.param(
        Circumstances(beat=rhythm(1.2, size=0.25), vessel=BELOW),
        id="a twitch larger than the beats",
    ),
    pytest.param(
        Circumstances(beat=rhythm(1.2, 4), vessel=BELOW), id="too few in a row to be a pulse"
    ),
    pytest.param(Circumstances(swing=rhythm(5.0, 10, area_mm2=60.0)), id="a train of one unit"),
    pytest.param(
        Circumstances(episode=Episode(share=0.7, lasts_s=0.2, resting=0.0)),
        id="a large twitch that is soon over",
    ),
    pytest.param(
        Circumstances(carried=Carried(mm=0.35, even=0.9, own=0.1)), id="a twitch amid sway"
    ),
    pytest.param(
        Circumstances(carried=Carried(mm=0.5, even=0.2, own=0.6)),
        id="a large twitch that looks like a movement of the picture",
    ),
    pytest.param(
        Circumstances(
            breath=Breath(rate_hz=0.25, size_mm=2.0, steady=0.9),
            carried=Carried(mm=0.2, even=0.8, own=0.2),
        ),
        id="a twitch while the wall rises",
    ),
]


@pytest.mark.parametrize(("circumstances", "kind", "words"), VETOES)
def test_other_movements_are_named_though_they_score_like_a_twitch(circumstances, kind, words):
    found, reason = classify(amid(circumstances), None, Parameters())
    assert found is kind
    assert words in reason


@pytest.mark.parametrize("circumstances", KEPT)
def test_a_twitch_stays_one(circumstances):
    assert classify(amid(circumstances), None, Parameters())[0] is Kind.FASCICULATION


JUMPS = [
    pytest.param(jumping(1.8, 1.7, 0.75), Kind.ARTEFACT, id="a key frame"),
    pytest.param(jumping(1.8, 0.2, 0.75), Kind.FASCICULATION, id="one step, here alone"),
    pytest.param(jumping(1.8, 1.7, 0.30), Kind.FASCICULATION, id="several steps"),
    pytest.param(jumping(0.5, 0.4, 0.75), Kind.FASCICULATION, id="a step like any other"),
]


@pytest.mark.parametrize(("item", "kind"), JUMPS)
def test_only_a_jump_of_the_whole_picture_takes_a_twitch_out(item, kind):
    assert classify(item, None, Parameters())[0] is kind


def test_what_no_twitch_scores_is_named_by_weaker_signs():
    breath = Breath(rate_hz=0.25, size_mm=2.0, steady=0.9)
    carried = Carried(mm=0.2, even=0.8, own=0.2)
    kind, reason = classify(
        amid(Circumstances(breath=breath, carried=carried), score=0.3), None, Parameters()
    )
    assert kind is Kind.BREATHING
    assert reason.startswith("0.25 Hz")


LOSSES = [
    (Loss.PROBE, CALM, Kind.CONTRACTION),
    (Loss.PROBE, Circumstances(carried=Carried(mm=0.2, even=0.9, own=0.1)), Kind.PROBE_MOTION),
    (Loss.MOVED, CALM, Kind.CONTRACTION),
    (Loss.NOISE, CALM, Kind.ARTEFACT),
    (Loss.ENDS, CALM, Kind.UNSURE),
    (Loss.MOVED, Circumstances(swing=rhythm(5.2, 16, area_mm2=600.0)), Kind.TREMOR),
]


@pytest.mark.parametrize(("lost", "circumstances", "kind"), LOSSES)
def test_what_could_not_be_judged_never_counts(lost, circumstances, kind):
    assert classify(amid(circumstances), lost, Parameters())[0] is kind


def test_lost_time_says_how_much_moved():
    moved = Circumstances(episode=Episode(share=0.79, lasts_s=0.2, resting=0.1))
    assert classify(amid(moved), Loss.MOVED, Parameters())[1].endswith(
        "79 % of the picture moves for 0.2 s"
    )


def test_a_score_just_below_the_threshold_does_not_read_like_it():
    _, reason = classify(movement(1.0, score=0.5999), None, Parameters())
    assert "score 0.59 below 0.60" in reason
