"""Agreement as the terminal shows it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.table import Table

from usfasc.agreement import Agreement, Disagreement, Estimate
from usfasc.cli.readings import Compared, Read
from usfasc.cli.show import plain
from usfasc.report.sentences import kind_words, region_words
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
        f"twitch: {windows.both} both, {windows.first_only} {first},"
        f" {windows.second_only} {second};"
        f" {windows.neither} none"
    )
    yield "Cohen's kappa, 0.2 s windows", agreement.kappa, told
    yield "Positive agreement", agreement.positive, "windows with a twitch"
    yield "Negative agreement", agreement.negative, "windows without"
    alone = f"{events.first_only} {first} alone, {events.second_only} {second} alone"
    yield "F1, events", agreement.f1, f"{events.both} both, {alone}"
    yield "Precision", agreement.precision, f"{second}'s events that {first} counts too"
    yield "Recall", agreement.recall, f"{first}'s events that {second} counts too"
    yield (
        "ICC(2,1), counts",
        agreement.icc,
        f"{units} region{'' if units == 1 else 's'}, counted by both",
    )
    limits = agreement.bland_altman
    yield "Bland-Altman bias", limits.bias, f"{first} less {second}, twitches a region"
    yield "Lower limit of agreement", limits.lower, "of 95 % of differences"
    yield "Upper limit of agreement", limits.upper, "of 95 % of differences"


def disagreement_lines(compared: Compared) -> Iterator[str]:
    """Every event that one of two counts; the first of many."""
    rows = compared.agreement.disagreements
    names = {"first": compared.first, "second": compared.second}
    others = {"first": compared.second, "second": compared.first}
    yield f"Disagreements: {len(rows) or 'none'}"
    for row in rows[:_MOST_LINES]:
        place = f"{plain(row.clip)}, {row.onset_s:.2f} s, {plain(region_words(row.region or '*'))}"
        other = others[row.counted_by]
        yield f"  {place}: {names[row.counted_by]} counts it; {other}: {_other_words(row)}"
    if len(rows) > _MOST_LINES:
        yield f"  and {len(rows) - _MOST_LINES} more (--json lists all)"


def _other_words(row: Disagreement) -> str:
    if row.other_kind is None:
        return "not listed"
    return plain(f"{kind_words(row.other_kind)} ({row.other_reason.rstrip('.')})")


def reader_lines(read: Sequence[Read]) -> Iterator[str]:
    """How far each reader went, how, and how long it took."""
    for name in sorted({name for each in read for name in each.reviews}):
        notes = [each.counted[name].review for each in read if name in each.counted]
        known = [note for note in notes if note is not None]
        waiting = sum(note.undecided for note in known)
        modes = dict.fromkeys(mode for note in known for mode in note.modes)
        spent = [spent_by_event(each.reviews[name].acts) for each in read if name in each.reviews]
        seconds = sum(sum(of_clip.values()) for of_clip in spent)
        finished = f"{waiting} movements undecided (not counted)" if waiting else "finished"
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
