"""Which trains count as named: at their time, at their site, for half of them at least."""

from __future__ import annotations

import pytest
from fixtures.outcomes import make_event

from usfasc.benchmark.figures import EVERY
from usfasc.benchmark.judge import Judged
from usfasc.benchmark.told_apart import TrueTrain, apart_figures, planted_rhythm_table, told_of
from usfasc.model import Event, Kind

TRUE = TrueTrain(start_s=10.0, stop_s=14.0, x_mm=20.0, y_mm=15.0, rate_hz=5.0)


def told(start_s: float, stop_s: float, *, x_mm: float = 21.0, kind: Kind = Kind.TRAIN) -> Event:
    return make_event(1, start_s, kind=kind, offset_s=stop_s, x_mm=x_mm, y_mm=15.0, train_hz=5.5)


CASES = {
    "all of it": ([told(10.1, 13.9)], True, 0),
    "in two parts": ([told(10.0, 11.2), told(12.0, 13.5)], True, 0),
    "less than half": ([told(10.0, 11.5)], False, 0),
    "at another time": ([told(1.0, 5.0)], False, 1),
    "at another site": ([told(10.0, 14.0, x_mm=30.0)], False, 1),
    "by another name": ([told(10.0, 14.0, kind=Kind.FASCICULATION)], False, 0),
    "not at all": ([], False, 0),
}


@pytest.mark.parametrize(("events", "named", "elsewhere"), CASES.values(), ids=CASES)
def test_which_trains_are_named(events: list[Event], named: bool, elsewhere: int) -> None:
    clip = told_of(TRUE, events)
    assert clip.is_named is named
    values = {figure.name: figure.value for figure in apart_figures([clip])}
    assert values["trains told elsewhere"] == elsewhere


def test_real_clips_are_told_one_by_one_and_together() -> None:
    train = told(10.0, 14.0)
    cases = [
        judged("biceps: train", [train], [train]),
        judged("biceps: poisson", [told(1.0, 1.2, kind=Kind.FASCICULATION)], []),
        judged("tibialis: train", [train], []),
    ]
    cells = {(f.of, f.name): f.value for f in planted_rhythm_table(cases).figures}
    assert cells[EVERY, "trains named so"] == 0.5
    assert cells["biceps", "trains named so"] == 1
    assert cells["biceps", "Poisson clips without a train"] == 1
    assert cells["biceps", "train frequency, |found/true - 1|"] == pytest.approx(0)
    assert cells["tibialis", "trains named so"] == 0


def judged(group: str, truth: list[Event], events: list[Event]) -> Judged:
    return Judged(
        section="firing", group=group, name=group, truth=tuple(truth), events=tuple(events)
    )


def test_without_the_real_clips_the_table_says_why_it_is_empty() -> None:
    (figure,) = planted_rhythm_table([]).figures
    assert figure.value is None
    assert "--data" in figure.name
