"""Signs that a movement is something else than a twitch, each with its figures in words.

A sign is sure where it may take a movement that scores like a twitch out of the
count; else it only names one that does not. Limits lie in gaps that physiology or
physics leaves: a twitch is over in half a second and stays within one motor unit's
reach, the heart and tremor keep their rates, a probe carries all of the picture.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from usfasc.detect.circumstances import Circumstances, Vessel
from usfasc.detect.features import Features
from usfasc.detect.group import Movement
from usfasc.detect.recurrence import Rhythm
from usfasc.model import Kind

_JUMP: Final = 1.0
"""Natural log: a step 2.7 times the usual one, near the place and around it."""
_AT_ONCE: Final = 0.55
"""Of the surplus change, what came in one step; a twitch takes several frames (95 %: < 0.4)."""
_AS_MUCH: Final = 0.7
_CARRIED_MM: Final = 0.3
_SURE_CARRIED_MM: Final = 0.5
"""In 0.4 s; a slip or knock goes 0.8 mm and more, sway while a twitch is seen up to 0.3."""
_SWAYS_MM: Final = 0.12
_CARRIED_EVENLY: Final = 0.5
_CARRIED_STIFFLY: Final = 0.35
_SWINGS: Final = 4
_SWING_S: Final = 0.5
_SWING_SHARE: Final = 0.15
_BEATS: Final = 5
_SURE_BEATS: Final = 6
_SURE_SIZE: Final = 1 / 3
"""Of a movement that is a beat, what the others usually are at least; a twitch stands out."""
_UNSEEN_BEATS: Final = 8
"""So many in a row name a pulse without a vessel; a unit may fire evenly, so it stays counted."""
_VESSEL_MM: Final = 12.0
WIDE_MM2: Final = 400.0
"""20 mm by 20 mm: more than the reach of one motor unit."""
_EPISODE_SHARE: Final = 0.25
_EPISODE_S: Final = 0.5
_SWALLOW_SHARE: Final = 0.6
_SWALLOW_S: Final = 1.5
_RESTING: Final = 0.15
_BREATHES_MM: Final = 0.05
_STEADY: Final = 0.7
"""A chest breathes at one rate, a hand's unrest has many."""


@dataclass(frozen=True, slots=True)
class Sign:
    """Kind that a movement looks to be, why, and whether that is sure enough for a veto."""

    kind: Kind
    words: str
    sure: bool


def sign_of(item: Movement) -> Sign | None:
    """First sign of another kind than a twitch, the surest physics before the rest.

    Parameters
    ----------
    item
        A scored movement with its circumstances.
    """
    found = [sign for look in _LOOKS if (sign := look(item)) is not None]
    return next((sign for sign in found if sign.sure), found[0] if found else None)


def _jump(item: Movement) -> Sign | None:
    """A key frame, a gain step, a cut: the stored picture changes in one step, not by moving."""
    known: Features = item.features
    if known.jump < _JUMP or known.sudden < _AT_ONCE:
        return None
    alike = known.jump_around > max(_JUMP, known.jump - _AS_MUCH)
    if not (alike and known.sudden_around > _AT_ONCE):
        words = f"picture jumps in one frame: {100 * known.sudden:.0f} % of the change at once"
        return Sign(Kind.ARTEFACT, f"{words} (block update)", False)
    return Sign(
        Kind.ARTEFACT,
        f"picture jumps in one frame without moving: {100 * known.sudden_around:.0f} % of the "
        "change around comes at once (key frame, gain step or cut)",
        True,
    )


def _probe(item: Movement) -> Sign | None:
    """All of the picture goes the same way, and the tissue hardly moves in it."""
    carried = item.circumstances.carried
    if carried.mm < _CARRIED_MM or not carried_stiffly(item):
        return None
    words = f"whole picture moves {carried.mm:.1f} mm in 0.4 s"
    return Sign(Kind.PROBE_MOTION, words, _surely_carried(item))


def _surely_carried(item: Movement) -> bool:
    """Whether the picture goes far and evenly, and further than the movement itself."""
    carried = item.circumstances.carried
    far = carried.mm >= max(_SURE_CARRIED_MM, item.look.displacement_mm)
    return far and carried.even >= _CARRIED_EVENLY


