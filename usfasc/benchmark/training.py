"""Train the score: what a candidate's features say of being a twitch.

Logistic regression on features that each bend once, on phantoms of the
development seeds, look-alikes, and real clips with and without implants.
Every kind of clip weighs alike, whatever its number of candidates. Last, the
score is calibrated on candidates of clips that its training left out.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
from scipy.optimize import minimize

from usfasc.benchmark.cases import (
    ImplantRecipe,
    PhantomRecipe,
    Recipe,
    implant_recipes,
    negative_recipes,
    phantom_recipes,
)
from usfasc.detect.events import movement_event
from usfasc.detect.features import Features
from usfasc.detect.score import Table, standardise
from usfasc.io.write import write_atomically
from usfasc.match import COUNTED, may_pair
from usfasc.model import WHOLE_IMAGE, Floats
from usfasc.params import Parameters
from usfasc.phantom import LookAlike, LookAlikeKind, NamedScene, Scene, Twitch
from usfasc.pipeline import Analysis, read_cine, survey

_TRUE_SHARE: Final = 0.5
"""Weight of the true candidates in each kind of clip."""
_RIDGE: Final = 3.0
_FOLDS: Final = 4
_LARGE_CLIPS: Final = 16
_LARGE_SEED: Final = 21_000
_OWN_S: Final = 0.6
"""So near to a movement that a real clip makes of itself, a candidate teaches nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Candidates of one clip: features ``(m, n)`` and whether each is true ``(m,)``."""

    group: str
    name: str
    features: Floats
    labels: Floats


def training_recipes(data: Path) -> list[Recipe]:
    """All that the score may learn from: development seeds, and the real clips."""
    return [
        *phantom_recipes("dev"),
        *negative_recipes("dev"),
        *_large_twitches(),
        *implant_recipes("dev", data, times=2),
    ]


def _large_twitches() -> list[Recipe]:
    """Twitches that move most of the picture, as large units do; the scored sets hold none."""
    return [
        PhantomRecipe(section="phantom", group="large", name=scene.name, scene=scene)
        for scene in map(_large, range(_LARGE_CLIPS))
    ]


def _large(number: int) -> NamedScene:
    seed = _LARGE_SEED + number
    rng = np.random.default_rng(seed)
    sway = LookAlike(kind=LookAlikeKind.SWAY, strength=float(rng.uniform(0.1, 0.6)))
    scene = Scene(
        duration_s=10.0,
        frame_rate_hz=float(rng.choice((25.0, 30.0, 50.0, 75.0))),
        noise=("low", "medium", "high")[number % 3],
        jpeg_quality=int(rng.integers(70, 96)),
        twitches=tuple(_large_twitch(onset_s, rng) for onset_s in (1.2, 3.1, 4.8, 6.6, 8.5)),
        look_alikes=(sway,) if number % 2 else (),
    )
    return NamedScene(name=f"large-{number:02d}", scene=scene, seed=seed)


def _large_twitch(onset_s: float, rng: np.random.Generator) -> Twitch:
    return Twitch(
        onset_s=onset_s + float(rng.uniform(-0.4, 0.4)),
        x_mm=float(rng.uniform(12, 26)),
        y_mm=float(rng.uniform(12, 26)),
        amplitude_mm=float(np.exp(rng.uniform(np.log(0.15), np.log(1.5)))),
        mode="bulge" if rng.random() < 0.5 else "shift",
        contraction_s=float(rng.uniform(0.05, 0.16)),
        relaxation_s=float(rng.uniform(0.1, 0.35)),
        length_mm=float(rng.uniform(20, 40)),
        width_mm=float(rng.uniform(10, 25)),
        direction_deg=float(rng.uniform(0, 360)),
    )


def gather(recipe: Recipe) -> Rows:
    """Features and labels of every candidate of one clip that could be judged."""
    case = recipe.ready()
    cine = read_cine(case.path, case.reading)
    (found,) = survey(cine, (), Parameters())  # the sets show one picture a clip
    truth = [event for event in case.truth if event.kind in COUNTED]
    own_s = recipe.clip.moves_s if isinstance(recipe, ImplantRecipe) else ()
    features, labels = [], []
    for item in found.movements:
        event = movement_event(item, found.layout.fine, np.asarray(cine.times_s), cine.spacing_mm)
        is_true = any(may_pair(true, event, spacing_mm=found.spacing_mm) for true in truth)
        is_own = any(abs(item.onset_s - time_s) < _OWN_S for time_s in own_s)
        if _was_judged(found, item.onset_s) and (is_true or not is_own):
            features.append(item.features.vector())
            labels.append(float(is_true))
    return Rows(
        group=recipe.section if recipe.section == "negatives" else recipe.group,
        name=recipe.name,
        features=np.array(features).reshape(-1, len(Features.names())),
        labels=np.array(labels),
    )


def _was_judged(found: Analysis, onset_s: float) -> bool:
    return any(
        span.reason is None and span.start_s <= onset_s < span.stop_s
        for span in found.spans[WHOLE_IMAGE]
    )


def train(rows: Sequence[Rows]) -> Table:
    """Fit the score's table to candidates, and calibrate it across clips.

    Parameters
    ----------
    rows
        Candidates clip by clip.
    """
    left_out = [_left_out_logits(rows, fold) for fold in range(_FOLDS)]
    logits = np.concatenate([logit for logit, _ in left_out])
    labels = np.concatenate([label for _, label in left_out])
    slope, offset = _calibration(logits, labels)
    table = _fit(rows)
    return replace(
        table,
        weights=table.weights * slope,
        bends=table.bends * slope,
        intercept=table.intercept * slope + offset,
    )


def write_table(table: Table, path: Path) -> None:
    """Write a table as the JSON that the engine reads."""
    columns = {
        name: [round(float(value), 6) for value in getattr(table, name)]
        for name in ("centre", "scale", "weights", "bends")
    }
    data = {"names": list(table.names), **columns, "intercept": round(table.intercept, 6)}
    write_atomically(path, (json.dumps(data, indent=1) + "\n").encode())


def _left_out_logits(rows: Sequence[Rows], fold: int) -> tuple[Floats, Floats]:
    """Logits of every fourth clip by a table that the others made."""
    table = _fit([row for number, row in enumerate(rows) if number % _FOLDS != fold])
    held = [row for number, row in enumerate(rows) if number % _FOLDS == fold]
    scores = np.clip(table.score(np.concatenate([row.features for row in held])), 1e-9, 1 - 1e-9)
    logits: Floats = np.log(scores / (1 - scores))
    return logits, np.concatenate([row.labels for row in held])


def _fit(rows: Sequence[Rows]) -> Table:
    features = np.concatenate([row.features for row in rows])
    labels = np.concatenate([row.labels for row in rows])
    weights = _balance(rows)
    centre = np.average(features, axis=0, weights=weights)
    scale = np.sqrt(np.average((features - centre) ** 2, axis=0, weights=weights)) + 1e-3
    standard = standardise(features, centre, scale)
    solution = _logistic(
        np.concatenate([standard, np.maximum(standard, 0)], axis=1), labels, weights, _RIDGE
    )
    count = features.shape[1]
    return Table(
        names=Features.names(),
        centre=centre,
        scale=scale,
        weights=solution[:count],
        bends=solution[count:-1],
        intercept=float(solution[-1]),
    )


def _balance(rows: Sequence[Rows]) -> Floats:
    """Weights ``(m,)`` that let every group, and the true ones in it, weigh a fixed share."""
    groups = np.concatenate([np.full(len(row.labels), row.group, dtype=object) for row in rows])
    labels = np.concatenate([row.labels for row in rows])
    weights = np.zeros(len(labels))
    for group in sorted(set(groups)):
        for label, share in ((1.0, _TRUE_SHARE), (0.0, 1 - _TRUE_SHARE)):
            chosen = (groups == group) & (labels == label)
            weights[chosen] = share / max(1, int(chosen.sum()))
    balanced: Floats = weights / weights.mean()
    return balanced


def _calibration(logits: Floats, labels: Floats) -> tuple[float, float]:
    """Slope and offset that make logits probabilities (Platt 1999)."""
    slope, offset = _logistic(logits[:, None], labels, np.ones(len(labels)), 0.0)
    return float(slope), float(offset)


def _logistic(features: Floats, labels: Floats, weights: Floats, ridge: float) -> Floats:
    """Coefficients ``(n + 1,)``, the intercept last, of a ridge logistic regression."""

    def loss(coefficients: Floats) -> tuple[float, Floats]:
        logit = features @ coefficients[:-1] + coefficients[-1]
        surprise = np.logaddexp(0, -logit) * labels + np.logaddexp(0, logit) * (1 - labels)
        slope = (1 / (1 + np.exp(-logit)) - labels) * weights
        size = coefficients[:-1]
        gradient = np.append(features.T @ slope + ridge * size, slope.sum())
        return float(weights @ surprise + ridge * (size @ size) / 2), gradient

    start = np.zeros(features.shape[1] + 1)
    answer = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 1000})
    return np.asarray(answer.x, float)
