"""Fit what places and lines are judged by, on pictures whose layers are known.

The places' judges are multilayer perceptrons, the lines' ones are sums of small trees. That
of edges is bound to what is true of any fascia: brighter, more alone, parting tissues more
clearly never speaks against one, steeper or more crooked never for one. Judges are stacked
(Wolpert, Neural Netw 1992; 5: 241): whatever learns from what another one says of a picture
hears it from one that does not know that picture, so that it says there what it says in new ones.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
from threadpoolctl import threadpool_limits

from usfasc.benchmark.judge import Done, side_by_side
from usfasc.benchmark.outline_lessons import Lesson, draw_lesson, lessons
from usfasc.benchmark.outline_pictures import Drawn
from usfasc.benchmark.trees import USUAL, Growth, calibration, grow, missing_scikit_learn
from usfasc.forest import Forest
from usfasc.io.write import write_atomically
from usfasc.model import Bmode, Floats
from usfasc.tissue.asking import PlaceJudge, measure_again
from usfasc.tissue.edges import Judges, find_edges
from usfasc.tissue.fasciae import picture_ground
from usfasc.tissue.ground import EVERY, Ground, Strip
from usfasc.tissue.net import Net, Panel
from usfasc.tissue.paths import Rows
from usfasc.tissue.places import measure
from usfasc.tissue.sampling import Image
from usfasc.tissue.streaks import STEP_MM

_LESSONS: Final = 2_800
_ON_MM, _OFF_MM = 0.3, 0.8
"""Places so near to an edge are on it; those further away are not; between, neither."""
_TAKEN: Final = {True: 0.5, False: 0.05}
"""Share of the places on and off an edge that are learned from."""
_HIDDEN: Final = (32, 16)
_SAME_LINE_MM: Final = 1.0
_FOLDS: Final = 4
"""Parts of the lessons; what is said of one is learned in the others."""
_FOR_LINES: Final = Growth(trees=300, leaves=10, rows=40)
_SPEAKS_FOR: Final = ("odds", "places", "crest", "turn", "tone step", "brightness")
_SPEAKS_AGAINST: Final = ("slope", "waviness", "bends")
"""How names of features begin of which more never speaks the other way."""

Measured = Callable[[Strip], tuple[tuple[str, ...], Image]]
"""Names, and measures ``(name, row, column)``, of the places of a strip."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taught:
    """What one picture teaches: features ``(m, n)`` by name, and what each row is.

    Labels are 0 for what is no edge, 1 for an edge, 2 for one below which no tissue comes.
    """

    names: tuple[str, ...]
    features: Floats | Image
    labels: Floats


def train_judges(count: int = _LESSONS, workers: int = 2, done: Done | None = None) -> Judges:
    """Draw lessons, and fit the judges.

    Parameters
    ----------
    count
        Pictures.
    workers
        Processes.
    done
        Told of each picture.

    Raises
    ------
    UsageError
        scikit-learn is not installed.
    """
    pictures = lessons(count)
    learned = partial(side_by_side, workers=workers, done=done)
    alone = fit_panel(learned(_places_of, pictures), workers)
    again = fit_panel(learned(partial(_places_again_of, alone=alone), pictures), workers)
    places = PlaceJudge(alone=alone, again=again)
    taught = learned(partial(_lines_of, places=places), pictures)
    return Judges(places=places, lines=fit_lines(taught), floors=fit_floors(taught))


def write_judges(judges: Judges, path: Path) -> None:
    """Write the judges as the JSON that the engine reads."""
    tables = {name: getattr(judges, name).as_json() for name in ("places", "lines", "floors")}
    write_atomically(path, (json.dumps(tables, separators=(",", ":")) + "\n").encode())


def _places_of(lesson: Lesson, measured: Measured = measure) -> Taught:
    return teach_places(draw_lesson(lesson), measured, np.random.default_rng([lesson.seed, 80]))


def _places_again_of(lesson: Lesson, alone: Panel) -> Taught:
    return _places_of(lesson, partial(measure_again, alone=alone.held_out(_fold(lesson))))


