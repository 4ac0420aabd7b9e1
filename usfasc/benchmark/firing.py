"""Sites and rhythms against truth: simulated lists of twitches, and short phantoms.

The lists carry the errors that detection makes, of places far more than the 0.3 mm of
scatter that it was measured to make about a site; the phantoms go through the whole engine.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from scipy.special import comb

from usfasc.benchmark.figures import Figure, Table
from usfasc.benchmark.firing_lists import LIST_S, Firing, simulated_onsets, simulated_sites
from usfasc.benchmark.firing_scenes import CORNERS_MM, FEWEST_FIRINGS
from usfasc.benchmark.told_apart import TrueTrain, apart_figures, by_rate, told_of
from usfasc.describe.rhythm import rhythm
from usfasc.describe.sites import same_site
from usfasc.model import AssessableSpan, Event, Kind
from usfasc.phantom import NamedScene
from usfasc.phantom.sets import Split

_SEEDS: Final[dict[Split, int]] = {"dev": 51, "test": 91}
_LISTS: Final = 200
_NEAR_S: Final = 0.15
_SITE_MM: Final = 5.0


def adjusted_rand(truth: Sequence[int], found: Sequence[int]) -> float:
    """Agreement of two partitions, 1 for the same, 0 by chance (Hubert and Arabie 1985)."""
    table = np.zeros((max(truth) + 1, max(found) + 1))
    np.add.at(table, (list(truth), list(found)), 1)
    pairs = float(comb(table, 2).sum())
    rows, columns = float(comb(table.sum(1), 2).sum()), float(comb(table.sum(0), 2).sum())
    expected = rows * columns / float(comb(len(truth), 2))
    most = (rows + columns) / 2
    return 1.0 if most == expected else (pairs - expected) / (most - expected)


def sites_table(split: Split, judged: Sequence[tuple[NamedScene, Sequence[Event]]] = ()) -> Table:
    """Adjusted Rand index of sites: simulated lists, and phantoms that were analysed.

    Parameters
    ----------
    split
        Whose seeds.
    judged
        Scenes of `firing_scenes` with the events that the engine found in them.
    """
    rng = np.random.default_rng(_SEEDS[split])
    rows = [
        _agreement(f"{words}: adjusted Rand index", _lists(rng, drift_mm))
        for words, drift_mm in (("4-8 sites, lists", 0.0), ("the same, drifting 4 mm", 4.0))
    ]
    pairs = [_as_labels(scene, events) for scene, events in judged]
    known = [adjusted_rand(*pair) for pair in pairs if len(pair[0]) > 1]
    if known:
        rows.append(
            Figure(name="phantoms: adjusted Rand index", value=float(np.mean(known)), at_least=0.85)
        )
    return Table(title=f"sites: {_LISTS} lists, {len(known)} phantoms", figures=tuple(rows))


def _agreement(name: str, values: Sequence[float]) -> Figure:
    low, high = np.percentile(values, [5, 95]).tolist()
    return Figure(
        name=name, value=float(np.mean(values)), low=low, high=high, at_least=0.85, note="5-95 %"
    )


def _lists(rng: np.random.Generator, drift_mm: float) -> list[float]:
    values = []
    for _ in range(_LISTS):
        events, truth = simulated_sites(rng, drift_mm)
        values.append(adjusted_rand(truth, (same_site(events, (1.0, 1.0)) - 1).tolist()))
    return values


def rhythm_table(split: Split, judged: Sequence[tuple[NamedScene, Sequence[Event]]] = ()) -> Table:
    """Poisson and regular firing told apart on lists of 30 s, trains and Poisson on phantoms.

    Parameters
    ----------
    split
        Whose seeds.
    judged
        Scenes of `firing_scenes` with the events that the engine found in them.
    """
    rng = np.random.default_rng(_SEEDS[split] + 1)
    rows = [
        Figure(name=f"{firing} lists called {firing}", value=_right(rng, firing), at_least=0.95)
        for firing in ("poisson", "regular")
    ]
    clips = [told_of(_train(scene), events) for scene, events in judged if not _is_sites(scene)]
    rows += [
        replace(figure, name=f"phantoms: {figure.name}")
        for figure in (*apart_figures(clips), *by_rate(clips))
    ]
    return Table(title="rhythm: clips of 30 s with at least 8 firings", figures=tuple(rows))


def _right(rng: np.random.Generator, firing: Firing) -> float:
    """Share of lists whose rhythm is named as it is; a tenth of the firings are missed."""
    span = AssessableSpan(region="*", start_s=0.0, stop_s=LIST_S)
    right: list[bool] = []
    while len(right) < _LISTS:
        onsets_s = simulated_onsets(rng, firing, rate_hz=rng.uniform(0.4, 2.5))
        if len(onsets_s) < FEWEST_FIRINGS:
            continue
        called = rhythm(onsets_s.tolist(), [span])
        right.append(called.pattern == ("regular" if firing == "regular" else "irregular"))
    return float(np.mean(right))


def _is_sites(scene: NamedScene) -> bool:
    return "-sites-" in scene.name


def _as_labels(scene: NamedScene, events: Sequence[Event]) -> tuple[list[int], list[int]]:
    """True and found site of every found twitch that is near a true one."""
    if not _is_sites(scene):
        return [], []
    twitches = scene.scene.twitches or ()
    sites = sorted({(twitch.x_mm, twitch.y_mm) for twitch in twitches})
    names: dict[str, int] = {}
    truth, found = [], []
    for event in events:
        near = [t for t in twitches if abs(t.onset_s - event.onset_s) <= _NEAR_S]
        if event.kind is not Kind.FASCICULATION or not near or event.x_mm is None:
            continue
        x_mm, y_mm = event.x_mm, event.y_mm or 0.0
        own = min(near, key=lambda t: np.hypot(t.x_mm - x_mm, t.y_mm - y_mm))
        truth.append(sites.index((own.x_mm, own.y_mm)))
        found.append(names.setdefault(event.site or f"once {event.event}", len(names)))
    return truth, found


def _train(scene: NamedScene) -> TrueTrain | None:
    """What fires at the site nearest to the last corner, where that is a train."""
    if "-train-" not in scene.name:
        return None
    x_mm, y_mm = CORNERS_MM[-1]
    twitches = scene.scene.twitches or ()
    fired = [t for t in twitches if np.hypot(t.x_mm - x_mm, t.y_mm - y_mm) < _SITE_MM]
    first, last = fired[0], fired[-1]
    return TrueTrain(
        start_s=first.onset_s,
        stop_s=last.onset_s + last.contraction_s + last.relaxation_s,
        x_mm=first.x_mm,
        y_mm=first.y_mm,
        rate_hz=(len(fired) - 1) / (last.onset_s - first.onset_s),
    )
