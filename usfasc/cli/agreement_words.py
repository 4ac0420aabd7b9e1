"""Agreement as the terminal shows it: what was compared, by which rule, and what is undefined."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from rich.table import Table

from usfasc.agreement import Agreement, BlandAltman, Disagreement, Estimate
from usfasc.agreement.windows import WINDOW_S
from usfasc.cli.readings import Compared, Read, Together
from usfasc.cli.show import plain
from usfasc.match import ONSET_TOLERANCE_S, PLACE_TOLERANCE_MM
from usfasc.report.sentences import kind_words, region_words
from usfasc.review import duration_words, spent_by_event

_MOST_LINES = 20
_Row = tuple[str, Estimate, str]

METHOD: Final = (
    f"Windows of {WINDOW_S} s and events are those of the whole image, in time that both judged."
    f" Two events are one where one lies within {PLACE_TOLERANCE_MM:.0f} mm of the other or inside"
    f" its box, and their onsets lie within {1000 * ONSET_TOLERANCE_S:.0f} ms or they share half of"
    " the longer one's duration. Intervals take windows and events for independent; those of one"
    " clip are not quite, so they are somewhat too narrow."
)


def comparison(compared: Compared) -> Iterator[Table | str]:
    """Figures and disagreements of two readers; one line where there is nothing to compare."""
    who = f"{compared.first} and {compared.second}"
    if compared.agreement.clips:
        yield _figures(compared)
        if any(each.regions > 1 for each in compared.agreement.muscles):
            yield _muscles(compared.agreement)
        yield from _disagreement_lines(compared)
    else:
        yield f"{who}: no clip that both read{' to the end' if compared.unfinished else ''}."
    if compared.unfinished:
        yield f"Left out, since not finished: {plain(', '.join(compared.unfinished))}."


def together_line(together: Together) -> str:
    """How far the counts of all readers agree."""
    icc, units = together.icc, _number_of(len(together.units), "region")
    base = f"over {units} of {_number_of(together.clips, 'clip')} that all read to the end"
    if icc.value is None:
        return f"All {len(together.readers)} readers: no ICC(2,1), {_no_icc(len(together.units))}."
    return (
        f"All {len(together.readers)} readers: ICC(2,1) {_number(icc.value)}"
        f" (95 % CI {_interval(icc)}) of counts, {base}."
    )


def _figures(compared: Compared) -> Table:
    """Every figure with its interval, and what it rests on."""
    clips = _number_of(compared.agreement.clips, "clip")
    title = f"{compared.first} and {compared.second}: {clips}"
    table = _table("Figure", ("Value", "95 % CI"), title)
    table.add_column("Of what", overflow="fold")
    for name, estimate, words in _rows(compared.agreement, compared.first, compared.second):
        table.add_row(name, _number(estimate.value), _interval(estimate), words)
    return table


def _muscles(agreement: Agreement) -> Table:
    """Agreement of counts, muscle by muscle."""
    table = _table("Muscle", ("Regions", "ICC(2,1)", "95 % CI", "Bias", "Limits"))
    for each in agreement.muscles:
        limits = each.bland_altman
        table.add_row(
            plain(each.muscle),
            str(each.regions),
            _number(each.icc.value),
            _interval(each.icc),
            _number(limits.bias.value),
            _interval(Estimate(low=limits.lower.value, high=limits.upper.value)),
        )
    return table


def _table(first: str, figures: Sequence[str], title: str | None = None) -> Table:
    """A table of names and figures."""
    table = Table(
        title=title,
        title_justify="left",
        title_style="bold",
        box=None,
        pad_edge=False,
        padding=(0, 3, 0, 0),
    )
    table.add_column(first, overflow="fold")
    for heading in figures:
        table.add_column(heading, justify="right", no_wrap=True)
    return table


def _rows(agreement: Agreement, first: str, second: str) -> Iterator[_Row]:
    yield from _window_rows(agreement, first, second)
    events = agreement.events
    alone = f"{events.first_only} {first} alone, {events.second_only} {second} alone"
    yield "F1, events", agreement.f1, f"{events.both} both, {alone}"
    yield "Precision", agreement.precision, _share_words(agreement.precision, second, first)
    yield "Recall", agreement.recall, _share_words(agreement.recall, first, second)
    yield from _count_rows(agreement, f"{first} less {second}, twitches a region")


def _window_rows(agreement: Agreement, first: str, second: str) -> Iterator[_Row]:
    windows = agreement.windows
    alone = f"{windows.first_only} {first} alone, {windows.second_only} {second} alone"
    told = f"{windows.total} of {WINDOW_S} s: {windows.both} both, {alone}"
    if agreement.kappa.value is None:
        why = "both say the same of all" if windows.total else "no time that both judged"
        told = f"undefined: {why} ({told})" if windows.total else f"undefined: {why}"
    yield "Cohen's kappa, windows", agreement.kappa, told
    positive, negative = agreement.positive, agreement.negative
    yes = "windows with a twitch" if positive.value is not None else "undefined: there is none"
    yield "Positive agreement", positive, yes
    no = "windows without" if negative.value is not None else "undefined: there is none"
    yield "Negative agreement", negative, no


def _share_words(estimate: Estimate, whose: str, other: str) -> str:
    if estimate.value is None:
        return f"undefined: {whose} counts none"
    return f"{whose}'s events that {other} counts too"


def _count_rows(agreement: Agreement, difference: str) -> Iterator[_Row]:
    units, limits = len(agreement.units), agreement.bland_altman
    counted = f"{_number_of(units, 'region')}, counted by both"
    told = counted if agreement.icc.value is not None else f"undefined: {_no_icc(units)}"
    yield "ICC(2,1), counts", agreement.icc, told
    yield "Bland-Altman bias", limits.bias, _limit_words(limits, difference)
    if limits.bias.value is not None:
        yield "Lower limit of agreement", limits.lower, "of 95 % of differences"
        yield "Upper limit of agreement", limits.upper, "of 95 % of differences"
        slope = "change of the difference a twitch of the mean"
        no_slope = "undefined: fewer than three regions, or one mean"
        told = no_slope if limits.slope.value is None else slope
        yield "Proportional bias", limits.slope, told


def _limit_words(limits: BlandAltman, difference: str) -> str:
    return "undefined: fewer than two regions" if limits.bias.value is None else difference


def _no_icc(units: int) -> str:
    return "fewer than two regions" if units < 2 else "all counts are the same"


def _disagreement_lines(compared: Compared) -> Iterator[str]:
    """Every event that one of two counts; the first of many."""
    rows = compared.agreement.disagreements
    names = {"first": compared.first, "second": compared.second}
    others = {"first": compared.second, "second": compared.first}
    yield f"Disagreements: {len(rows) or 'none'}"
    for row in rows[:_MOST_LINES]:
        region = region_words(row.region) if row.region else "outside every region"
        place = f"{plain(row.clip)}, {row.onset_s:.2f} s, {plain(region)}"
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
        undecided = f"{_number_of(waiting, 'movement')} undecided (not counted)"
        yield (
            f"{name}: {_number_of(len(known), 'clip')}, {', '.join(modes)},"
            f" {undecided if waiting else 'finished'}, review time {duration_words(seconds)}"
        )


def _number_of(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def _interval(estimate: Estimate) -> str:
    if estimate.low is None or estimate.high is None:
        return "-"
    return f"{estimate.low:.2f} to {estimate.high:.2f}"
