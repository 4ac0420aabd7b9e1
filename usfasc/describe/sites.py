"""Firing sites: twitches that recur at one place with one movement."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from usfasc.describe.movements import Movements
from usfasc.describe.rhythm import rhythm
from usfasc.describe.site_course import mean_course
from usfasc.model import SITE_MM, WHOLE_IMAGE, AssessableSpan, Event, Floats, Kind, Site

OF_SITES: Final = (Kind.FASCICULATION, Kind.TRAIN)
"""Kinds that a site fires."""

_ACROSS_MM = 3.0
"""What movement at a right angle adds: two units may share a place, and pull two ways.
Opposite movement adds nothing: of a twitch that bulges, now one side is seen, now the other."""


def same_site(events: Sequence[Event], mm_per_px: tuple[float, float]) -> NDArray[np.int64]:
    """Number of the group that each event belongs to, ``(n,)``.

    Groups whose events lie near to each other on average are joined, the nearest first
    (average linkage; Sokal and Michener 1958), with the axis of movement as a third and
    fourth coordinate.

    Parameters
    ----------
    events
        Events of one picture.
    mm_per_px
        ``(dy, dx)`` of it.
    """
    if len(events) < 2:
        return np.ones(len(events), np.int64)
    # Loaded where there is something to group: it takes 13 MB.
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import pdist

    tree = linkage(pdist(_coordinates_mm(events, mm_per_px)), "average")
    return np.asarray(fcluster(tree, SITE_MM, "distance"), np.int64)


def _coordinates_mm(events: Sequence[Event], mm_per_px: tuple[float, float]) -> Floats:
    """``(n, 4)``: place, and the axis of movement as a point on a circle, its middle if unknown."""
    dy, dx = mm_per_px
    rows = []
    for event in events:
        axis = 0j
        if event.direction_deg is not None:
            axis = _ACROSS_MM / 2 * np.exp(2j * np.deg2rad(event.direction_deg))
        rows.append((event.x_px * dx, event.y_px * dy, axis.real, axis.imag))
    return np.array(rows)


def name_sites(
    events: Sequence[Event],
    pictures: Sequence[int],
    mm_per_px: Sequence[tuple[float, float]],
) -> tuple[Event, ...]:
    """Write into every twitch and train the site that it is of.

    The busiest site is ``S1``; of two as busy, the one that fired first. A place that
    fired once has no name, unless it fired a train.

    Parameters
    ----------
    events
        Events in order of onset.
    pictures
        Number of the picture that each lies in, from 0.
    mm_per_px
        ``(dy, dx)`` of each picture.
    """
    recurring = sorted(_recurring(events, pictures, mm_per_px), key=lambda site: (-len(site), site))
    names = {
        position: f"S{number}" for number, site in enumerate(recurring, 1) for position in site
    }
    return tuple(
        event.model_copy(update={"site": names.get(position)})
        for position, event in enumerate(events)
    )


def _recurring(
    events: Sequence[Event], pictures: Sequence[int], mm_per_px: Sequence[tuple[float, float]]
) -> Iterator[list[int]]:
    """Positions of the events of each site, in order of onset."""
    for picture, scale in enumerate(mm_per_px):
        own = [
            position
            for position, event in enumerate(events)
            if pictures[position] == picture and event.kind in OF_SITES
        ]
        groups = same_site([events[position] for position in own], scale)
        members: defaultdict[int, list[int]] = defaultdict(list)
        for position, group in zip(own, groups.tolist(), strict=True):
            members[group].append(position)
        for site in members.values():
            if len(site) > 1 or events[site[0]].kind is Kind.TRAIN:
                yield site


def gather_sites(events: Sequence[Event], assessable: Sequence[AssessableSpan]) -> tuple[Site, ...]:
    """Every site, the busiest first, with its place, its movement and its rhythm.

    Parameters
    ----------
    events
        Events that know their region and their site.
    assessable
        Spans of all regions.
    """
    members: defaultdict[str, list[Event]] = defaultdict(list)
    for event in events:
        if event.site is not None:
            members[event.site].append(event)
    ordered = sorted(members, key=lambda name: int(name[1:]))
    movements = Movements(events)
    return tuple(_site(name, members[name], assessable, movements) for name in ordered)


def _site(
    name: str,
    fired: Sequence[Event],
    assessable: Sequence[AssessableSpan],
    movements: Movements,
) -> Site:
    region = Counter(event.region for event in fired).most_common(1)[0][0]
    spans = [span for span in assessable if span.region == (region or WHOLE_IMAGE)]
    # It fired all through a train: that is no interval between single twitches.
    spans += [
        AssessableSpan(region=region, start_s=e.onset_s, stop_s=e.offset_s, reason="train")
        for e in fired
        if e.kind is Kind.TRAIN
    ]
    single = [event.onset_s for event in fired if event.kind is Kind.FASCICULATION]
    x_mm, y_mm = _median("x_mm", fired), _median("y_mm", fired)
    spread_mm = None
    if x_mm is not None and y_mm is not None:
        away = [np.hypot((e.x_mm or 0) - x_mm, (e.y_mm or 0) - y_mm) for e in fired]
        spread_mm = round(float(np.median(away)), 2)
    return Site(
        site=name,
        region=region,
        events=tuple(event.event for event in fired),
        x_px=round(float(np.median([event.x_px for event in fired])), 2),
        y_px=round(float(np.median([event.y_px for event in fired])), 2),
        x_mm=x_mm,
        y_mm=y_mm,
        spread_mm=spread_mm,
        direction_deg=_direction_deg(fired),
        area_mm2=_median("area_mm2", fired),
        rhythm=rhythm(single, spans),
        course=mean_course(fired, movements),
    )


def _median(quantity: str, events: Sequence[Event]) -> float | None:
    """Median of what is known of a quantity."""
    known = [value for event in events if (value := getattr(event, quantity)) is not None]
    return round(float(np.median(known)), 3) if known else None


def _direction_deg(events: Sequence[Event]) -> float | None:
    """Mean direction; None where the events move more across it than along."""
    known = [event.direction_deg for event in events if event.direction_deg is not None]
    if not known:
        return None
    mean = np.exp(1j * np.deg2rad(known)).mean()
    return round(float(np.degrees(np.angle(mean))), 1) % 360 if abs(mean) > 0.5 else None


def wandering_share(events: Sequence[Event]) -> float | None:
    """Share of counted twitches whose place fired but once; None where there are none."""
    counted = [event for event in events if event.kind is Kind.FASCICULATION]
    if not counted:
        return None
    return sum(event.site is None for event in counted) / len(counted)
