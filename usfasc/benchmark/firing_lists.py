"""Simulated lists of twitches: what detection would make of known sites and rhythms."""

from __future__ import annotations

from typing import Final, Literal

import numpy as np

from usfasc.model import Event, Floats, Kind

Firing = Literal["poisson", "regular"]

LIST_S: Final = 30.0
"""Length of a list in time."""

_FIELD_MM: Final = (40.0, 36.0)
_PLACE_MM: Final = 1.1
"""Scatter along one axis: 1.3 mm from the truth at the median, all of it taken for scatter."""
_FAR_SHARE: Final = 0.1
"""Share of the places that are off by two and a half times as much."""
_APART_MM: Final = 6.0
_JITTER: Final = 0.15
"""Standard deviation of a regular site's intervals over their mean."""
_LEAST_S: Final = 0.14
_ONSET_S: Final = 0.02
_MISSED: Final = 0.1
_HIDDEN_S: Final = 0.4
"""A random twitch so soon after another of its site is missed more often than not."""


def simulated_sites(
    rng: np.random.Generator, drift_mm: float = 0.0
) -> tuple[list[Event], list[int]]:
    """Twelve to forty twitches of 4-8 sites at least 6 mm apart, as detection places them.

    Parameters
    ----------
    rng
        Draws sites, firings and errors.
    drift_mm
        How far the muscle slides meanwhile.

    Returns
    -------
    tuple of lists
        Events, at a millimetre a pixel, and the number of each one's site.
    """
    places = _apart(rng, int(rng.integers(4, 9)))
    turns, count = rng.uniform(0, 360, len(places)), int(rng.integers(12, 41))
    truth = rng.integers(len(places), size=count).tolist()
    events = []
    for number, site in enumerate(truth):
        spread = _PLACE_MM * (2.5 if rng.random() < _FAR_SHARE else 1.0)
        x_mm, y_mm = places[site] + rng.normal(0, spread, 2)
        # A twitch that bulges shows now one side, now the other.
        turn = (turns[site] + rng.normal(0, 15) + 180 * rng.integers(2)) % 360
        events.append(_listed(number, x_mm + drift_mm * number / count, y_mm, turn))
    return events, truth


def _apart(rng: np.random.Generator, count: int) -> list[Floats]:
    places: list[Floats] = []
    while len(places) < count:
        place = rng.uniform((3.0, 6.0), np.array(_FIELD_MM) - 3.0)
        if all(np.hypot(*(place - other)) >= _APART_MM for other in places):
            places.append(place)
    return places


def _listed(number: int, x_mm: float, y_mm: float, direction_deg: float) -> Event:
    return Event(
        event=number + 1,
        kind=Kind.FASCICULATION,
        onset_s=float(number),
        peak_s=number + 0.1,
        offset_s=number + 0.3,
        start_frame=0,
        peak_frame=0,
        stop_frame=1,
        x_px=float(x_mm),
        y_px=float(y_mm),
        box_px=(0, 0, 1, 1),
        direction_deg=float(direction_deg),
    )


def simulated_onsets(rng: np.random.Generator, firing: Firing, rate_hz: float) -> Floats:
    """Onsets in 30 s as detection finds them.

    One in ten is missed, and of random ones each that follows another within 0.4 s;
    times are off by 20 ms.

    Parameters
    ----------
    rng
        Draws firings and errors.
    firing
        Poisson, or regular with intervals that vary by 15 %.
    rate_hz
        Mean rate.
    """
    count = int(3 * LIST_S * rate_hz) + 20
    gaps_s = rng.exponential(1 / rate_hz, count)
    seen = rng.random(count) >= _MISSED
    if firing == "regular":
        gaps_s = np.maximum(rng.normal(1 / rate_hz, _JITTER / rate_hz, count), _LEAST_S)
    else:
        seen &= gaps_s >= _HIDDEN_S
    onsets_s = np.cumsum(gaps_s)
    found_s = onsets_s[seen & (onsets_s < LIST_S)]
    return np.sort(found_s + rng.normal(0, _ONSET_S, len(found_s)))
