"""Which twitches are found: recall by what they are, and by what shows them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from usfasc.benchmark.bootstrap import estimate, ratio, rows_of
from usfasc.benchmark.figures import Figure, Table, estimated, said_of
from usfasc.benchmark.tally import Tally, isolated
from usfasc.model import Event, Floats

Label = Callable[[Tally, Event], str | None]
"""Which row a true twitch belongs to; None where it is not known."""
Found = dict[str, Floats]
"""``(clips, 2)`` by label: found, true."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bands:
    """Half-open bands of a quantity: below the first edge, between edges, from the last on."""

    edges: tuple[float, ...]
    unit: str

    @property
    def labels(self) -> tuple[str, ...]:
        """Words for each band, in rising order."""
        inner = [f"{low:g}-{high:g}" for low, high in zip(self.edges, self.edges[1:], strict=False)]
        words = (f"< {self.edges[0]:g}", *inner, f">= {self.edges[-1]:g}")
        return tuple(f"{each} {self.unit}" for each in words)

    def label(self, value: float) -> str:
        """The band that a value lies in."""
        return self.labels[int(np.searchsorted(self.edges, value, side="right"))]


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakdown:
    """One way to sort true twitches."""

    heading: str
    label: Label
    labels: tuple[str, ...] = ()
    """In this order; where empty, as they come up in the alphabet."""


def found_by_label(tallies: Sequence[Tally], label: Label, *, alone: bool = False) -> Found:
    """Found and true twitches of each label, clip by clip.

    Parameters
    ----------
    tallies
        One a clip.
    label
        Sorts the twitches.
    alone
        Only those with no other within 0.5 s and 8 mm.
    """
    by_clip = [_labelled(each, label, alone) for each in tallies]
    names = sorted({name for counts in by_clip for name, _ in counts})
    return {
        name: rows_of(((c[name, True], c[name, True] + c[name, False]) for c in by_clip), 2)
        for name in names
    }


def share_found(sums: Floats) -> Floats:
    """Found, of true."""
    return ratio(sums[..., 0], sums[..., 1])


def found_words(rows: Floats) -> str:
    """How many of how many."""
    found, true = rows.sum(axis=0)
    return f"{found:.0f} of {true:.0f}"


def recall_table(
    title: str,
    tallies: Sequence[Tally],
    rng: np.random.Generator,
) -> Table:
    """Recall of isolated twitches, and of all, by each breakdown that sorts them at all."""
    figures = [figure for each in BREAKDOWNS for figure in _figures(each, tallies, rng)]
    return Table(title=title, figures=tuple(figures), layout="wide", drawn=True)


def by_fact(heading: str, key: str) -> Breakdown:
    """By what is known of the clip."""

    def label(each: Tally, _: Event) -> str | None:
        value = each.case.facts.get(key)
        return None if value is None else str(value)

    order = _ORDERS.get(key, ())
    return Breakdown(heading=heading, label=label, labels=order)


def by_band(heading: str, bands: Bands, value: Callable[[Tally, Event], float | None]) -> Breakdown:
    """By bands of a quantity of the twitch or of its clip."""

    def label(each: Tally, true: Event) -> str | None:
        known = value(each, true)
        return None if known is None else bands.label(known)

    return Breakdown(heading=heading, label=label, labels=bands.labels)


def by_fact_band(heading: str, bands: Bands, key: str) -> Breakdown:
    """By bands of a quantity that is known of the clip."""

    def value(each: Tally, _: Event) -> float | None:
        known = each.case.facts.get(key)
        return None if known is None else float(known)

    return by_band(heading, bands, value)


def _figures(
    each: Breakdown, tallies: Sequence[Tally], rng: np.random.Generator
) -> Iterator[Figure]:
    every = found_by_label(tallies, each.label)
    alone = found_by_label(tallies, each.label, alone=True)
    if len(every) < 2:
        return
    for name in each.labels or every:
        if name in every:
            columns = (("isolated", alone.get(name, np.empty((0, 2)))), ("all", every[name]))
            cells = [
                estimated(column, estimate(rows, share_found, rng), found_words(rows))
                for column, rows in columns
            ]
            yield from said_of(name, cells, under=each.heading)


def _labelled(each: Tally, label: Label, alone: bool) -> Counter[tuple[str, bool]]:
    """How many twitches of a clip have each label and were found, or were not."""
    found = {true.event for true, _ in each.pairs}
    chosen: Collection[Event] = isolated(each.truth, each.case.spacing_mm) if alone else each.truth
    labels = ((label(each, true), true.event in found) for true in chosen)
    return Counter((name, was_found) for name, was_found in labels if name is not None)


def _depth_mm(each: Tally, true: Event) -> float | None:
    """Below the upper edge of the picture that the twitch lies in."""
    for x0, y0, x1, y1 in each.case.boxes:
        if x0 <= true.x_px < x1 and y0 <= true.y_px < y1:
            return (true.y_px - y0) * each.case.spacing_mm[0]
    return None


def _company(each: Tally, true: Event) -> str:
    alone = {other.event for other in isolated(each.truth, each.case.spacing_mm)}
    return _ALONE if true.event in alone else _NOT_ALONE


_ALONE, _NOT_ALONE = "none", "some"
_ORDERS: Final = {"noise": ("low", "medium", "high")}
BREAKDOWNS: Final = (
    by_band(
        "peak displacement",
        Bands(edges=(0.05, 0.1, 0.2, 0.4), unit="mm"),
        lambda _, true: true.peak_displacement_mm,
    ),
    by_band("depth of the twitch", Bands(edges=(10, 20, 30), unit="mm"), _depth_mm),
    Breakdown(heading="others within 0.5 s, 8 mm", label=_company, labels=(_ALONE, _NOT_ALONE)),
    by_fact_band(
        "twitches a minute", Bands(edges=(5, 20, 35, 70), unit="/min"), "twitches_per_min"
    ),
    by_fact_band("frame rate", Bands(edges=(25, 35, 50), unit="Hz"), "frame_rate_hz"),
    by_fact("noise", "noise"),
    by_fact("view", "view"),
    by_fact("site or clip", "scene"),
    by_fact("geometry", "geometry"),
    by_fact("codec", "codec"),
    by_fact("displacement model", "model"),
)
