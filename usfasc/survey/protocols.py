"""Published rules beside one subject's muscles, each by itself; what is planned and missing.

A protocol is compared only on the muscles that it examines. Where its source does not name
them, this survey's own figure stands beside its cut-off, and nothing is concluded from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from usfasc.model import Side, Status
from usfasc.regions.vocabulary import find_muscle
from usfasc.rules import (
    Comparison,
    MuscleFinding,
    Protocol,
    compare,
    load_protocols,
    load_rule,
)
from usfasc.rules.recording import more_words
from usfasc.rules.wording import below_s
from usfasc.survey.findings import ClipRecord, MuscleRecord, RuleRecord
from usfasc.survey.record import OK

Place = tuple[str, Side | None]
"""A muscle and its side."""
_WHY = "Cannot be evaluated, because"
_COUNTED = {"muscles_positive": "muscles with fasciculations", "total": "twitches in all"}


def planned_muscles(protocol: Protocol) -> tuple[Place, ...]:
    """Muscles and sides that a protocol examines; empty where its source does not name them."""
    return tuple(place for name in protocol.examines for place in _places(name))


def _places(name: str) -> tuple[Place, ...]:
    muscle = find_muscle(name)
    if muscle is not None and not muscle.paired:
        return ((name, Side.MIDLINE),)
    return ((name, Side.LEFT), (name, Side.RIGHT))


def set_beside(muscles: Sequence[MuscleRecord]) -> tuple[RuleRecord, ...]:
    """Every published protocol beside the muscles of one subject in one session."""
    return tuple(_beside(protocol, muscles) for protocol in load_protocols())


def _beside(protocol: Protocol, muscles: Sequence[MuscleRecord]) -> RuleRecord:
    found = list(examined(protocol, muscles))
    comparison = None
    if _is_comparable(protocol):
        comparison = compare(protocol, [_finding(muscle) for muscle in found])
    return RuleRecord(
        name=protocol.name,
        source=protocol.source,
        scope=protocol.scope,
        reported=protocol.reported,
        validated_on=protocol.validated_on,
        comparison=comparison,
        sentence=_sentence(protocol, comparison, muscles),
    )


def examined(protocol: Protocol, muscles: Iterable[MuscleRecord]) -> Iterator[MuscleRecord]:
    """Those of a subject's muscles that a protocol examines."""
    planned = set(planned_muscles(protocol))
    return (muscle for muscle in muscles if _place(muscle) in planned)


def _place(muscle: MuscleRecord | ClipRecord) -> Place:
    """A muscle's place; of one that there is but one of, whatever the side says."""
    known = find_muscle(muscle.muscle)
    midline = known is not None and not known.paired
    return muscle.muscle, Side.MIDLINE if midline else muscle.side


def _is_comparable(protocol: Protocol) -> bool:
    return protocol.at_least is not None and bool(protocol.examines)


def _finding(muscle: MuscleRecord) -> MuscleFinding:
    return MuscleFinding(muscle=muscle.muscle, status=muscle.status, count=muscle.count)


def _sentence(
    protocol: Protocol, comparison: Comparison | None, muscles: Sequence[MuscleRecord]
) -> str:
    if protocol.at_least is None:
        return "It has no cut-off to compare with."
    if comparison is not None:
        return _compared(protocol, comparison)
    if protocol.criterion == "ratio":
        return f"{_WHY} which muscles are hyperechoic is not known to usfasc."
    positive = [muscle for muscle in muscles if muscle.muscle and _is_positive(muscle)]
    named = sum(bool(muscle.muscle) for muscle in muscles)
    value = len(positive)
    if protocol.criterion == "total":
        value = sum(muscle.count for muscle in muscles if muscle.muscle)
    return (
        f"{_WHY} its source at hand does not name its {protocol.muscles} muscles. Here,"
        f" {_COUNTED[protocol.criterion]}: {value}, in {named} muscles; its cut-off:"
        f" {protocol.at_least:g} or more, in {protocol.muscles}."
    )


def _compared(protocol: Protocol, comparison: Comparison) -> str:
    told = f"{_COUNTED[protocol.criterion]}: {comparison.value:g} of its {protocol.muscles}"
    if protocol.criterion == "total":
        told = f"{_COUNTED['total']}: {comparison.value:g} in its {protocol.muscles} muscles"
    cut_off = f"its cut-off: {protocol.at_least:g} or more"
    unseen = f"{comparison.open_muscles} of its {protocol.muscles} muscles are missing or were"
    if comparison.reached is None:
        return f"{_WHY} {unseen} not observed long enough. So far, {told}; {cut_off}."
    words = "reached" if comparison.reached else "not reached"
    caution = f" {_capital(unseen)} not observed long enough." if comparison.open_muscles else ""
    return f"{_capital(told)}; {words} ({cut_off}).{caution}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _is_positive(muscle: MuscleRecord) -> bool:
    return muscle.status is Status.PRESENT


def missing_muscles(
    muscles: Sequence[MuscleRecord], clips: Sequence[ClipRecord], protocol: Protocol | None
) -> tuple[str, ...]:
    """What is missing of one subject's session: a sentence for each muscle.

    Parameters
    ----------
    muscles
        The muscles that were examined.
    clips
        All rows of the subject's session; muscles whose rows all failed were planned too.
    protocol
        The protocol that was planned, where one was.
    """
    examined_places = {_place(muscle) for muscle in muscles}
    sentences = list(_unreadable(clips, examined_places))
    planned = () if protocol is None else planned_muscles(protocol)
    failed = {_place(clip) for clip in clips if clip.outcome != OK}
    sentences += [
        f"{_words(place)}: not given (planned by {protocol.name})."
        for place in planned
        if protocol is not None and place not in examined_places | failed
    ]
    return (*sentences, *_too_short(muscles))


def _unreadable(clips: Iterable[ClipRecord], examined_places: set[Place]) -> Iterator[str]:
    rows: dict[Place, list[ClipRecord]] = {}
    for clip in clips:
        if clip.outcome != OK and clip.muscle and _place(clip) not in examined_places:
            rows.setdefault(_place(clip), []).append(clip)
    for place, failed in rows.items():
        numbers = ", ".join(str(clip.row) for clip in failed)
        codes = ", ".join(dict.fromkeys(clip.outcome for clip in failed))
        row = "row" if len(failed) == 1 else "rows"
        yield f"{_words(place)}: no clip could be judged ({row} {numbers}: {codes})."


def _too_short(muscles: Iterable[MuscleRecord]) -> Iterator[str]:
    rule = load_rule()
    for muscle in muscles:
        if muscle.muscle and muscle.status is Status.SHORT:
            seconds = below_s(muscle.assessable_s)
            more = more_words(muscle.assessable_s, rule)
            told = f"observed for {seconds} of {rule.window_s:.0f} s; {more}."
            yield f"{_words(_place(muscle))}: {told}"
        elif muscle.muscle and muscle.status is Status.NOT_ASSESSABLE:
            yield f"{_words(_place(muscle))}: not assessable."


def _words(place: Place) -> str:
    muscle, side = place
    return f"{muscle}, {side}" if side not in (None, Side.MIDLINE) else muscle
