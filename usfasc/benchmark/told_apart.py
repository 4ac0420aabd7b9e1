"""Trains and single firing told apart: in phantoms, and in real clips with one unit put in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from usfasc.benchmark.beds import DATA_VARIABLE
from usfasc.benchmark.figures import EVERY, Figure, Table, said_of
from usfasc.benchmark.judge import Judged
from usfasc.detect.train import AROUND_MM
from usfasc.model import Event, Kind

_RIGHT: Final = 0.95
_HALF: Final = 0.5
_BANDS_HZ: Final = (3.0, 6.0, 8.0, 10.0, 13.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrueTrain:
    """When and where a site fired in a train, in mm of the stored frame, and how fast."""

    start_s: float
    stop_s: float
    x_mm: float
    y_mm: float
    rate_hz: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A clip's train, None where its sites fire at random, and the trains that were told."""

    train: TrueTrain | None
    told: tuple[Event, ...]

    @property
    def own(self) -> tuple[Event, ...]:
        """What was told of the true train: at its time, within 7 mm of its site."""
        train = self.train
        return () if train is None else tuple(e for e in self.told if _is_told_by(train, e))

    @property
    def is_named(self) -> bool:
        """Whether at least half of the true train was told to be one; false without a train."""
        train = self.train
        if train is None:
            return False
        named_s = sum(_shared_s(train, event) for event in self.own)
        return named_s >= _HALF * (train.stop_s - train.start_s)


def told_of(train: TrueTrain | None, events: Sequence[Event]) -> Told:
    """A clip by what was found in it."""
    return Told(train=train, told=tuple(e for e in events if e.kind is Kind.TRAIN))


def apart_figures(clips: Sequence[Told]) -> Iterator[Figure]:
    """How many trains are named, how many random clips have none, and how true the rate is."""
    trains = [clip for clip in clips if clip.train is not None]
    random = [clip for clip in clips if clip.train is None]
    if trains:
        named = [clip.is_named for clip in trains]
        yield _share("trains named so", named)
    if random:
        yield _share("Poisson clips without a train", [not clip.told for clip in random])
    if trains:
        elsewhere = sum(len(clip.told) - len(clip.own) for clip in trains)
        yield Figure(name="trains told elsewhere", value=elsewhere, at_most=0)
        yield from _errors("train frequency, |found/true - 1|", trains)


def by_rate(clips: Sequence[Told]) -> Iterator[Figure]:
    """How true the frequency is, by the true one."""
    for low_hz, high_hz in pairwise(_BANDS_HZ):
        own = [c for c in clips if c.train is not None and low_hz <= c.train.rate_hz < high_hz]
        yield from _errors(f"the same, {low_hz:.0f}-{high_hz:.0f} Hz", own)


def planted_rhythm_table(cases: Sequence[Judged]) -> Table:
    """Real clips in which one unit fires: all, and clip by clip.

    Parameters
    ----------
    cases
        What `units.UnitPlan` planted; none where the real clips are not at hand.
    """
    title = "rhythm: one unit put into real clips of 15-30 s"
    if not cases:
        note = f"left out: needs the folder of the real clips (--data or {DATA_VARIABLE})"
        return Table(title=title, figures=(Figure(name=note, value=None),))
    groups = {EVERY: list(cases)}
    for case in cases:
        groups.setdefault(case.group.partition(":")[0], []).append(case)
    figures = [
        figure
        for name, members in groups.items()
        for figure in said_of(name, apart_figures([_planted(case) for case in members]))
    ]
    return Table(title=title, figures=tuple(figures), layout="wide")


def _planted(case: Judged) -> Told:
    train = next((event for event in case.truth if event.kind is Kind.TRAIN), None)
    if train is None or train.train_hz is None or train.x_mm is None or train.y_mm is None:
        return told_of(None, case.events)
    true = TrueTrain(
        start_s=train.onset_s,
        stop_s=train.offset_s,
        x_mm=train.x_mm,
        y_mm=train.y_mm,
        rate_hz=train.train_hz,
    )
    return told_of(true, case.events)


def _share(name: str, right: Sequence[bool]) -> Figure:
    note = f"{sum(right)} of {len(right)}"
    return Figure(name=name, value=float(np.mean(right)), at_least=_RIGHT, note=note)


def _errors(name: str, clips: Sequence[Told]) -> Iterator[Figure]:
    errors = [
        abs(event.train_hz / clip.train.rate_hz - 1)
        for clip in clips
        if clip.train is not None
        for event in clip.own
        if event.train_hz is not None
    ]
    if errors:
        note = f"{len(errors)} told in {len(clips)} clips, 90 %: {np.percentile(errors, 90):.2f}"
        yield Figure(name=name, value=float(np.median(errors)), note=note)


def _is_told_by(train: TrueTrain, event: Event) -> bool:
    if event.x_mm is None or event.y_mm is None or _shared_s(train, event) <= 0:
        return False
    return float(np.hypot(event.x_mm - train.x_mm, event.y_mm - train.y_mm)) <= AROUND_MM


def _shared_s(train: TrueTrain, event: Event) -> float:
    return min(train.stop_s, event.offset_s) - max(train.start_s, event.onset_s)