def carried_stiffly(item: Movement) -> bool:
    """Whether the tissue hardly moves within a picture that goes as a whole."""
    return item.circumstances.carried.own <= _CARRIED_STIFFLY


def _tremor(item: Movement) -> Sign | None:
    swing = item.circumstances.swing
    if swing is None or swing.count < _SWINGS or swing.lasts_s < _SWING_S:
        return None
    if swing.share < _SWING_SHARE:
        return None
    words = (
        f"{swing.rate_hz:.1f} Hz for {swing.lasts_s:.1f} s, in step over "
        f"{100 * swing.share:.0f} % of the picture"
    )
    return Sign(Kind.TREMOR, words, swing.area_mm2 >= WIDE_MM2)


def _episode(item: Movement) -> Sign | None:
    """Much of the picture moves for longer than a twitch does."""
    whole: Circumstances = item.circumstances
    episode = whole.episode
    if episode.share < _EPISODE_SHARE or episode.lasts_s < _EPISODE_S:
        return None
    words = f"{100 * episode.share:.0f} % of the picture moves for {episode.lasts_s:.1f} s"
    gulp = episode.share >= _SWALLOW_SHARE and episode.lasts_s <= _SWALLOW_S
    if whole.sector and gulp and episode.resting <= _RESTING:
        return Sign(
            Kind.SWALLOWING,
            f"{words} and rests again, seen with a curved probe as a tongue is",
            True,
        )
    return Sign(Kind.CONTRACTION, words, True)


def _pulsation(item: Movement) -> Sign | None:
    """A row of like movements at the heart's rate; surely one beside a vessel, or a wide one."""
    beat, vessel = item.circumstances.beat, item.circumstances.vessel
    if beat is None or beat.count < _BEATS:
        return None
    near = vessel if vessel is not None and vessel.apart_mm <= _VESSEL_MM else None
    placed = near is not None or beat.area_mm2 >= WIDE_MM2
    if not placed:
        return _repeats(beat) if beat.count >= _UNSEEN_BEATS else None
    sure = beat.count >= _SURE_BEATS and beat.size >= _SURE_SIZE
    return Sign(Kind.PULSATION, _pulse_words(beat, near), sure)


def _repeats(beat: Rhythm) -> Sign:
    """No vessel and no wide field: an artery out of the plane, or a unit that fires evenly."""
    words = f"comes again at {60 * beat.rate_hz:.0f}/min, {beat.count} times in a row, here alone"
    return Sign(Kind.UNSURE, words, False)


def _pulse_words(beat: Rhythm, vessel: Vessel | None) -> str:
    rate = f"{60 * beat.rate_hz:.0f}/min, {beat.count} beats in a row"
    if vessel is None:
        return f"{rate}, in step over {beat.area_mm2 / 100:.0f} cm2, no vessel in sight"
    if vessel.apart_mm < 1:
        return f"{rate}, at the wall of a vessel"
    return f"{rate}, in step with the vessel {vessel.apart_mm:.0f} mm {vessel.way}"


def _sway(item: Movement) -> Sign | None:
    """The picture goes as a whole, too slowly to hide a twitch."""
    carried = item.circumstances.carried
    if carried.mm < _SWAYS_MM or carried.even < _CARRIED_EVENLY or not carried_stiffly(item):
        return None
    words = f"whole picture sways: {carried.mm:.2f} mm in 0.4 s"
    return Sign(Kind.PROBE_MOTION, words, False)


def _breathing(item: Movement) -> Sign | None:
    whole = item.circumstances
    breath = whole.breath
    if breath is None or breath.steady < _STEADY or whole.carried.mm < _BREATHES_MM:
        return None
    words = (
        f"{breath.rate_hz:.2f} Hz, depth-wide: most of the picture goes {breath.size_mm:.1f} mm "
        "to and fro"
    )
    return Sign(Kind.BREATHING, words, False)


_LOOKS: Final[tuple[Callable[[Movement], Sign | None], ...]] = (
    _jump,
    _tremor,
    _probe,
    _episode,
    _pulsation,
    _breathing,
    _sway,
)