def _lines_of(lesson: Lesson, places: PlaceJudge) -> Taught:
    return teach_lines(draw_lesson(lesson), places.held_out(_fold(lesson)))


def _fold(lesson: Lesson) -> int:
    return lesson.number % _FOLDS


def teach_places(drawn: Drawn, measured: Measured, rng: np.random.Generator) -> Taught:
    """What is measured of some places of a picture, and which of them lie on an edge."""
    ground = _ground(drawn)
    names, told = measured(ground.whole())
    away_mm = _places_away_mm(drawn, ground)
    taken = np.zeros(away_mm.shape, bool)
    for on, share in _TAKEN.items():
        chosen = away_mm <= _ON_MM if on else away_mm > _OFF_MM
        taken |= chosen & (rng.random(away_mm.shape) < share)
    taken &= ground.streaks.inside
    return Taught(
        names=names,
        features=told[:, taken].T,
        labels=(away_mm[taken] <= _ON_MM).astype(float),
    )


def teach_lines(drawn: Drawn, places: PlaceJudge) -> Taught:
    """Features of the best ways across a picture, and which edges of layers they are."""
    ground = _ground(drawn)
    true = _true_rows(drawn, ground)
    edges = list(find_edges(ground, places))
    return Taught(
        names=tuple(edges[0].features) if edges else (),
        features=np.array([list(edge.features.values()) for edge in edges]),
        labels=np.array([_label(edge.rows, true, int(drawn.layers.max())) for edge in edges]),
    )


def _ground(drawn: Drawn) -> Ground:
    height, width = drawn.grey.shape
    picture = Bmode(box=(0, 0, width, height), mask=drawn.mask, origin="given")
    ground = picture_ground(drawn.grey, picture, drawn.spacing_mm)
    if ground is None:
        raise AssertionError("a lesson is large enough to show layers")
    return ground


def _true_rows(drawn: Drawn, ground: Ground) -> Floats:
    """Rows of the grid ``(line, column)`` of each edge; NaN where it lies outside."""
    dy, dx = drawn.spacing_mm
    place = ground.streaks.first + EVERY * np.arange(ground.streaks.inside.shape[1])
    x_px = (place + 0.5) * STEP_MM / dx - 0.5
    rows = [np.interp(x_px, np.arange(len(line)), line) for line in drawn.lines_px]
    return (np.array(rows).reshape(-1, len(place)) + 0.5) * dy / STEP_MM - 0.5


def _places_away_mm(drawn: Drawn, ground: Ground) -> Floats:
    """Distance of each place ``(row, column)`` from the nearest edge."""
    row = np.arange(len(ground.grey))[:, np.newaxis]
    away = np.full(ground.streaks.inside.shape, np.inf)
    for line in _true_rows(drawn, ground):
        away = np.fmin(away, np.abs(row - line))
    return away * STEP_MM


def _label(rows: Rows, true: Floats, muscles: int) -> float:
    """What a way is: no edge, the upper edge of a muscle, or of what lies below them all."""
    shown = np.flatnonzero(np.isfinite(true).any(axis=1))
    away_mm = [float(np.nanmedian(np.abs(true[n] - rows))) * STEP_MM for n in shown]
    if not away_mm or min(away_mm) >= _SAME_LINE_MM:
        return 0.0
    return 2.0 if shown[int(np.argmin(away_mm))] >= muscles else 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Member:
    """A network to fit: that of one fold, which it does not learn in."""

    fold: int

    @property
    def name(self) -> str:
        return f"fold {self.fold}"


def fit_panel(taught: Sequence[Taught], workers: int = 1) -> Panel:
    """Fit networks that judge places, one for each fold, on all the others.

    Parameters
    ----------
    taught
        Of each lesson, in order.
    workers
        Processes.

    Raises
    ------
    UsageError
        scikit-learn is not installed.
    """
    members = [_Member(fold=fold) for fold in range(_FOLDS)]
    fitted = side_by_side(partial(_fit_member, taught=taught), members, workers=workers)
    return Panel(members=tuple(fitted))


