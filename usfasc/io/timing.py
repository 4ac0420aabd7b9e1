"""When each frame was taken: by the file's tags, by the user, or unknown. Never guessed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from usfasc.errors import Code, InputError
from usfasc.io.header import Header
from usfasc.model import FRAME_RATE_RANGE_HZ, Floats

SLOWEST_HZ, FASTEST_HZ = map(float, FRAME_RATE_RANGE_HZ)
_AGREE: Final = 0.02
_TAG_OF_POINTER: Final = {0x00181063: "FrameTime", 0x00181065: "FrameTimeVector"}
_UNKNOWN: Final = "unknown: the file does not say when its frames were taken"


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeAxis:
    """Frame times, where they come from, and what was odd about them."""

    times_s: Floats | None
    origin: str
    warnings: tuple[str, ...] = ()


def given_axis(rate_hz: float, count: int, file_axis: TimeAxis) -> TimeAxis:
    """The time axis of a rate that the user gave; it beats the file's.

    Raises
    ------
    InputError
        The rate is outside 1 to 1000 Hz.
    """
    if not SLOWEST_HZ <= rate_hz <= FASTEST_HZ:
        raise InputError(
            Code.BAD_FRAME_RATE,
            f"The frame rate must lie between {SLOWEST_HZ:g} and {FASTEST_HZ:g} Hz.",
        )
    warnings = []
    if file_axis.times_s is not None and not _same(_mean_hz(file_axis.times_s), rate_hz):
        warnings.append(
            f"The frame rate given, {rate_hz:g} Hz, replaces the file's own "
            f"{_mean_hz(file_axis.times_s):.4g} Hz."
        )
    return TimeAxis(
        times_s=np.arange(count) / rate_hz,
        origin="given by the user (--frame-rate)",
        warnings=tuple(warnings),
    )


def dicom_axis(header: Header, count: int) -> TimeAxis:
    """The time axis of a DICOM file.

    The target of FrameIncrementPointer comes first, then FrameTime,
    FrameTimeVector and CineRate; RecommendedDisplayFrameRate, which may be a
    viewing rate, is named but not used.
    """
    candidates, warnings = _candidates(header, count)
    trimmed = _trimmed(header, count)
    if trimmed < count:
        warnings.append(
            f"The file marks {trimmed} of its {count} frames for viewing; all of them are used."
        )
    pointed = _TAG_OF_POINTER.get(int(header.number("FrameIncrementPointer") or 0), "")
    order = (pointed, "FrameTime", "FrameTimeVector", "CineRate")
    chosen = next((name for name in order if name in candidates), None)
    if chosen is None:
        return TimeAxis(times_s=None, origin=_untimed(header), warnings=tuple(warnings))
    times_s = candidates[chosen]
    others = _disagreeing(header, candidates, chosen)
    if others:
        warnings.append(
            f"The file's time tags disagree: {chosen} ({_mean_hz(times_s):.4g} Hz) was used, "
            f"against {', '.join(others)}."
        )
    return TimeAxis(times_s=times_s, origin=f"DICOM tag {chosen}", warnings=tuple(warnings))


def rates_differ(used_s: Floats, other_s: Floats) -> str | None:
    """What to say where a video stream and its header give rates over 2 % apart.

    Parameters
    ----------
    used_s, other_s
        ``(t,)`` times by the header, which are used, and by the stream.
    """
    used_hz, other_hz = _mean_hz(used_s), _mean_hz(other_s)
    if _same(used_hz, other_hz):
        return None
    return (
        f"The file's times disagree: those of the header ({used_hz:.4g} Hz) were used, "
        f"against the video's own ({other_hz:.4g} Hz)."
    )


def _candidates(header: Header, count: int) -> tuple[dict[str, Floats], list[str]]:
    """Every usable time base of the header, and why others are not."""
    found: dict[str, Floats] = {}
    warnings = []
    steps_s = {
        "FrameTime": (header.number("FrameTime") or 0.0) / 1e3,
        "CineRate": 1 / (header.number("CineRate") or math.inf),
    }
    for name, step_s in steps_s.items():
        if _plausible(step_s):
            found[name] = np.arange(count, dtype=np.float64) * step_s
        elif name in header.found:
            warnings.append(f"The tag {name} is empty or out of range and was not used.")
    vector_ms = np.array(header.numbers("FrameTimeVector"))
    if len(vector_ms) == count > 1 and np.all(vector_ms[1:] > 0):
        times_s = np.concatenate([[0.0], np.cumsum(vector_ms[1:])]) / 1e3
        if _plausible(float(times_s[-1]) / (count - 1)):
            found["FrameTimeVector"] = times_s
    if "FrameTimeVector" in header.found and "FrameTimeVector" not in found:
        warnings.append("The tag FrameTimeVector does not fit the frames and was not used.")
    return found, warnings


def _trimmed(header: Header, count: int) -> int:
    """Frames from StartTrim to StopTrim, both counted from 1; all where they make no sense."""
    start, stop = header.number("StartTrim") or 1, header.number("StopTrim") or count
    return int(stop - start) + 1 if 1 <= start <= stop <= count else count


def _disagreeing(header: Header, candidates: dict[str, Floats], chosen: str) -> list[str]:
    """The other time tags that differ by more than 2 %, with their rates."""
    count = len(candidates[chosen])
    steps_s = {name: 1 / _mean_hz(times_s) for name, times_s in candidates.items()}
    frame_ms = header.number("ActualFrameDuration") or 0.0
    total_s = header.number("EffectiveDuration") or 0.0
    step_s = steps_s[chosen]
    # The duration is that of all frames, or of those that are marked for viewing.
    spans_s = (total_s / count, total_s / _trimmed(header, count))
    others_s = steps_s | {
        "ActualFrameDuration": frame_ms / 1e3,
        "EffectiveDuration": min(spans_s, key=lambda span_s: abs(span_s - step_s)),
    }
    # Whole numbers of Hz, ms or s are rounded or cut, so they may differ by one of them.
    slack_s = {
        "CineRate": step_s * steps_s.get("CineRate", 0.0),
        "ActualFrameDuration": 1e-3,
        "EffectiveDuration": 1 / count,
    }
    return [
        f"{name} ({1 / other_s:.4g} Hz)"
        for name, other_s in others_s.items()
        if other_s > 0 and abs(other_s - step_s) > max(_AGREE * step_s, slack_s.get(name, 0.0))
    ]


def _untimed(header: Header) -> str:
    viewing_hz = header.number("RecommendedDisplayFrameRate")
    if viewing_hz is None or not _plausible(1 / (viewing_hz or math.inf)):
        return _UNKNOWN
    return (
        f"{_UNKNOWN}; it recommends to view them at {viewing_hz:g} Hz, "
        f"which may be given as --frame-rate {viewing_hz:g} if it is the true rate"
    )


def _plausible(step_s: float) -> bool:
    return 1 / FASTEST_HZ <= step_s <= 1 / SLOWEST_HZ


def _mean_hz(times_s: Floats) -> float:
    return (len(times_s) - 1) / float(times_s[-1])


def _same(one_hz: float, other_hz: float) -> bool:
    return abs(one_hz - other_hz) <= _AGREE * other_hz
