"""Agreement as the terminal shows it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.table import Table

from usfasc.agreement import Agreement, Estimate
from usfasc.cli.readings import Compared, Read
from usfasc.cli.show import plain
from usfasc.report.sentences import region_words
from usfasc.review import duration_words, spent_by_event

_MOST_LINES = 20
_Row = tuple[str, Estimate, str]


def figures_table(compared: Compared) -> Table:
    """Every figure with its interval, and what it rests on."""
    agreement, first, second = compared.agreement, compared.first, compared.second
    clips = f"{agreement.clips} clip{'' if agreement.clips == 1 else 's'}"
    table = Table(
        title=f"{first} and {second}: {clips}",
        title_justify="left",
        title_style="bold",
        box=None,
        pad_edge=False,
        padding=(0, 3, 0, 0),
    )
    table.add_column("Figure", no_wrap=True)
    for heading in ("Value", "95 % CI"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("Of what", overflow="fold")
    for name, estimate, words in _rows(agreement, first, second):
        table.add_row(name, _number(estimate.value), _interval(estimate), words)
    return table


def _rows(agreement: Agreement, first: str, second: str) -> Iterator[_Row]:
    windows, events, units = agreement.windows, agreement.events, len(agreement.units)
    told = (
        f"{windows.both} with a twitch for both, {windows.first_only} for {first} alone,"
        f" {windows.second_only} for {second} alone, {windows.neither} for neither"
    )
    yield "Cohen's kappa, windows of 0.2 s", agreement.kappa, told
    yield "Positive agreement", agreement.positive, "windows with a twitch"
    yield "Negative agreement", agreement.negative, "windows without"
    alone = f"{events.first_only} of {first} alone, {events.second_only} of {second} alone"
    yield "F1, events", agreement.f1, f"{events.both} of both, {alone}"
    yield "Precision", agreement.precision, f"{second}'s events that {first} counts too"
    yield "Recall", agreement.recall, f"{first}'s events that {second} counts too"
    yield "ICC(2,1), counts", agreement.icc, f"{units} region{'' if units == 1 else 's'} of clips"
    limits = agreement.bland_altman
    yield "Bland-Altman bias", limits.bias, f"{first} less {second}, twitches a region"
    yield "Lower limit of agreement", limits.lower, "95 % of differences lie above it"
    yield "Upper limit of agreement", limits.upper, "95 % of differences lie below it"


def disagreement_lines(compared: Compared) -> Iterator[str]:
    """Every event that one of two counts; the first of many."""
    rows = compared.agreement.disagreements
    names = {"first": compared.first, "second": compared.second}
    others = {"first": compared.second, "second": compared.first}
    yield f"Disagreements: {len(rows) or 'none'}"
    for row in rows[:_MOST_LINES]:
        called = "does not list it"
        if row.other_kind is not None:
            called = f"calls it {row.other_kind.value.replace('_', ' ')}"
        place = f"{plain(row.clip)}, {row.onset_s:.2f} s, {plain(region_words(row.region or '*'))}"
        yield f"  {place}: {names[row.counted_by]} counts it, {others[row.counted_by]} {called}"
    if len(rows) > _MOST_LINES:
        yield f"  and {len(rows) - _MOST_LINES} more (--json lists all)"


def reader_lines(read: Sequence[Read]) -> Iterator[str]:
    """How far each reader went, how, and how long it took."""
    for name in sorted({name for each in read for name in each.reviews}):
        notes = [each.counted[name].review for each in read if name in each.counted]
        known = [note for note in notes if note is not None]
        waiting = sum(note.undecided for note in known)
        modes = dict.fromkeys(mode for note in known for mode in note.modes)
        spent = [spent_by_event(each.reviews[name].acts) for each in read if name in each.reviews]
        seconds = sum(sum(of_clip.values()) for of_clip in spent)
        finished = f"{waiting} movements undecided" if waiting else "finished"
        yield (
            f"{name}: {len(known)} clip{'' if len(known) == 1 else 's'}, {', '.join(modes)},"
            f" {finished}, review time {duration_words(seconds)}"
        )


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def _interval(estimate: Estimate) -> str:
    if estimate.low is None or estimate.high is None:
        return "-"
    return f"{estimate.low:.2f} to {estimate.high:.2f}"