def _fit_member(member: _Member, taught: Sequence[Taught]) -> Net:
    return fit_net([each for n, each in enumerate(taught) if n % _FOLDS != member.fold])


def fit_net(taught: Sequence[Taught]) -> Net:
    """Fit a network that judges places.

    Raises
    ------
    UsageError
        scikit-learn is not installed.
    """
    try:
        from sklearn.neural_network import MLPClassifier
    except ImportError:
        raise missing_scikit_learn() from None
    rows = np.concatenate([each.features for each in taught]).astype(np.float32)
    labels = np.concatenate([each.labels for each in taught])
    blank = Net(
        names=taught[0].names,
        middle=np.nanmean(rows, axis=0),
        spread=np.nanstd(rows, axis=0) + np.float32(1e-6),
        layers=(),
    )
    model = MLPClassifier(_HIDDEN, alpha=1e-3, max_iter=60, early_stopping=True, random_state=0)
    with threadpool_limits(1):  # sums must not depend on the number of threads
        model.fit(blank.standard(rows), labels)
    layers = zip(model.coefs_, model.intercepts_, strict=True)
    return replace(
        blank, layers=tuple((a.astype(np.float32), b.astype(np.float32)) for a, b in layers)
    )


def fit_lines(taught: Sequence[Taught]) -> Forest:
    """Fit the judge of edges, calibrated on pictures that its training left out."""
    rows = [(each.features, np.minimum(each.labels, 1)) for each in taught if len(each.labels)]
    ways = {name: _way(name) for name in _names(taught)}
    return _calibrated(rows, partial(_grown, ways=ways, growth=_FOR_LINES))


def fit_floors(taught: Sequence[Taught]) -> Forest:
    """Fit the judge of what lies below an edge: tissue, or bone, air, fluid."""
    edges = [(each.features[each.labels > 0], each.labels[each.labels > 0] - 1) for each in taught]
    ways = dict.fromkeys(_names(taught), 0)
    return _calibrated(
        [each for each in edges if len(each[1])], partial(_grown, ways=ways, growth=USUAL)
    )


def _names(taught: Sequence[Taught]) -> tuple[str, ...]:
    """Of the features; a picture without any way has none."""
    return next(each.names for each in taught if each.names)


_Rows = tuple[Floats | Image, Floats]
"""Features ``(m, n)`` and labels ``(m,)`` of one picture."""


def _calibrated(rows: Sequence[_Rows], grown: Callable[[Sequence[_Rows]], Forest]) -> Forest:
    odds, labels = (
        np.concatenate(each)
        for each in zip(*(_left_out(rows, grown, fold) for fold in range(_FOLDS)), strict=True)
    )
    slope, offset = calibration(odds, labels)
    forest = grown(rows)
    return replace(forest, start=forest.start * slope + offset, value=forest.value * slope)


def _left_out(
    rows: Sequence[_Rows], grown: Callable[[Sequence[_Rows]], Forest], fold: int
) -> tuple[Floats, Floats]:
    """Log-odds of every fourth picture's lines by trees that the others made."""
    forest = grown([row for number, row in enumerate(rows) if number % _FOLDS != fold])
    held = rows[fold::_FOLDS]
    odds = forest.log_odds(np.concatenate([features for features, _ in held]))
    return odds, np.concatenate([labels for _, labels in held])


def _grown(rows: Sequence[_Rows], ways: dict[str, int], growth: Growth) -> Forest:
    features, labels = (np.concatenate(each) for each in zip(*rows, strict=True))
    return grow(np.asarray(features, float), labels, np.ones(len(labels)), ways, growth)


def _way(name: str) -> int:
    """In which direction a feature may change a line's chance: 1 up, -1 down, 0 either."""
    return int(name.startswith(_SPEAKS_FOR)) - int(name.startswith(_SPEAKS_AGAINST))
