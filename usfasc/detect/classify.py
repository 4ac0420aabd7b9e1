"""A kind and a reason, in words with the figure behind them, for every movement."""

from __future__ import annotations

from typing import Final

from usfasc.detect.group import Movement
from usfasc.detect.loss import Loss
from usfasc.detect.signs import carried_stiffly, sign_of
from usfasc.model import Kind
from usfasc.params import Parameters

_KIND_OF_LOSS: Final = {
    Loss.PROBE: Kind.PROBE_MOTION,
    Loss.UNSTEADY: Kind.CONTRACTION,
    Loss.MOVED: Kind.CONTRACTION,
    Loss.ENDS: Kind.UNSURE,
    Loss.SHORT: Kind.UNSURE,
}
"""What a movement is taken for where nothing else tells; the rest are the picture's faults."""
_WEAK: Final = (
    ("over_step", 0.0, "it does not return like a twitch"),
    ("over_sinusoid", 0.3, "it swings like a steady oscillation"),
    ("explained", 0.2, "the picture changes without moving"),
    ("inside_over_around", 0.2, "its surroundings change as much"),
)
_LASTING: Final = 0.5


def classify(item: Movement, lost: Loss | None, parameters: Parameters) -> tuple[Kind, str]:
    """Kind of a movement and the reason for it.

    Parameters
    ----------
    item
        A scored movement with its circumstances.
    lost
        Why it could not be judged where and when it began; None where it could.
    parameters
        The threshold for counting.
    """
    sign = sign_of(item)
    counts = item.score >= parameters.count_score and lost is None
    if sign is not None and (sign.sure or not counts):
        return sign.kind, sign.words
    if lost is Loss.PROBE and not carried_stiffly(item):
        lost = Loss.MOVED
    if lost is not None:
        return _KIND_OF_LOSS.get(lost, Kind.ARTEFACT), f"not judged: {lost}{_extent(item, lost)}"
    if item.features.moving_near > _LASTING:
        share = 100 * item.features.moving_near
        return (
            Kind.CONTRACTION,
            f"{share:.0f} % of the tissue within 10 mm moves for longer than a twitch",
        )
    if counts:
        return Kind.FASCICULATION, _twitch_words(item)
    # Cut, not rounded: a score just below the threshold must not read like it.
    below = f"score {int(100 * item.score) / 100:.2f} below {parameters.count_score:.2f}"
    return Kind.UNSURE, f"{_weakest(item)}; {below}"


def _twitch_words(item: Movement) -> str:
    fit = item.look.fit
    return (
        f"out in {1000 * (fit.peak_s - fit.onset_s):.0f} ms and back; movement explains "
        f"{100 * max(item.look.explained, 0):.0f} % of the change; score {item.score:.2f}"
    )


def _extent(item: Movement, lost: Loss) -> str:
    """How much moved at that moment, where movement is the reason."""
    if lost is Loss.PROBE:
        return f"; whole picture moves {item.circumstances.carried.mm:.1f} mm in 0.4 s"
    if lost is Loss.MOVED:
        episode = item.circumstances.episode
        return f"; {100 * episode.share:.0f} % of the picture moves for {episode.lasts_s:.1f} s"
    return ""


def _weakest(item: Movement) -> str:
    for name, least, words in _WEAK:
        if getattr(item.features, name) < least:
            return words
    return "too faint to be sure"
