"""What the listed movements were taken for, look-alike by look-alike."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from usfasc.benchmark.figures import Figure, Table
from usfasc.benchmark.judge import Judged
from usfasc.match import match_events
from usfasc.model import Event, Kind

_LOST_SHARE: Final = 0.005
_K = Kind
_RIGHT: Final[Mapping[str, frozenset[Kind]]] = {
    "pulsation": frozenset({_K.PULSATION}),
    "breathing": frozenset({_K.BREATHING}),
    "sliding below": frozenset({_K.BREATHING, _K.PULSATION}),
    "drift": frozenset({_K.PROBE_MOTION}),
    "sway": frozenset({_K.PROBE_MOTION}),
    "sweep": frozenset({_K.PROBE_MOTION}),
    "jerk": frozenset({_K.PROBE_MOTION}),
    "sliding": frozenset({_K.PROBE_MOTION, _K.CONTRACTION}),
    "contraction": frozenset({_K.CONTRACTION}),
    "tremor": frozenset({_K.TREMOR}),
    "swallowing": frozenset({_K.SWALLOWING}),
    "lift off": frozenset({_K.ARTEFACT, _K.PROBE_MOTION}),
    "gain steps": frozenset({_K.ARTEFACT}),
    "repeats": frozenset({_K.ARTEFACT}),
    "drops": frozenset({_K.ARTEFACT}),
    "clutter": frozenset({_K.ARTEFACT}),
    "key frames": frozenset({_K.ARTEFACT}),
    "block updates": frozenset({_K.ARTEFACT}),
}
"""Names that say what a look-alike is; ``unsure`` is never wrong, nor is it an answer."""


def kinds_table(cases: Sequence[Judged]) -> Table:
    """What each look-alike's listed movements were named, and what that cost in twitches.

    Parameters
    ----------
    cases
        Negatives, whose group ends in the look-alike's name, and any with a truth.

    Returns
    -------
    Table
        By look-alike the share of its named movements that bear a right name, and how
        often each name was given; last the share of the true twitches that, in time that
        was judged, were listed under another kind than fasciculation or unsure.
    """
    looks: dict[str, list[Judged]] = defaultdict(list)
    for case in cases:
        if case.section == "negatives":
            looks[case.group].append(case)
    rows = [_named(group, members) for group, members in looks.items()]
    with_truth = [case for case in cases if case.truth]
    if with_truth:
        rows.append(_lost(with_truth))
    return Table(title="kinds: what listed movements were named", figures=tuple(rows))


def _named(group: str, cases: Sequence[Judged]) -> Figure:
    right = _RIGHT.get(group.rpartition(": ")[2], frozenset())
    counts = Counter(event.kind for case in cases for event in case.events)
    named = sum(number for kind, number in counts.items() if kind is not Kind.UNSURE)
    good = sum(number for kind, number in counts.items() if kind in right)
    return Figure(
        name=f"{group}: named rightly",
        value=good / named if named else None,
        note=_words(counts) or "nothing listed",
    )


def _lost(cases: Sequence[Judged]) -> Figure:
    """Twitches in judged time that an event of yet another kind stands for."""
    lost = [event for case in cases for event in _taken_for_others(case)]
    true = sum(event.kind is Kind.FASCICULATION for case in cases for event in case.truth)
    return Figure(
        name="true twitches taken for another kind",
        value=len(lost) / true if true else None,
        at_most=_LOST_SHARE,
        note=f"{len(lost)} of {true}" + (f": {_words(Counter(e.kind for e in lost))}" * bool(lost)),
    )


def _taken_for_others(case: Judged) -> list[Event]:
    counted = match_events(case.truth, case.counted, spacing_mm=case.spacing_mm)
    missed = [event for event in counted.missed if event.kind is Kind.FASCICULATION]
    others = [e for e in case.events if e.kind not in (Kind.FASCICULATION, Kind.UNSURE)]
    matching = match_events(missed, others, spacing_mm=case.spacing_mm, kinds=set(Kind))
    judged = [span for span in case.spans if span.reason is None]
    return [
        found
        for _, found in matching.pairs
        if any(span.start_s <= found.onset_s < span.stop_s for span in judged)
    ]


def _words(counts: Mapping[Kind, int]) -> str:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{number} {kind.value.replace('_', ' ')}" for kind, number in ordered)
